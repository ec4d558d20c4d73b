import { stripVTControlCharacters } from 'node:util'
import { createLogUpdate } from 'log-update'
import type { ProgressSink } from './progress-line.ts'

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
