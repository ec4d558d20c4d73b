import type { ObjectiveRequest } from '../asked/requests.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Latency, Trial } from '../results/schema.ts'
import type { IdlePolicy } from '../shared-memory/idle-strategy.ts'
import type { TraceShares } from './series.ts'

/** How long the parts of a trial on a server that is warm last. */
export interface TrialSeconds {
  /** How long the load is played before the steady state. */
  readonly settleSeconds: number
  readonly steadySeconds: number
  /** Until requests that wait in the backlog are given up. */
  readonly longestDrainSeconds: number
}

/** One trial as a round asks for it: a load, and the seed of the trace that all arms of the set play. */
export interface TrialOrder extends TrialSeconds {
  /** Requests per second; null for as many as a closed window lets through. */
  readonly offeredPerSecond: number | null
  readonly traceSeed: number
  /** What threads do without work in this trial. @default what the arm's do */
  readonly idle?: IdlePolicy
}

/** What a server is made for. */
export interface ServerOrder {
  readonly arm: Arm
  /** The longest steady state and the longest time before one that it will play. */
  readonly longestSteadySeconds: number
  readonly longestSettleSeconds: number
  /** Seed of the traces of warm-up and probes. */
  readonly seed: number
  /** Seeds of the traces of its trials, as far as they are known: drawn before anything is served, not right before a trial. */
  readonly traceSeeds: readonly number[]
  /** Kernel ids of processes of the same run whose work is not a stranger's. */
  readonly familyProcesses: readonly number[]
  /** Whether what the runtime does in a steady state is a gate; not where right answers are all that it is about. */
  readonly judgesRuntime: boolean
}

/** A trial, and of the trace that it played what the report tells. */
export interface TracedTrial extends TraceShares {
  readonly trial: Trial
  readonly traceHash: string
}

/** Loads at which a server is made warm, one after the other, until it is quiet or the time is up. */
export interface WarmUpPlan {
  /** Requests per second. */
  readonly loads: readonly number[]
  /** Where there are none: of what a closed window gets through. */
  readonly shares: readonly number[]
  readonly longestSeconds: number
  /** Shorter than that for a server of few threads: each of them compiles for itself. @default no shorter */
  readonly secondsByThreads?: { readonly least: number; readonly each: number }
}

/** How a warm-up went. */
export interface WarmUp {
  readonly seconds: number
  /** Compilers and collectors were, and medians stood still. */
  readonly quiet: boolean
  /** CPU time of helper threads since the server's start; null where it cannot be read. */
  readonly helperSeconds: number | null
}

/** The highest load known to be sustained, and the lowest one above it known not to be, requests per second. */
export interface Bracket {
  readonly kept: number
  /** Null when every load that was tried was sustained. */
  readonly failed: number | null
}

/** How the search of what a server sustains is to go. */
export interface CapacityPlan {
  /** Of an earlier round: the search starts from there. Null for a whole search. */
  readonly around: Bracket | null
  /** Whether a closed window is played, too; without an earlier bracket it is in any case. */
  readonly saturates: boolean
  /** Steady state of the trial that confirms the outcome of a whole search. */
  readonly confirmSeconds: number
  readonly traceSeed: number
  /** With keys and clients that are alike, whatever the workload's are. @default false */
  readonly evenly?: boolean
  /** Then a load is sustained when this is kept besides, and each probe is as long as a trial. @default none */
  readonly objective?: ObjectiveRequest
}

/** One load that a search tried within an objective. */
export interface TriedLoad {
  readonly perSecond: number
  /** The objective's percentile. */
  readonly latency: Latency
  readonly kept: boolean
  /** Names of the gates that the trial failed. */
  readonly failedGates: readonly string[]
}

/** What a server sustains, and what a closed window gets through it. */
export interface Capacity {
  /** Null when no load was sustained, or no probe had right answers. */
  readonly bracket: Bracket | null
  readonly saturatedPerSecond: number | null
  /** CPU time of its threads per request of the closed window, ns; null where it cannot be read. */
  readonly cpuPerRequestNs: number | null
  readonly probes: number
  readonly seconds: number
  /** Over its last probes compilers used next to nothing and no thread collected. */
  readonly quiet: boolean
  /** Gates that the closed window's trial failed, and probes whose answers were wrong: doubts about the figures. */
  readonly failedGates: readonly string[]
  readonly voids: readonly string[]
  /** Within an objective, in order; else empty. */
  readonly tried: readonly TriedLoad[]
}

/** What a server process and its children used, by the kernel's account; null where it cannot be read. */
export interface ServerUsage {
  readonly cpuSeconds: number | null
  readonly largestResidentBytes: number | null
}

/**
 * What rounds measure: something that can be started, made warm, offered loads, and stopped; nothing above it knows threads,
 * sockets or machines. Methods are called one at a time. While it is parked it uses no processor and none but `resume`,
 * `usage` and `stop` may be called. All throw CrossoverError of kind `run` when it dies, fails, or the run is interrupted.
 */
export interface ServerUnderTest {
  /** Label of its arm. */
  readonly arm: string
  start(): Promise<void>
  warmUp(plan: WarmUpPlan): Promise<WarmUp>
  sustains(plan: CapacityPlan): Promise<Capacity>
  /** May be called many times; each trial begins anew. Wrong answers void a trial, they do not throw. */
  play(order: TrialOrder): Promise<TracedTrial>
  park(): void
  resume(): void
  usage(): ServerUsage
  /** Ends it, whatever it does, and returns when nothing of it is left. */
  stop(): Promise<void>
}
