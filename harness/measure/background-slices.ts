import type { Clock } from '../base/clock.ts'
import { NS_PER_MS } from '../base/units.ts'
import type { ThreadCounters } from '../shared-memory/thread-counters.ts'
import { burnIterations } from './burn.ts'

/** Background work of one core: slices of CPU time at an even pace. */
export interface BackgroundPlan {
  /** Of the core's time, 0 … 0.9. */
  readonly share: number
  /** CPU time of a slice. */
  readonly sliceNs: number
  /** Whether requests go before it. */
  readonly priorities: boolean
}

/** Work that fell behind by more is done even while requests wait: nothing is put off for ever. */
const PATIENCE_NS = 100 * NS_PER_MS

/**
 * When the slices of one core are due, and the work itself: by an instant, share × time since the start ÷ slice of them. What
 * is not done stays due. The same code for a reactor and for a background thread.
 */
export class BackgroundSlices {
  readonly #clock: Clock
  readonly #counters: ThreadCounters
  readonly #gapNs: number
  readonly #iterations: number
  readonly #priorities: boolean
  #nextNs: number

  /** @param clock read once per `take`; a port will do, whose clock stands still during a turn. */
  constructor(
    plan: BackgroundPlan,
    startNs: number,
    iterationsPerNs: number,
    clock: Clock,
    counters: ThreadCounters,
  ) {
    this.#clock = clock
    this.#counters = counters
    this.#gapNs = plan.share === 0 ? Number.POSITIVE_INFINITY : plan.sliceNs / plan.share
    this.#iterations = Math.round(plan.sliceNs * iterationsPerNs)
    this.#priorities = plan.priorities
    this.#nextNs = startNs + this.#gapNs
  }

  /** When the next slice is due, or was. */
  get nextNs(): number {
    return this.#nextNs
  }

  /**
   * Does one slice if one is due; answers whether it did.
   * @param busy whether there is other work: with priorities that goes first, unless this one is 100 ms late.
   */
  take(busy: boolean): boolean {
    const lateNs = this.#clock.nowNs() - this.#nextNs
    if (lateNs < 0 || (busy && this.#priorities && lateNs < PATIENCE_NS)) return false
    this.#nextNs += this.#gapNs
    burnIterations(this.#iterations)
    this.#counters.didBackground()
    return true
  }
}
