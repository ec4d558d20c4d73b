import type { ShardedDeployment } from '../architectures/sharded/launch.ts'
import type { PoolThreadPlan, StagedDeployment } from '../architectures/staged/launch.ts'
import type { ThreadPlan } from '../contract/architecture.ts'
import type { Document } from '../contract/workload.ts'
import type { HttpPortMemory } from '../ports/http/http-port.ts'
import type { ControlMemory } from '../ports/replay/control.ts'
import type { FrameLimits } from '../ports/replay/frame-codec.ts'
import type { ReplayPortMemory } from '../ports/replay/replay-port-memory.ts'
import type { IdleSettings } from '../shared-memory/idle-strategy.ts'
import type { PhaseMemory } from '../shared-memory/phase-layout.ts'
import type { RequestSlabMemory } from '../shared-memory/request-slab-layout.ts'
import type { WorkMemory } from '../work/thread-work.ts'
import type { LegPlan } from './request-splitter.ts'

/** Everything that one thread of a server is given at its start; all memory in it is shared. */
export interface ThreadDeployment {
  readonly thread: number
  readonly plan: ThreadPlan | PoolThreadPlan
  readonly originNs: bigint
  readonly scenarioUrl: string
  readonly params: Readonly<Record<string, number | string>>
  readonly burnIterationsPerMicro: number
  /** Of the run's thread, which calibrated it. */
  readonly burnModule: WebAssembly.Module
  readonly limits: FrameLimits
  readonly document: Document | undefined
  /** How legs are found; undefined where requests have one key. */
  readonly legs: Omit<LegPlan, 'slab'> | undefined
  /** What stages touch, make and read besides. */
  readonly work: WorkMemory
  /** Whose format stages decode and encode. */
  readonly transport: 'replay' | 'http'
  readonly server: StagedDeployment | ShardedDeployment
  readonly slab: RequestSlabMemory
  readonly control: ControlMemory
  /** Of the port that this thread owns. */
  readonly port: ReplayPortMemory | HttpPortMemory | undefined
  readonly counters: SharedArrayBuffer
  /** Words of the count of awake threads, and the processors on which they may spin. */
  readonly awake: Int32Array<SharedArrayBuffer>
  readonly processors: number
  readonly idle: IdleSettings
  readonly stamps: PhaseMemory
}

/** What a server thread tells the trial once, before it begins to serve. */
export interface ReadyMessage {
  readonly kind: 'ready'
  /** The kernel's id of the thread, or null where there is no /proc. */
  readonly threadId: number | null
  /** Of the thread's own heap. */
  readonly heapBytes: number
  /** How far its clock is from the system's. */
  readonly clockErrorNs: number
}

/** What a server thread tells before it ends in an error. */
export interface FailedMessage {
  readonly kind: 'failed'
  readonly code: string
  readonly message: string
}
