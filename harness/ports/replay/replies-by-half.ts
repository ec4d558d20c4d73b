/**
 * How many replies came in each half of the steady state, to requests of any phase: its throughput. Those that came before
 * it, and in its drain, are in neither.
 */
export class RepliesByHalf {
  // Infinite before the steady state.
  #startNs = Number.POSITIVE_INFINITY
  #middleNs = Number.POSITIVE_INFINITY
  #endNs = Number.POSITIVE_INFINITY
  /** Before the steady state, in its halves, and after it. */
  readonly #counts = new Float64Array(4)

  get firstHalf(): number {
    return this.#counts[1]!
  }

  get secondHalf(): number {
    return this.#counts[2]!
  }

  /** The steady state is announced: from … to, on the port's clock; what was counted stays. */
  begin(startNs: number, endNs: number): void {
    this.#startNs = startNs
    this.#middleNs = (startNs + endNs) / 2
    this.#endNs = endNs
  }

  /** As before the first trial. */
  forget(): void {
    this.#startNs = Number.POSITIVE_INFINITY
    this.#middleNs = Number.POSITIVE_INFINITY
    this.#endNs = Number.POSITIVE_INFINITY
    this.#counts.fill(0)
  }

  // Measured path.
  /** Counts replies that were taken as sent at the instant in `cell[0]`. */
  add(count: number, cell: Float64Array): void {
    const atNs = cell[0]!
    // No branch whose other side would be executed in the steady state for the first time.
    const part =
      (atNs >= this.#startNs ? 1 : 0) +
      (atNs >= this.#middleNs ? 1 : 0) +
      (atNs > this.#endNs ? 1 : 0)
    this.#counts[part]! += count
  }
}
