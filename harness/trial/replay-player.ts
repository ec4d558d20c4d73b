import type { Clock } from '../base/clock.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import { type RecorderMemory, TOTAL, totalOf } from '../measure/recorder-layout.ts'
import { isSteady, STEADY_WINDOWS, summarizeWindows } from '../measure/window-series.ts'
import { WRONG_ANSWERS } from '../ports/replay/answer-check.ts'
import {
  type Control,
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WARM_UP,
} from '../ports/replay/control.ts'
import type { ReplayPorts } from '../server/replay-ports.ts'
import { type PlayedTrial, type Player, type PlayerParts, LEAD_NS } from './player.ts'

const WINDOW_MS = 100
const DRAIN_LOOK_MS = 5
/** Requests in flight whose count does not fall for this long beyond the longest service are lost. */
const LOST_AFTER_NS = 2 * NS_PER_SECOND

/** What the player needs of its trial. */
export interface ReplayParts extends PlayerParts {
  readonly ports: ReplayPorts
  readonly control: Control
  readonly clock: Clock
  /** Mean gap between requests; 0 at `max`. */
  readonly nsPerGap: number
  /** The longest time that a request's stages declare, all together. */
  readonly longestServiceNs: number
}

/** The ports play the trace themselves, told by the control block in shared memory. */
export class ReplayPlayer implements Player {
  readonly leadNs = LEAD_NS
  readonly signal: AbortSignal
  readonly #parts: ReplayParts

  constructor(parts: ReplayParts) {
    this.#parts = parts
    this.signal = parts.signal
  }

  async warmUp(everyWindow: () => void): Promise<number> {
    const { control, threads, clock, signal, times, nsPerGap, warmUpSpeed, ports } = this.#parts
    control.setLoad(nsPerGap / warmUpSpeed)
    const beganNs = clock.nowNs() + LEAD_NS
    // A server that is warm has no part of it to which no heed is paid.
    if (times.rehearsalAfterNs > 0) {
      control.startPhase(PHASE_WARM_UP, beganNs)
      await threads.sleep((beganNs + times.rehearsalAfterNs - clock.nowNs()) / NS_PER_MS, signal)
    }
    const startNs = clock.nowNs() + LEAD_NS
    control.startPhase(PHASE_REHEARSAL, startNs)
    if (times.rehearsalAfterNs === 0 && !this.#parts.longWarmUp) {
      await threads.sleep((startNs + times.leastWarmUpNs - clock.nowNs()) / NS_PER_MS, signal)
      return times.leastWarmUpNs
    }
    for (let full = 1; ; full++) {
      await threads.sleep(
        Math.max(1, (startNs - clock.nowNs()) / NS_PER_MS + full * WINDOW_MS),
        signal,
      )
      everyWindow()
      const ns = clock.nowNs() - beganNs
      // The latest full window may still have requests in flight: leave it out.
      const first = full - 1 - STEADY_WINDOWS
      const steady =
        first >= 0 && isSteady(summarizeWindows(ports.rehearsalRecorders, first, STEADY_WINDOWS))
      const settled = steady && !this.#parts.longWarmUp
      if (ns >= times.longestWarmUpNs || (ns >= times.leastWarmUpNs && settled)) return ns
    }
  }

  beginSteadyState(startNs: number): void {
    const { control, times, nsPerGap } = this.#parts
    control.setLoad(nsPerGap, startNs + times.steadyNs, times.restNs)
    control.startPhase(PHASE_STEADY_STATE, startNs)
  }

  /**
   * A backlog that takes longer than its limit is given up: the ports close and only what is in flight is answered.
   * What nobody answers for 2 s beyond the longest service is lost.
   */
  async drain(): Promise<PlayedTrial> {
    const { control, threads, clock, signal, times, ports, longestServiceNs } = this.#parts
    const startNs = clock.nowNs()
    let fewest = Number.POSITIVE_INFINITY
    let fewestAtNs = startNs
    for (let closed = false; ;) {
      await threads.sleep(DRAIN_LOOK_MS, signal)
      const nowNs = clock.nowNs()
      const inFlight = totalOf(ports.recorders, 'inFlight')
      const finished = totalOf(ports.recorders, 'finished', Math.min) === 1
      if (finished && inFlight === 0) return this.#played(nowNs - startNs, 0)
      if (!closed && nowNs - startNs > times.longestDrainNs) {
        closed = true
        control.closePorts()
      }
      if (inFlight < fewest || !closed) {
        fewest = inFlight
        fewestAtNs = nowNs
      }
      // A port that does not even close stands still with what it holds.
      if (nowNs - fewestAtNs > LOST_AFTER_NS + longestServiceNs)
        return this.#played(nowNs - startNs, Math.max(1, inFlight))
    }
  }

  #played(drainNs: number, lost: number): PlayedTrial {
    const { ports } = this.#parts
    const { recorders } = ports
    return {
      recorders,
      answers: ports.answers(),
      wrong: firstWrong(recorders),
      lost,
      drainNs,
      clientCpuSeconds: 0,
      clientClockErrorNs: 0,
      client: null,
    }
  }

  async close(): Promise<void> {}
}

function firstWrong(recorders: readonly RecorderMemory[]): string | null {
  const port = recorders.findIndex(({ totals }) => totals[TOTAL.wrong]! > 0)
  const totals = recorders[port]?.totals
  if (totals === undefined) return null
  const what = WRONG_ANSWERS[totals[TOTAL.firstWrongKind]!]
  return `wrong answers: count=${totals[TOTAL.wrong]}, the first at port=${port} key=${totals[TOTAL.firstWrongKey]}: ${what}`
}
