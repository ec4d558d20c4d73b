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
