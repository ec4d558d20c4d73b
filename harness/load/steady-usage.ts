import { MS_PER_SECOND, NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import { FINE_BUCKETS, fineBucket } from '../measure/buckets.ts'
import { keyOf, type PortTrace } from '../workload/trace-layout.ts'
import type { SendLateness } from './load-plan.ts'

const US_PER_SECOND = NS_PER_SECOND / (NS_PER_MS / MS_PER_SECOND)

/** What this process uses of its processor in the steady state. */
export class SteadyUsage {
  #startNs = Number.POSITIVE_INFINITY
  #endNs = Number.POSITIVE_INFINITY
  #atStart: NodeJS.CpuUsage | undefined
  #used: NodeJS.CpuUsage | undefined
  #busyNs = 0

  /** Announces the steady state. */
  begin(startNs: number, endNs: number): void {
    this.#startNs = startNs
    this.#endNs = endNs
  }

  /** Reads the process's times at the first call in the steady state and at the first one behind it; else costs nothing. */
  look(nowNs: number): void {
    if (nowNs < this.#startNs) return
    this.#atStart ??= process.cpuUsage()
    if (nowNs >= this.#endNs) this.#used ??= process.cpuUsage(this.#atStart)
  }

  /** When to look next. */
  nextLookNs(): number {
    if (this.#atStart === undefined) return this.#startNs
    return this.#used === undefined ? this.#endNs : Number.POSITIVE_INFINITY
  }

  /** Something was sent or received between these instants. */
  busy(fromNs: number, toNs: number): void {
    const from = Math.max(fromNs, this.#startNs)
    const to = Math.min(toNs, this.#endNs)
    if (to > from) this.#busyNs += to - from
  }

  /** CPU time of the steady state, user and system. */
  cpuSeconds(): number {
    const used = this.#used
    return used === undefined ? 0 : (used.user + used.system) / US_PER_SECOND
  }

  /** The busy part of it. */
  busySeconds(): number {
    return Math.min(this.#busyNs / NS_PER_SECOND, this.cpuSeconds())
  }
}

/** Counts how late requests were sent, over all ports. */
export class SendLatenessCounts implements SendLateness {
  readonly fine = new Int32Array(FINE_BUCKETS)
  maxNs = 0

  /** A request could have been sent at `readyNs` and was sent at `sentNs`. */
  count(readyNs: number, sentNs: number): void {
    const lateNs = Math.max(0, sentNs - readyNs)
    this.fine[fineBucket(lateNs)]!++
    if (lateNs > this.maxNs) this.maxNs = lateNs
  }
}

/** What went wrong in one trial, over all ports: the first of each kind is told, the others are counted. */
export class TrialFaults {
  /** The first wrong reply, as a sentence. */
  wrong: string | null = null
  /** Requests sent whose answers never came. */
  lost = 0
  connectionErrors = 0
  firstConnectionError: string | null = null

  /** A reply was wrong. @param what half a sentence. */
  wrongReply(port: number, trace: PortTrace, position: number, what: string): void {
    this.wrong ??= `port=${port} key=${keyOf(trace.requests[position]!)}: ${what}`
  }

  /** A connection broke or was closed under a request. */
  connectionError(message: string): void {
    this.connectionErrors++
    this.firstConnectionError ??= message
  }
}
