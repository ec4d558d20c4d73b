import Table from 'cli-table3'
import { brokenWords, wrap } from './text.ts'

/** Characters of cli-table3 without any frame: the numbers are what there is to see. */
const FRAMELESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
} as const

/** A column of a frameless table of the terminal. */
interface PlainColumn {
  readonly heading: string
  /** Characters, the blank before it included. */
  readonly width: number
  /** @default 'right' */
  readonly align?: 'left' | 'right'
}

/**
 * Texts under headings, cells broken where they are too long; lines without blanks at their ends.
 * @param dress colours a line of a cell; the headings' row is -1. Each line by itself: a colour that crosses a line break would
 * run into the next column.
 */
export function plainTable(
  columns: readonly PlainColumn[],
  rows: readonly (readonly string[])[],
  dress: (line: string, row: number, column: number) => string = (line) => line,
): string {
  const table = new Table({
    colWidths: columns.map(({ width }) => width),
    colAligns: columns.map(({ align }) => align ?? 'right'),
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 0 },
    chars: FRAMELESS,
  })
  const cellsOf = (texts: readonly string[], row: number): string[] =>
    texts.map((text, column) => {
      const width = (columns[column]?.width ?? 1) - 1
      const lines = wrap(brokenWords(text, width), width, 0).split('\n')
      return lines.map((line) => dress(line, row, column)).join('\n')
    })
  table.push(
    cellsOf(
      columns.map(({ heading }) => heading),
      -1,
    ),
    ...rows.map(cellsOf),
  )
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
