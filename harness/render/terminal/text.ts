import { stripVTControlCharacters, styleText } from 'node:util'
import type { Report } from '../../results/schema.ts'

/** Colours text, or leaves it alone on a terminal without colours. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string

/** Of the first and the second arm in tables and charts, and of those beside them. */
export const ARM_STYLES = ['cyan', 'yellow', 'magenta', 'green'] as const

/** A report may come from elsewhere: nothing in it may move the cursor or recolour the reader's terminal. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
}

/** Breaks text for a block that starts in column `indent`: the caller puts `indent` characters before the first line. */
export function wrap(text: string, columns: number, indent: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of plain(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && longer.length > columns - indent) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}

/** A wrapped block, two columns in. */
export function indented(text: string, columns: number): string {
  return `  ${wrap(text, columns, 2)}`
}

/** A text whose words are broken where they are longer than a line; the first piece goes on behind what stands before it. */
export function brokenWords(text: string, columns: number): string {
  let before = 0
  const words = text.split(' ').map((word) => {
    if (word.length <= columns) {
      before = word.length + 1 + (before + word.length > columns ? 0 : before)
      return word
    }
    const room = before > columns >> 1 ? columns : columns - before
    before = 0
    return breakLabel(word, room).join(' ')
  })
  return words.join(' ')
}

/** Breaks a label without spaces, e.g. `staged:layout=fused,batch=8`, behind its signs where that is possible. */
export function breakLabel(label: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const piece of plain(label).match(/[^:,=]*[:,=]?/g) ?? []) {
    const longer = (lines.at(-1) ?? '') + piece
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer
    else
      for (let at = 0; at < piece.length; at += columns) lines.push(piece.slice(at, at + columns))
  }
  return lines
}

/** What the reader's terminal can do. */
export interface TerminalOptions {
  readonly color: boolean
  /** Width in characters; the text uses 72 … 100 of them. */
  readonly columns: number
}

const NARROWEST = 72
const WIDEST = 100

/** Characters that a line of text may have. */
export function textColumns({ columns }: TerminalOptions): number {
  return Math.min(WIDEST, Math.max(NARROWEST, columns))
}

/** Colours for a terminal that has them. */
export function paintFor({ color }: TerminalOptions): Paint {
  return (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
}

/** A doubt with its cure on a line of its own. */
export function warningText(
  { message, cure }: Report['warnings'][number],
  columns: number,
  paint: Paint,
): string {
  return `${paint('yellow', wrap(`warning: ${message}`, columns, 2))}\n${indented(`→ ${cure}`, columns)}`
}
