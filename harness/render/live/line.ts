import { type Paint, paintFor, plain } from '../terminal/text.ts'

/** Characters that the live view is drawn with; each takes one column. */
const UNICODE_MARKS = {
  /** Of the bar: done, and still to do. */
  done: '█',
  ahead: '░',
  /** Before the row that is being measured. */
  current: '▸',
  ellipsis: '…',
  /** Of a ruler: where nothing is, an interval, the value in it, a value without interval. */
  track: '·',
  band: '━',
  point: '●',
  openPoint: '○',
  /** The ruler's mark, alone and inside an interval. */
  mark: '│',
  crossedMark: '┿',
  /** An interval that goes on beyond the ruler's ends. */
  below: '◂',
  above: '▸',
}
type LiveMarks = Readonly<typeof UNICODE_MARKS>

const ASCII_MARKS: LiveMarks = {
  done: '#',
  ahead: '.',
  current: '>',
  ellipsis: '~',
  track: '.',
  band: '=',
  point: '*',
  openPoint: 'o',
  mark: '|',
  crossedMark: '+',
  below: '<',
  above: '>',
}

/** Signs of our texts that ASCII lacks. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['×', 'x'],
  ['÷', '/'],
  ['µ', 'u'],
  ['–', '-'],
  ['−', '-'],
  ['’', "'"],
  ['…', '~'],
  ['≤', '<='],
  ['≥', '>='],
])

/** Latin letters, punctuation, arrows, signs, boxes and blocks: all of them one column wide on every terminal. */
const NARROW =
  /[^\u0020-\u007e\u00a0-\u024f\u2010-\u2027\u2190-\u2193\u2212\u2264\u2265\u2500-\u25fc]/gu

/** What a terminal of this ability is drawn with. */
export function liveMarks(unicode: boolean): LiveMarks {
  return unicode ? UNICODE_MARKS : ASCII_MARKS
}

/** Text whose length is its width: what may be wider than a column, or is unknown to the terminal, becomes `?`. */
function narrowText(text: string, unicode: boolean): string {
  const narrow = text.replace(NARROW, '?')
  return unicode ? narrow : narrow.replace(/[^ -~]/g, (sign) => SPELLINGS.get(sign) ?? '?')
}

/** A logarithmic axis in characters; both ends > 0. */
export interface LiveAxis {
  readonly lowest: number
  readonly highest: number
  readonly columns: number
}

/** What is marked on a ruler: a value, and its interval where there is one. */
export interface LiveSpan {
  readonly value: number
  readonly interval: { readonly lower: number; readonly upper: number } | null
}

/** Fewer columns have no room for the texts of both ends and of the middle. */
const NARROWEST_RULER = 15
const WIDEST_RULER = 41

/** How far from 1 a ruler of ratios may reach on a side; what lies beyond the last one is marked as beyond. */
const REACHES = [1.25, 2, 5, 10, 20, 50, 100, 1_000]

/** Columns of a ruler that has so much room: an odd number, so that the middle of one with equal sides is a column; 0 when that is too little. */
export function rulerColumns(room: number): number {
  const columns = Math.min(WIDEST_RULER, room - ((room + 1) % 2))
  return columns < NARROWEST_RULER ? 0 : columns
}

/** The shorter side of an axis has so much of the longer one’s logarithm at least: room for its text beside that of 1. */
const SHORTER_SIDE = 0.55

/**
 * The narrowest axis that has 1 on it and room for all spans; open ends lie beyond any. A side on which nothing is ends at 1; where
 * nothing is at all both are as short as there are any.
 */
export function ratioAxis(spans: readonly LiveSpan[], columns: number): LiveAxis {
  const values = spans
    .flatMap(({ value, interval }) =>
      interval === null ? [value] : [value, interval.lower, interval.upper],
    )
    .filter((value) => !Number.isNaN(value))
  const isBelow = values.some((value) => value < 1)
  const isAbove = values.some((value) => value > 1)
  const isNowhere = !isBelow && !isAbove
  const finite = values.filter((value) => value > 0 && value < Infinity)
  const below = reachFor(Math.max(1, ...finite.map((value) => 1 / value)))
  const above = reachFor(Math.max(1, ...finite))
  const least = Math.max(isBelow ? below : 1, isAbove ? above : 1) ** SHORTER_SIDE
  const side = (is: boolean, reach: number) =>
    is || isNowhere ? Math.max(reach, reachFor(least)) : 1
  return { lowest: 1 / side(isBelow, below), highest: side(isAbove, above), columns }
}

/** The least of the reaches that is as long, else the longest. */
function reachFor(ratio: number): number {
  return REACHES.find((reach) => ratio <= reach) ?? REACHES.at(-1)!
}

/** A line of the axis: the interval as a band, the value as a point, and a mark, e.g. at 1; blank for what is no number. */
export function rulerLine(
  axis: LiveAxis,
  span: LiveSpan | null,
  mark: number | null,
  unicode: boolean,
): string {
  const marks = liveMarks(unicode)
  const cells = Array<string>(axis.columns).fill(marks.track)
  if (mark !== null) cells[columnOf(axis, mark)] = marks.mark
  if (span === null || Number.isNaN(span.value)) return cells.join('')
  const { value, interval } = span
  if (interval !== null) {
    const [low, high] = [columnOf(axis, interval.lower), columnOf(axis, interval.upper)]
    for (let column = low; column <= high; column++)
      cells[column] = cells[column] === marks.mark ? marks.crossedMark : marks.band
  }
  cells[columnOf(axis, value)] = interval === null ? marks.openPoint : marks.point
  const { lower, upper } = interval ?? { lower: value, upper: value }
  if (lower < axis.lowest) cells[0] = marks.below
  if (upper > axis.highest) cells[axis.columns - 1] = marks.above
  return cells.join('')
}

/** Texts of the axis' ends, and of a mark where there is one. */
export function rulerHeading(
  axis: LiveAxis,
  [lowest, highest]: readonly [string, string],
  mark: { readonly value: number; readonly text: string } | null,
): string {
  const cells = Array<string>(axis.columns).fill(' ')
  const place = (text: string, start: number): void => {
    for (let index = 0; index < text.length; index++) cells[start + index] = text.charAt(index)
  }
  // Its first digit stands above the mark. At an end the text there says it.
  if (mark !== null && mark.value > axis.lowest && mark.value < axis.highest)
    place(mark.text, columnOf(axis, mark.value))
  place(lowest, 0)
  place(highest, axis.columns - highest.length)
  return cells.join('').slice(0, axis.columns)
}

/** The column of a value, that of the nearer end for what lies beyond. */
function columnOf({ lowest, highest, columns }: LiveAxis, value: number): number {
  const share = Math.log(value / lowest) / Math.log(highest / lowest)
  return Math.round(Math.min(1, Math.max(0, share)) * (columns - 1))
}

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
