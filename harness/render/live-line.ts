import { liveMarks, narrowText } from './live-marks.ts'
import { paintFor } from './terminal-options.ts'
import type { Paint } from './terminal-table.ts'
import { plain } from './terminal-text.ts'

/** What the live view may use of the reader's terminal. */
export interface LiveOptions {
  /** Characters that a line may have. */
  readonly columns: number
  /** Lines that the whole view may have. */
  readonly rows: number
  readonly color: boolean
  /** False where the terminal knows ASCII only. */
  readonly unicode: boolean
}

/** A part of a line in one style. */
export interface LivePiece {
  readonly text: string
  readonly style?: Parameters<Paint>[0]
}

/** Pieces as a line that is never longer than the options' columns: what stands at its end is cut first. */
export function liveLine(pieces: readonly LivePiece[], options: LiveOptions): string {
  const paint = paintFor(options)
  const { ellipsis } = liveMarks(options.unicode)
  const texts = pieces.map(({ text }) => narrowText(plain(text), options.unicode))
  const isLonger = texts.join('').trimEnd().length > options.columns
  let left = isLonger ? options.columns - ellipsis.length : options.columns
  const parts = pieces.map(({ style }, index) => {
    const part = texts[index]!.slice(0, left)
    left -= part.length
    return style === undefined || part === '' ? part : paint(style, part)
  })
  return isLonger ? parts.join('') + ellipsis : parts.join('').trimEnd()
}

/** Text in a column: cut with an ellipsis, or filled up. @default aligned at its start */
export function liveCell(
  text: string,
  columns: number,
  unicode: boolean,
  align: 'left' | 'right' = 'left',
): string {
  const narrow = narrowText(plain(text), unicode)
  if (narrow.length > columns) {
    const { ellipsis } = liveMarks(unicode)
    return narrow.slice(0, columns - ellipsis.length) + ellipsis
  }
  return align === 'left' ? narrow.padEnd(columns) : narrow.padStart(columns)
}
