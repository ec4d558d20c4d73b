import { INSTANTS_PER_CYCLE, type PortTrace } from './trace-layout.ts'

/**
 * Where one port is in its cyclic trace, and when the next request is due. With `nsPerGap` 0 (an offered load of `max`)
 * every request is due as soon as it is asked for.
 */
export class Schedule {
  readonly requests: Int32Array
  readonly #services: Int32Array
  readonly #hasServices: boolean
  readonly #legs: Uint8Array
  readonly #hasLegs: boolean
  readonly #instants: Uint32Array
  #count: number
  #cycleGaps: number
  // Initialised with fractions, so that the fields hold doubles from the start.
  #cycleNs = 0.5
  #nsPerInstant = 0.5
  #cycleStartNs = 0.5
  #cycles = 0
  position = 0
  nextDueNs = Number.POSITIVE_INFINITY

  constructor(trace: PortTrace, cycleGaps: number) {
    this.requests = trace.requests
    this.#services = trace.services
    this.#hasServices = trace.services.length > 0
    this.#legs = trace.legs
    this.#hasLegs = trace.legs.length > 0
    this.#instants = trace.instants
    this.#count = trace.count
    this.#cycleGaps = cycleGaps
  }

  get count(): number {
    return this.#count
  }

  /** Another trace lies in the same arrays: before `start`. */
  resize(count: number, cycleGaps: number): void {
    this.#count = count
    this.#cycleGaps = cycleGaps
  }

  start(startNs: number, nsPerGap: number): void {
    this.#cycleNs = this.#cycleGaps * nsPerGap
    this.#nsPerInstant = this.#cycleNs / INSTANTS_PER_CYCLE
    this.#cycleStartNs = startNs
    this.#cycles = 0
    this.position = 0
    this.nextDueNs = this.#count === 0 ? Number.POSITIVE_INFINITY : this.#due()
  }

  /** Service time of the next request in nanoseconds, 0 when the trace has none. */
  serviceNs(): number {
    return this.#hasServices ? this.#services[this.position]! : 0
  }

  /** Keys of the next request, 0 when the trace says of none how many. */
  keyCount(): number {
    return this.#hasLegs ? this.#legs[this.position]! : 0
  }

  /** Goes to the next request. */
  advance(): void {
    if (++this.position === this.#count) {
      this.position = 0
      this.#cycles++
      this.#cycleStartNs += this.#cycleNs
    }
    this.nextDueNs = this.#cycleStartNs + this.#instants[this.position]! * this.#nsPerInstant
  }

  #due(): number {
    return this.#cycleStartNs + this.#instants[this.position]! * this.#nsPerInstant
  }

  /** Requests that were taken or refused so far, over all cycles. */
  played(): number {
    return this.#cycles * this.#count + this.position
  }

  /** Requests due at `nowNs` and not yet taken: the backlog. A binary search per cycle; for rare use. */
  dueCount(nowNs: number): number {
    const count = this.#count
    if (count === 0 || this.#cycleNs === 0 || nowNs < this.nextDueNs) return 0
    const cycleNs = this.#cycleNs
    const cycles = Math.floor((nowNs - this.#cycleStartNs) / cycleNs)
    const instant = (nowNs - this.#cycleStartNs - cycles * cycleNs) / this.#nsPerInstant
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
