import type { TransportRequest } from '../asked/requests.ts'
import type { Arm } from '../contract/architecture.ts'
import type { BlockFile } from '../contract/workload.ts'
import type { RequestLog } from '../workload/request-log.ts'
import type {
  Capacity,
  CapacityPlan,
  TracedTrial,
  TrialOrder,
  WarmUp,
  WarmUpPlan,
} from './server-under-test.ts'

/** Everything that a server's process must know to start. */
export interface ServerStart {
  readonly arm: Arm
  readonly scenarioUrl: string
  readonly params: Readonly<Record<string, number | string>>
  readonly log: RequestLog | undefined
  readonly cpus: readonly number[]
  readonly virtualCores: number | null
  readonly transport: TransportRequest
  /** Of the run, so that all its processes have one clock and burn the same work. */
  readonly originNs: bigint
  readonly burnIterationsPerMicro: number
  /** The run's file, where the workload has one: the run's process keeps it open. */
  readonly blockFile: {
    readonly spec: BlockFile
    readonly path: string
    readonly direct: boolean
  } | null
  readonly longestSteadySeconds: number
  readonly longestSettleSeconds: number
  /** Of the traces of warm-up and probes, and of those of the round's trials. */
  readonly seed: number
  readonly traceSeeds: readonly number[]
  /** Kernel id of the run's process: what that does meanwhile is ours. */
  readonly runProcessId: number
  readonly judgesRuntime: boolean
}

/** What the run tells a server's process; each is answered by one reply. */
export type ServerProcessOrder =
  | { readonly kind: 'start'; readonly start: ServerStart }
  | { readonly kind: 'warm-up'; readonly plan: WarmUpPlan }
  | { readonly kind: 'sustain'; readonly plan: CapacityPlan }
  | { readonly kind: 'play'; readonly order: TrialOrder }

/** What it answers. */
export type ServerProcessReply =
  | { readonly kind: 'started' }
  | { readonly kind: 'warm'; readonly warmUp: WarmUp }
  | { readonly kind: 'capacity'; readonly capacity: Capacity }
  | { readonly kind: 'played'; readonly traced: TracedTrial }
  | {
      readonly kind: 'failed'
      readonly code: string
      readonly message: string
      readonly cure: string | undefined
      /** The user's mistake, or the run's failure. */
      readonly isUsage: boolean
    }
