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

/** The one cell of the slices' `cell`: when the next slice is due, or was. */
export const NEXT_SLICE = 0

/** Work that fell behind by more is done even while requests wait: nothing is put off for ever. */
const PATIENCE_NS = 100 * NS_PER_MS

/**
 * When the slices of one core are due, and the work itself: by an instant, share × time since the start ÷ slice of them. What
 * is not done stays due. The same code for a reactor and for a background thread.
 */
export class BackgroundSlices {
  readonly #clock: Pick<Clock, 'cell' | 'read'>
  readonly #counters: ThreadCounters
  readonly #gapNs: number
  readonly #iterations: number
  readonly #priorities: boolean
  /** `NEXT_SLICE`. */
  readonly cell = new Float64Array(1)

  /** @param clock read once per `take`; a port will do, whose clock stands still during a turn. */
  constructor(
    plan: BackgroundPlan,
    startNs: number,
    iterationsPerNs: number,
    clock: Pick<Clock, 'cell' | 'read'>,
    counters: ThreadCounters,
  ) {
    this.#clock = clock
    this.#counters = counters
    this.#gapNs = plan.share === 0 ? Number.POSITIVE_INFINITY : plan.sliceNs / plan.share
    this.#iterations = Math.round(plan.sliceNs * iterationsPerNs)
    this.#priorities = plan.priorities
    this.cell[NEXT_SLICE] = startNs + this.#gapNs
  }

  /**
   * Does one slice if one is due; answers whether it did.
   * @param busy whether there is other work: with priorities that goes first, unless this one is 100 ms late.
   */
  take(busy: boolean): boolean {
    this.#clock.read()
    const lateNs = this.#clock.cell[0]! - this.cell[NEXT_SLICE]!
    if (lateNs < 0 || (busy && this.#priorities && lateNs < PATIENCE_NS)) return false
    this.cell[NEXT_SLICE]! += this.#gapNs
    burnIterations(this.#iterations)
    this.#counters.didBackground()
    return true
  }
}
