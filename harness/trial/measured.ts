import type { LoadedScenario } from '../asked/requests.ts'
import type { Clock } from '../base/clock.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Workload } from '../contract/workload.ts'
import type { SetAffinity } from '../measure/affinity.ts'
import type { ForeignShare } from '../measure/processor-time.ts'
import type { RuntimeTime } from '../measure/runtime-time.ts'
import type { TrialMemory } from '../server/server-memory.ts'
import type { IdlePolicy } from '../shared-memory/idle-strategy.ts'
import type { OpenBlockFile } from '../work/block-file.ts'
import type { KeySpace } from '../workload/keys.ts'
import type { Trace } from '../workload/trace-layout.ts'
import type { Transport } from './client-process.ts'
import type { PlayedTrial, TrialTimes } from './player.ts'
import type { StageReading } from './stage-readings.ts'
import type { ThreadReading } from './thread-readings.ts'

/** What stays the same over all trials of a run. */
export interface TrialContext {
  readonly loaded: LoadedScenario
  readonly workload: Workload
  readonly keySpace: KeySpace
  /** Processors that the servers may use. */
  readonly cpus: readonly number[]
  /** Cores of a server, each with its processor; null for a virtual one. */
  readonly cores: readonly (number | null)[]
  readonly originNs: bigint
  readonly clock: Clock
  readonly burnIterationsPerMicro: number
  readonly transport: Transport
  /** Of a workload that has one: whoever made the context closes it after the last trial. */
  readonly blockFile: OpenBlockFile | null
  /** Null when threads cannot be pinned. */
  readonly setAffinity: SetAffinity | null
  readonly signal: AbortSignal
}

/**
 * What a trial is for. `figures`: for a report. `probe`: to see whether a load is sustained: its answers are checked, too, but nobody
 * looks at hiccups, halves or parts of its latencies. `rehearsal`: to have code compiled: besides, tables go on as they are
 * and are not checked at its end, and each request is stamped.
 */
export type TrialPurpose = 'figures' | 'probe' | 'rehearsal'

/** One trial: an arm, an offered load, and the traces it plays. */
export interface TrialRequest {
  readonly arm: Arm
  /** Requests per second; null for `max`. */
  readonly offeredPerSecond: number | null
  /** Most requests in flight per port. @default the arm's permits */
  readonly window?: number
  readonly warmUp: Trace
  /** Times the offered load at which the warm-up is played; @default 1 */
  readonly warmUpSpeed?: number
  readonly steady: Trace
  readonly times: TrialTimes
  /** Told when the steady state will begin, on the run's clock, before it does. */
  readonly onSteadyState?: (startNs: number) => void
  /** Whether the server is warm, so that what the runtime did in the steady state is a gate. @default false */
  readonly isWarm?: boolean
  /** What threads do without work. @default what the arm's do */
  readonly idle?: IdlePolicy
  /** @default 'figures' */
  readonly purpose?: TrialPurpose
  /** Whether each request is stamped, instead of one in 32: for so low a load that stamps are nothing beside it. @default false */
  readonly stampsEach?: boolean
}

/** What was measured, before it is summarised. */
export interface MeasuredTrial {
  readonly request: TrialRequest
  readonly memory: TrialMemory
  readonly startedAtNs: number
  readonly warmUpNs: number
  readonly played: PlayedTrial
  readonly steadyWindows: number
  /** Between the two readings of the counters. */
  readonly countedNs: number
  /** Mean gap between requests; 0 at `max`. */
  readonly nsPerGap: number
  /** What others took of the processors during the steady state; null without /proc. */
  readonly foreign: ForeignShare | null
  /** What the runtime took; null without /proc. */
  readonly runtime: RuntimeTime | null
  readonly clockErrorNs: number
  /** How often the process was stopped meanwhile. */
  readonly suspensions: number
  readonly hiccups: { readonly beforeNs: number; readonly afterNs: number }
  readonly threads: readonly ThreadReading[]
  /** Of what the counters count, too; null where stages have no queues. */
  readonly stages: readonly StageReading[] | null
  readonly tuned: Readonly<Record<string, number>>
}
