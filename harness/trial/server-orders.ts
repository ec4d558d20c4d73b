import type { TransportRequest } from '../asked/requests.ts'
import type { BlockFile } from '../contract/workload.ts'
import type { RequestLog } from '../workload/request-log.ts'
import type {
  Capacity,
  CapacityPlan,
  ServerOrder,
  TracedTrial,
  TrialOrder,
  WarmUp,
  WarmUpPlan,
} from './server-under-test.ts'

/** Everything that a server's process must know to start. */
export interface ServerStart {
  readonly order: ServerOrder
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
