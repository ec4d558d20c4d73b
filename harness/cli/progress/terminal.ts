import { stripVTControlCharacters } from 'node:util'
import { createLogUpdate } from 'log-update'
import type { LiveOptions } from '../../render/live/line.ts'

/** Where progress goes: stderr, or a test's buffer. */
export interface ProgressSink {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  /** Whether colours are wanted and possible. @default they are not */
  hasColors?(): boolean
  write(text: string): unknown
}

const ERASE_LINE = '\r\u001B[2K'

/** On a terminal one line that is rewritten, above it what stays; in a file only what stays. */
export class ProgressLine {
  readonly #sink: ProgressSink

  constructor(sink: ProgressSink) {
    this.#sink = sink
  }

  /** Whether there is a line to rewrite. */
  get isRewritten(): boolean {
    return this.#sink.isTTY === true
  }

  /** Rewrites the line on a terminal, cut to its width: what is least important stands at the end. */
  draw(text: string): void {
    if (!this.isRewritten) return
    this.#sink.write(ERASE_LINE + text.slice(0, (this.#sink.columns ?? 80) - 1))
  }

  /** A line that stays. */
  keep(text: string): void {
    this.#sink.write(`${this.isRewritten ? ERASE_LINE : ''}${text}\n`)
  }

  /** Clears the line. Must be called before anything else is printed. */
  end(): void {
    if (this.isRewritten) this.#sink.write(ERASE_LINE)
  }
}

/**
 * Lines at the lower end of a terminal that are drawn anew in place; above them what stays. The cursor is hidden as long
 * as there are any, and shown again when the process ends, also by an error or a signal that can be caught.
 */
export class LiveDrawer {
  readonly #sink: ProgressSink
  readonly #update: ReturnType<typeof createLogUpdate>
  #lines: readonly string[] = []

  constructor(sink: ProgressSink) {
    this.#sink = sink
    // Of a stream it takes no more than a sink has.
    this.#update = createLogUpdate(sink as unknown as NodeJS.WritableStream)
  }

  /** Replaces the lines, none of which may be wider than the terminal is. */
  draw(lines: readonly string[]): void {
    this.#clearBroken()
    this.#update(lines.join('\n'))
    this.#lines = lines
  }

  /** A line that stays, above the others. */
  keep(text: string): void {
    const lines = this.#lines
    this.end()
    this.#sink.write(`${text}\n`)
    // A terminal that is narrower now would break them: the next ones fit.
    if (lines.length > 0 && this.#rowsOf(lines) === lines.length) this.draw(lines)
  }

  /** Clears the lines. Must be called before anything else is printed. */
  end(): void {
    if (this.#lines.length === 0) return
    this.#clearBroken()
    this.#update.clear()
    this.#update.done()
    this.#lines = []
  }

  /**
   * A terminal that was made narrower since breaks the lines: they take more rows now than the library drew, and it would
   * leave the upper ones behind.
   */
  #clearBroken(): void {
    const rows = this.#rowsOf(this.#lines)
    if (rows === this.#lines.length) return
    this.#sink.write(`\u001B[${rows}A\r\u001B[J`)
    this.#update.done()
    this.#lines = []
  }

  #rowsOf(lines: readonly string[]): number {
    const { columns = Number.POSITIVE_INFINITY } = this.#sink
    return lines.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)),
      0,
    )
  }
}

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
