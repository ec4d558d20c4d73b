import type { LiveOptions } from '../render/live-line.ts'
import type { ProgressSink } from './progress-line.ts'

/** Variables that say what a terminal can do. */
export type TerminalEnvironment = Readonly<Record<string, string | undefined>>

const FEWEST_COLUMNS = 60
const FEWEST_ROWS = 10

/** Whether lines can be rewritten: on a terminal that understands it, and not into the log of a continuous integration. */
export function canRewrite(sink: ProgressSink, environment: TerminalEnvironment): boolean {
  const isCi = (environment['CI'] ?? '') !== '' && environment['CI'] !== 'false'
  return sink.isTTY === true && environment['TERM'] !== 'dumb' && !isCi
}

/** What a block of lines may use of a terminal at this moment; null when it is too small for one. */
export function liveOptions(
  sink: ProgressSink,
  environment: TerminalEnvironment,
): LiveOptions | null {
  const { columns = 0, rows = 0 } = sink
  if (columns < FEWEST_COLUMNS || rows < FEWEST_ROWS) return null
  return {
    // Some terminals break the line behind their last column; the row below the block holds the cursor.
    columns: columns - 1,
    rows: rows - 2,
    color: sink.hasColors?.() ?? false,
    unicode: knowsUnicode(environment),
  }
}

/** By the locale, as POSIX ranks its variables; where none is set, as in many containers, terminals know UTF-8. */
function knowsUnicode(environment: TerminalEnvironment): boolean {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG']
    .map((name) => environment[name] ?? '')
    .find((value) => value !== '')
  return locale === undefined || /utf-?8/i.test(locale)
}
