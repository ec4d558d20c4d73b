import { setTimeout as sleepMs } from 'node:timers/promises'
import type { Clock } from '../base/clock.ts'
import { NS_PER_MS } from '../base/units.ts'
import { type RecorderMemory, WINDOW_NS } from '../measure/recorder-layout.ts'
import { isSteady, STEADY_WINDOWS, summarizeWindows } from '../measure/window-series.ts'
import type { LoadPlan } from './load-plan.ts'
import { type PortPlayer, REPLIED, SENT } from './port-player.ts'
import type { SteadyUsage } from './steady-usage.ts'

/** The loop sleeps only when nothing is due for longer. */
const LEAST_SLEEP_NS = 2 * NS_PER_MS
/** And until so long before the next due instant: timers have a grain of 1 ms, and late ones are later still. */
const WAKE_BEFORE_NS = 1.5 * NS_PER_MS

/**
 * Turns the players of all ports as often as the event loop goes round, so that requests are sent within microseconds and
 * replies are noticed at once. It keeps one processor busy, but for times when nothing is in flight and nothing is due.
 */
export class PacingLoop {
  readonly #players: readonly PortPlayer[]
  readonly #usage: SteadyUsage
  readonly #clock: Clock
  readonly #yieldProcessor: () => void
  #immediate: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined
  #isStopped = false
  #turnedNs = 0.5
  #hasSent = false

  /** @param yieldProcessor called when a turn found nothing to do, for a machine whose processors the server needs, too. */
  constructor(
    players: readonly PortPlayer[],
    usage: SteadyUsage,
    clock: Clock,
    yieldProcessor: () => void,
  ) {
    this.#players = players
    this.#usage = usage
    this.#clock = clock
    this.#yieldProcessor = yieldProcessor
  }

  /** Begins, or looks anew at what is due when. */
  wake(): void {
    if (this.#isStopped) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#immediate ??= setImmediate(this.#turn)
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
  }

  // Measured path.
  readonly #turn = (): void => {
    const nowNs = this.#clock.nowNs()
    this.#usage.look(nowNs)
    let done = 0
    for (const player of this.#players) done |= player.turn(nowNs)
    if (this.#hasSent || (done & REPLIED) !== 0) this.#usage.busy(this.#turnedNs, nowNs)
    this.#hasSent = (done & SENT) !== 0
    this.#turnedNs = nowNs
    if (done === 0) {
      this.#yieldProcessor()
      if (this.#sleep(nowNs)) return
    }
    this.#immediate = setImmediate(this.#turn)
  }

  /** Sleeps if there is time for it; never while a reply may come, which a sleeping loop would notice no later but slower. */
  #sleep(nowNs: number): boolean {
    let nextNs = this.#usage.nextLookNs()
    for (const player of this.#players) {
      if (player.inFlight !== 0) return false
      nextNs = Math.min(nextNs, player.nextDueNs())
    }
    if (nextNs - nowNs <= LEAST_SLEEP_NS) return false
    this.#immediate = undefined
    if (nextNs === Number.POSITIVE_INFINITY) return true
    const ms = Math.floor((nextNs - nowNs - WAKE_BEFORE_NS) / NS_PER_MS)
    this.#timer = setTimeout(() => this.wake(), ms)
    return true
  }
}

/** Sleeps until an instant of the clock, not less, but for one that has passed. @throws the signal's reason when it aborts. */
export async function sleepUntil(
  clock: Clock,
  untilNs: number,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  // Again, since timers count whole milliseconds and fire up to one too early.
  for (let leftNs = untilNs - clock.nowNs(); leftNs > 0; leftNs = untilNs - clock.nowNs()) {
    try {
      await sleepMs(Math.ceil(leftNs / NS_PER_MS), undefined, { signal })
    } catch (error) {
      throw signal.aborted ? signal.reason : error
    }
  }
}

/** Windows at a warm-up's beginning that say nothing: connections and compilers are cold. */
const COLD_WINDOWS = 2

/**
 * Waits until the latencies of a warm-up have stopped falling, or for as long as the plan allows. Tells how long it took.
 * @param recorders of all ports, whose windows begin at `beganNs`
 * @param look called after each window; what it throws ends the warm-up
 */
export async function warmUntilSteady(
  plan: LoadPlan,
  clock: Clock,
  recorders: readonly RecorderMemory[],
  beganNs: number,
  signal: AbortSignal,
  look: () => void = () => {},
): Promise<number> {
  for (let full = 1; ; full++) {
    await sleepUntil(clock, beganNs + full * WINDOW_NS, signal)
    look()
    const ns = clock.nowNs() - beganNs
    if (ns >= plan.longestWarmUpNs) return ns
    // The latest full window may still have requests in flight: leave it out.
    const first = full - 1 - STEADY_WINDOWS
    if (ns < plan.leastWarmUpNs || first < COLD_WINDOWS) continue
    if (isSteady(summarizeWindows(recorders, first, STEADY_WINDOWS))) return ns
  }
}
