/** Characters that the live view is drawn with; each takes one column. */
interface LiveMarks {
  /** Of the bar: done, and still to do. */
  readonly done: string
  readonly ahead: string
  /** Before the row that is being measured. */
  readonly current: string
  readonly ellipsis: string
  /** Of a ruler: where nothing is, an interval, the value in it, a value without interval. */
  readonly track: string
  readonly band: string
  readonly point: string
  readonly openPoint: string
  /** The ruler's mark, alone and inside an interval. */
  readonly mark: string
  readonly crossedMark: string
  /** An interval that goes on beyond the ruler's ends. */
  readonly below: string
  readonly above: string
}

const UNICODE_MARKS: LiveMarks = {
  done: '█',
  ahead: '░',
  current: '▸',
  ellipsis: '…',
  track: '·',
  band: '━',
  point: '●',
  openPoint: '○',
  mark: '│',
  crossedMark: '┿',
  below: '◂',
  above: '▸',
}

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
export function narrowText(text: string, unicode: boolean): string {
  const narrow = text.replace(NARROW, '?')
  return unicode ? narrow : narrow.replace(/[^ -~]/g, (sign) => SPELLINGS.get(sign) ?? '?')
}
