import { rankPercentile } from '../../stats/rank-percentile.ts'
import type { RoundFigure } from './figures.ts'

const MOST_SAMPLES = 1 << 15

/** What one turn of an exercise measured, in nanoseconds. Allocates once. */
export class Samples {
  readonly #valuesNs = new Float64Array(MOST_SAMPLES)
  #count = 0

  get isFull(): boolean {
    return this.#count === MOST_SAMPLES
  }

  add(ns: number): void {
    this.#valuesNs[this.#count++] = ns
  }

  clear(): void {
    this.#count = 0
  }

  /** At least one value must be there. About 5 ms for all that fit. */
  summary(): RoundFigure {
    const sorted = this.#valuesNs.slice(0, this.#count).toSorted()
    return { p50Ns: rankPercentile(sorted, 0.5), p99Ns: rankPercentile(sorted, 0.99) }
  }
}
