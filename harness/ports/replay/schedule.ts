import type { PortTrace } from '../../workload/trace-layout.ts'

/**
 * Where one port is in its cyclic trace, and when the next request is due. With `nsPerGap` 0 (an offered load of `max`)
 * every request is due as soon as it is asked for.
 */
export class Schedule {
  readonly trace: PortTrace
  readonly #instants: Float64Array
  readonly #cycleGaps: number
  #nsPerGap = 0
  #cycleStartNs = 0
  position = 0
  nextDueNs = Number.POSITIVE_INFINITY

  constructor(trace: PortTrace, cycleGaps: number) {
    this.trace = trace
    this.#instants = trace.instants
    this.#cycleGaps = cycleGaps
  }

  start(startNs: number, nsPerGap: number): void {
    this.#nsPerGap = nsPerGap
    this.#cycleStartNs = startNs
    this.position = 0
    this.nextDueNs = this.trace.count === 0 ? Number.POSITIVE_INFINITY : this.#due()
  }

  /** Goes to the next request. */
  advance(): void {
    if (++this.position === this.trace.count) {
      this.position = 0
      this.#cycleStartNs += this.#cycleGaps * this.#nsPerGap
    }
    this.nextDueNs = this.#due()
  }

  #due(): number {
    return this.#cycleStartNs + this.#instants[this.position]! * this.#nsPerGap
  }

  /** Requests due at `nowNs` and not yet taken: the backlog. A binary search per cycle; for rare use. */
  dueCount(nowNs: number): number {
    const count = this.trace.count
    if (count === 0 || this.#nsPerGap === 0 || nowNs < this.nextDueNs) return 0
    const cycleNs = this.#cycleGaps * this.#nsPerGap
    const cycles = Math.floor((nowNs - this.#cycleStartNs) / cycleNs)
    const instant = (nowNs - this.#cycleStartNs - cycles * cycleNs) / this.#nsPerGap
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#instants[middle]! <= instant) low = middle + 1
      else high = middle
    }
    return cycles * count + low - this.position
  }
}
