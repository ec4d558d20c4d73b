import type { RecorderMemory } from '../measure/recorder-layout.ts'
import type { TraceOrder } from '../workload/trace-layout.ts'

/** Where the server's ports listen, and how clients connect to them. */
export interface LoadTarget {
  /** An address, e.g. `127.0.0.1`. */
  readonly host: string
  /** By the server's port. */
  readonly tcpPorts: readonly number[]
  /** All ports together; each port gets its share, at least one. */
  readonly connections: number
  /** Requests in flight per connection. */
  readonly pipelining: number
}

/** What the client of one trial plays: plain data, sent to its process. */
export interface LoadPlan {
  /** The run's start on CLOCK_MONOTONIC: client and server share the run's clock. */
  readonly originNs: bigint
  readonly target: LoadTarget
  /** Traces are drawn anew from their orders; both have the target's number of ports. */
  readonly warmUp: TraceOrder
  readonly steady: TraceOrder
  /** Requests per second, all ports; null for a closed loop: every connection sends as soon as it is answered. */
  readonly offeredPerSecond: number | null
  /** Times the offered load at which the warm-up is played. */
  readonly warmUpSpeed: number
  readonly leastWarmUpNs: number
  readonly longestWarmUpNs: number
  readonly steadyNs: number
  /** How long nothing is due before the steady state begins. */
  readonly restNs: number
  /** Until requests that were due and not yet sent are given up. */
  readonly longestDrainNs: number
}

/** What one port's clients remember of their answers in one phase, by position in the trace. */
export interface LoadAnswers {
  /** Requests taken from the trace, over all its cycles. */
  readonly played: number
  /** The largest version that a reply carried. */
  readonly versions: Int32Array
  /** How often the request was refused (503) instead of executed. */
  readonly refusals: Int32Array
  /** How often it was sent and its answer not waited for: it may or may not have been executed. */
  readonly uncertain: Int32Array
  /**
   * How often it was answered with success. Only of a client that does not play its trace in order: `played` is 0 then, and
   * says nothing. Where it is absent every request that was played is in it, less the refused and the uncertain.
   */
  readonly answered?: Int32Array
}

/** Of a trace of so many requests, before any of them. */
export function noAnswers(count: number): LoadAnswers {
  const positions = () => new Int32Array(count)
  return { played: 0, versions: positions(), refusals: positions(), uncertain: positions() }
}

/** How errors name a target. */
export function targetText({ host, tcpPorts }: LoadTarget): string {
  return `host=${host} tcpPorts=${tcpPorts.join(',')}`
}

/** One port's share of a trial, as its clients saw it. */
export interface PortLoad {
  readonly warmUp: LoadAnswers
  readonly steady: LoadAnswers
  /** Of the steady state; with the totals that a replay port would have written. */
  readonly recorder: RecorderMemory
}

/** How late requests were sent: counts by `fineBucket` of nanoseconds. */
export interface SendLateness {
  /** From the intended start, or from when a connection became free if that was later, to the first byte's sending. */
  readonly fine: Int32Array
  readonly maxNs: number
}

/** What the client measured in one trial. */
export interface LoadResult {
  readonly ports: readonly PortLoad[]
  /** Hashes of the traces that were played, for comparison with the order's. */
  readonly warmUpHash: string
  readonly steadyHash: string
  /** Null in a closed loop, where nothing is due. */
  readonly lateness: SendLateness | null
  /** CPU time of the client's process over the steady state, and the part of it that was no pacing spin. */
  readonly cpuSeconds: number
  readonly busySeconds: number
  /** What was wrong with the first wrong reply of any phase, as a sentence; null when all were right. */
  readonly wrong: string | null
  /** Requests sent whose answer never came, although the server had time. */
  readonly lost: number
  /** Connections that broke or were closed under a request. */
  readonly connectionErrors: number
  /** Message of the first of them. */
  readonly firstConnectionError: string | null
  readonly drainNs: number
}

/** A client that plays one plan. Every method may be called once, in this order. */
export interface LoadClient {
  /** Plays the warm-up until latencies stop falling, or for as long as the plan allows; tells how long it took. */
  warmUp(): Promise<number>
  /** Plays the steady state from this instant of the run's clock on, and drains. Until then the warm-up goes on. */
  steadyState(startNs: number): Promise<LoadResult>
  /** Breaks everything off. */
  close(): Promise<void>
}

/** What the client's process is told: where to run, to connect and warm up, and when the steady state begins. */
export type ClientOrder =
  | {
      readonly kind: 'place'
      /** Processors of its main thread. The threads of compilers and collector are not bound to them. */
      readonly cpus: readonly number[]
    }
  | {
      readonly kind: 'play'
      readonly plan: LoadPlan
      /** It shares processors with the servers: without work it leaves them to these. */
      readonly polite: boolean
    }
  | { readonly kind: 'steady-state'; readonly startNs: number }

/** What it tells. */
export type ClientReply =
  | { readonly kind: 'warm'; readonly warmUpNs: number }
  | {
      readonly kind: 'measured'
      readonly result: LoadResult
      /** How far its clock is from the system's. */
      readonly clockErrorNs: number
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
