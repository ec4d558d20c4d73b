import { planSharded, type ShardedDeployment } from '../architectures/sharded/launch.ts'
import {
  planStaged,
  type PoolThreadPlan,
  runsInline,
  type StagedDeployment,
  type StagePlan,
} from '../architectures/staged/launch.ts'
import type { SentError } from '../base/errors.ts'
import { NS_PER_US } from '../base/units.ts'
import type { Arm, ThreadPlan } from '../contract/architecture.ts'
import type { HandlerStage, Stage } from '../contract/stage.ts'
import type { Document, Workload } from '../contract/workload.ts'
import type { BackgroundPlan } from '../measure/background-slices.ts'
import type { HttpPortMemory } from '../ports/http/http-port.ts'
import type { ControlMemory } from '../ports/replay/control.ts'
import type { FrameLimits } from '../ports/replay/frame-codec.ts'
import type { ReplayPortMemory } from '../ports/replay/playback.ts'
import {
  batchFor,
  mayBeOffloaded,
  offloadsIn,
  sleepsIn,
  waitsAside,
} from '../scenario/declared-work.ts'
import type { IdlePolicy, IdleSettings } from '../shared-memory/idle-strategy.ts'
import type { PhaseMemory } from '../shared-memory/phase-layout.ts'
import type { RequestSlabMemory } from '../shared-memory/request-slab-layout.ts'
import type { WorkMemory } from '../work/thread-work.ts'
import type { LegPlan } from './request-splitter.ts'
import type { StallMemory } from './stall-detector.ts'

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
  /** Null where nobody looks for stalls. */
  readonly stalls: StallMemory | null
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
export interface FailedMessage extends SentError {
  readonly kind: 'failed'
}

/** What decides which threads a server has. */
interface ServerShape {
  readonly arm: Arm
  /** Cores of the server, each with its processor; null for a virtual one. */
  readonly cores: readonly (number | null)[]
  readonly stages: readonly Stage[]
  readonly workload: Workload
}

/** Every thread that a server starts, those that its controllers may call up later, too. */
export function planThreads(shape: ServerShape): (ThreadPlan | PoolThreadPlan)[] {
  const { arm, cores, stages, workload } = shape
  return arm.architecture === 'staged'
    ? planStaged(arm, cores.length, stagePlansOf(shape), backgroundOf(workload))
    : planSharded(arm, cores, offloadsIn(stages))
}

/**
 * What threads of the arm do without work. `auto` is what measured best: a thread spins where all that serve requests have a
 * processor of their own; where they are more, one that spins takes it from one that has work (`test/bench/defaults.ts`).
 */
export function idlePolicyOf(
  { options }: Arm,
  plans: readonly ThreadPlan[],
  processors: number,
): IdlePolicy {
  if (options['idle'] !== 'auto') return options['idle'] as IdlePolicy
  const serving = plans.filter(({ duty }) => duty === undefined)
  return serving.length <= processors ? 'spin-park' : 'park'
}

/**
 * What the staged server's pools must know of each stage. Where threads sleep each takes one request at a time; where they run the
 * next stages themselves, what these take bounds the batch as well, up to one that sleeps, to which nobody brings a batch along.
 * @param batch most requests of any batch. @default the arm's
 */
export function stagePlansOf(
  { arm, stages, workload }: Omit<ServerShape, 'cores'>,
  batch = Number(arm.options['batch']),
): StagePlan[] {
  const waits = stages.map((stage) => {
    const isHandler = 'run' in stage
    const setsTimers = isHandler && arm.options['waits'] === 'async' && waitsAside(stage)
    return {
      setsTimers,
      sleeps: isHandler && (setsTimers ? mayBeOffloaded(stage) : sleepsIn(stage)),
    }
  })
  return stages.map(({ name }, place) => {
    const { sleeps, setsTimers } = waits[place]!
    const next = waits.findIndex((stage, index) => index > place && stage.sleeps)
    const behind = !runsInline(arm) ? place + 1 : next === -1 ? stages.length : next
    const bound = sleeps ? 1 : batchFor(batch, stages.slice(place, behind), workload)
    return { name, sleeps, setsTimers, batch: bound }
  })
}

/** Background work of each core; null where there is none. */
export function backgroundOf({ background }: Workload): BackgroundPlan | null {
  if (background === undefined || background.share === 0) return null
  const { share, sliceMicros, priorities } = background
  return { share, sliceNs: sliceMicros * NS_PER_US, priorities }
}

/** Stages of the scenario's own that a thread may execute. */
export function stagesOf(
  plan: ThreadPlan | PoolThreadPlan,
  { architecture, inline }: { readonly architecture: string; readonly inline: boolean },
  stages: readonly Stage[],
): HandlerStage[] {
  const own = stages.filter((stage) => 'run' in stage)
  if ('stages' in plan) {
    // Whoever runs the next stage inline may run all that follow.
    const first = Math.min(...plan.stages)
    const mayRun = (stage: number): boolean =>
      plan.stages.includes(stage) || (inline && stage > first)
    return own.filter((stage) => mayRun(stages.indexOf(stage)))
  }
  if (plan.duty === 'off-load') return own.filter(mayBeOffloaded)
  return architecture === 'sharded' ? own : []
}

/** Threads of a server that touch the workload's memory; each has as much of its own. */
export function touchingThreads(shape: ServerShape): number {
  const { arm, stages } = shape
  const server = {
    architecture: arm.architecture,
    inline: arm.architecture === 'staged' && runsInline(arm),
  }
  const touches = (plan: ThreadPlan | PoolThreadPlan): boolean =>
    stagesOf(plan, server, stages).some(({ touch }) => touch !== undefined)
  return planThreads(shape).filter(touches).length
}
