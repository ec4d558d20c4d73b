import { Recorder } from '../measure/recorder.ts'
import {
  createRecorder,
  type RecorderMemory,
  TOTAL,
  windowsFor,
} from '../measure/recorder-layout.ts'
import type { PortTrace } from '../workload/trace-layout.ts'
import type { LoadAnswers, PortLoad } from './load-plan.ts'

/** What the probe's connections to one port remember: by position for the whole trial, latencies by phase. */
export class ProbeTrace {
  readonly trace: PortTrace
  readonly warmUpMemory: RecorderMemory
  readonly versions: Int32Array
  readonly refusals: Int32Array
  readonly uncertain: Int32Array
  readonly answered: Int32Array
  readonly #warmUpCount: number
  readonly #steadyMemory: RecorderMemory
  readonly #warmUp: Recorder
  readonly #steady: Recorder
  readonly #dueNs = new Float64Array(1)
  readonly #recorded = new Int32Array(1)
  readonly #replied = new Float64Array(1)
  #startNs = Number.POSITIVE_INFINITY
  #middleNs = Number.POSITIVE_INFINITY
  #endNs = Number.POSITIVE_INFINITY
  #received = 0
  #refused = 0
  #repliesSinceEnd = 0
  /** Replies before the steady state, in its halves, and after it. */
  readonly #repliesBy = new Float64Array(4)

  /** @param warmUpCount requests of the warm-up's trace, which is not played. */
  constructor(trace: PortTrace, warmUpCount: number, longestWarmUpNs: number, steadyNs: number) {
    const positions = () => new Int32Array(trace.count)
    this.trace = trace
    this.versions = positions()
    this.refusals = positions()
    this.uncertain = positions()
    this.answered = positions()
    this.#warmUpCount = warmUpCount
    this.warmUpMemory = createRecorder(windowsFor(longestWarmUpNs))
    this.#steadyMemory = createRecorder(windowsFor(steadyNs))
    this.#warmUp = new Recorder(this.warmUpMemory)
    this.#steady = new Recorder(this.#steadyMemory)
  }

  startWarmUp(startNs: number): void {
    this.#warmUp.begin(startNs)
  }

  announceSteady(startNs: number, endNs: number): void {
    this.#steady.begin(startNs)
    this.#startNs = startNs
    this.#middleNs = (startNs + endNs) / 2
    this.#endNs = endNs
  }

  /** Replies of any kind after the steady state. */
  repliesSinceEnd(): number {
    return this.#repliesSinceEnd
  }

  /** A reply came to a request that was sent `latencyNs` ago. */
  reply(nowNs: number, latencyNs: number, isRefusal: boolean): void {
    const sentNs = nowNs - latencyNs
    if (nowNs > this.#endNs) this.#repliesSinceEnd++
    const isSteady = sentNs >= this.#startNs && sentNs < this.#endNs
    if (isRefusal) {
      if (isSteady) this.#refused++
      return
    }
    const part =
      (nowNs >= this.#startNs ? 1 : 0) +
      (nowNs >= this.#middleNs ? 1 : 0) +
      (nowNs > this.#endNs ? 1 : 0)
    this.#repliesBy[part]!++
    if (sentNs >= this.#endNs) return
    this.#dueNs[0] = sentNs
    if (isSteady) this.#received++
    const recorder = isSteady ? this.#steady : this.#warmUp
    this.#replied[0] = nowNs
    recorder.record(this.#dueNs, this.#recorded, 0, 1, this.#replied)
  }

  finish(): PortLoad {
    const steady = this.#steady
    steady.totals[TOTAL.received] = this.#received
    steady.totals[TOTAL.refused] = this.#refused
    steady.totals[TOTAL.repliesFirstHalf] = this.#repliesBy[1]!
    steady.totals[TOTAL.repliesSecondHalf] = this.#repliesBy[2]!
    steady.totals[TOTAL.finished] = 1
    const { versions, refusals, uncertain, answered } = this
    return {
      warmUp: neverPlayed(this.#warmUpCount),
      steady: { played: 0, versions, refusals, uncertain, answered },
      recorder: this.#steadyMemory,
    }
  }
}

function neverPlayed(count: number): LoadAnswers {
  const positions = () => new Int32Array(count)
  return { played: 0, versions: positions(), refusals: positions(), uncertain: positions() }
}
