import { Recorder, RepliesByHalf } from '../measure/recorder.ts'
import {
  createRecorder,
  type RecorderMemory,
  TOTAL,
  windowsFor,
} from '../measure/recorder-layout.ts'
import type { PortTrace } from '../workload/trace-layout.ts'
import { type LoadAnswers, noAnswers, type PortLoad } from './load-plan.ts'

/** What the probe's connections to one port remember: by position for the whole trial, latencies by phase. */
export class ProbeTrace {
  readonly trace: PortTrace
  readonly warmUpMemory: RecorderMemory
  readonly remembered: LoadAnswers & { readonly answered: Int32Array }
  readonly #warmUpCount: number
  readonly #steadyMemory: RecorderMemory
  readonly #warmUp: Recorder
  readonly #steady: Recorder
  readonly #dueNs = new Float64Array(1)
  readonly #recorded = new Int32Array(1)
  readonly #replied = new Float64Array(1)
  #received = 0
  #refused = 0
  #repliesSinceEnd = 0
  readonly #replies = new RepliesByHalf()

  /** @param warmUpCount requests of the warm-up's trace, which is not played. */
  constructor(trace: PortTrace, warmUpCount: number, longestWarmUpNs: number, steadyNs: number) {
    this.trace = trace
    this.remembered = { ...noAnswers(trace.count), answered: new Int32Array(trace.count) }
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
    this.#replies.begin(startNs, endNs)
  }

  /** Replies of any kind after the steady state. */
  repliesSinceEnd(): number {
    return this.#repliesSinceEnd
  }

  /** A reply came to a request that was sent `latencyNs` ago. */
  reply(nowNs: number, latencyNs: number, isRefusal: boolean): void {
    const { startNs, endNs } = this.#replies
    const sentNs = nowNs - latencyNs
    if (nowNs > endNs) this.#repliesSinceEnd++
    const isSteady = sentNs >= startNs && sentNs < endNs
    if (isRefusal) {
      if (isSteady) this.#refused++
      return
    }
    this.#replied[0] = nowNs
    this.#replies.add(1, this.#replied)
    if (sentNs >= endNs) return
    this.#dueNs[0] = sentNs
    if (isSteady) this.#received++
    const recorder = isSteady ? this.#steady : this.#warmUp
    recorder.record(this.#dueNs, this.#recorded, 0, 1, this.#replied)
  }

  finish(): PortLoad {
    const steady = this.#steady
    steady.totals[TOTAL.received] = this.#received
    steady.totals[TOTAL.refused] = this.#refused
    this.#replies.writeTo(steady.totals)
    steady.totals[TOTAL.finished] = 1
    return {
      warmUp: noAnswers(this.#warmUpCount),
      steady: this.remembered,
      recorder: this.#steadyMemory,
    }
  }
}
