import type { Clock } from '../../base/clock.ts'
import type { Arm, Step, ThreadPlan } from '../../contract/architecture.ts'
import type { Port, PortThread } from '../../contract/port.ts'
import type { AwakeThreads } from '../../shared-memory/awake-threads.ts'
import { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import { Condition } from '../../shared-memory/condition.ts'
import { Doorbell } from '../../shared-memory/doorbell.ts'
import { HashTable } from '../../shared-memory/hash-table.ts'
import type { HashTableMemory } from '../../shared-memory/hash-table-layout.ts'
import type { IdleStrategy } from '../../shared-memory/idle-strategy.ts'
import { attachKeyedLock, type KeyedLockKind } from '../../shared-memory/keyed-lock.ts'
import type { PhaseStamps } from '../../shared-memory/phase-stamps.ts'
import type { RequestSlabMemory } from '../../shared-memory/request-slab-layout.ts'
import { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import { NetworkThread } from './network-thread.ts'
import { StageSettings } from './stage-settings.ts'
import { StageThread } from './stage-thread.ts'
import {
  createStagedMemory,
  doorbellAt,
  poolConditionAt,
  type StagedMemory,
} from './staged-memory.ts'

/** Threads per processor up to which the thread controller may go (Sandstorm's default maximum per stage is 20). */
const MAXIMUM_THREADS_PER_CPU = 8

/** What all threads of a staged server get. */
export interface StagedDeployment {
  readonly architecture: 'staged'
  readonly memory: StagedMemory
  readonly table: HashTableMemory
  readonly fused: boolean
  readonly inline: boolean
  /** Most requests that a network thread moves at once. */
  readonly batch: number
}

/** A pool thread: its pool's stages and its place in it. */
export interface PoolThreadPlan extends ThreadPlan {
  readonly stages: readonly number[]
  readonly place: number
}

/** Whether the controller may change the number of threads. */
export function controlsThreads(arm: Arm): boolean {
  return arm.options['controllers'] === 'threads' || arm.options['controllers'] === 'both'
}

/** Whether the controller may change the batch size. */
export function controlsBatch(arm: Arm): boolean {
  return arm.options['controllers'] === 'batch' || arm.options['controllers'] === 'both'
}

/** Threads per stage at the start, and as many as the controller may go to. */
export function threadsPerStage(arm: Arm, cpuCount: number): { initial: number; maximum: number } {
  const initial = Number(arm.options['threads']) || cpuCount
  if (!controlsThreads(arm)) return { initial, maximum: initial }
  const maximum = Number(arm.options['maximumThreads']) || MAXIMUM_THREADS_PER_CPU * cpuCount
  return { initial, maximum: Math.max(initial, maximum) }
}

/** A network thread per port; a pool per stage, or one pool for all. None is pinned. */
export function planStaged(
  arm: Arm,
  cpuCount: number,
  stageNames: readonly string[],
): (ThreadPlan | PoolThreadPlan)[] {
  const { maximum } = threadsPerStage(arm, cpuCount)
  const network = Array.from({ length: cpuCount }, (_, port) => ({ name: `network-${port}`, port }))
  const pool = (name: string, stages: readonly number[]) =>
    Array.from({ length: maximum }, (_, place) => ({ name: `${name}-${place}`, stages, place }))
  if (arm.options['layout'] === 'fused')
    return [...network, ...pool('shared', [...stageNames.keys()])]
  return [...network, ...stageNames.flatMap((name, stage) => pool(name, [stage]))]
}

/** @param sizes `stageBatches`: most requests that a thread takes from each stage's queue at once. @param locks given apart from the arm's options so that a test can break them. */
export function deployStaged(
  arm: Arm,
  sizes: { cpuCount: number; stageBatches: readonly number[]; slotCount: number },
  table: HashTableMemory,
  locks: KeyedLockKind,
): StagedDeployment {
  const { options } = arm
  const memory = createStagedMemory({
    portCount: sizes.cpuCount,
    stageCount: sizes.stageBatches.length,
    slotCount: sizes.slotCount,
    queueCapacity: Number(options['queueCapacity']),
    locks,
    stripes: Number(options['stripes']),
  })
  const settings = new StageSettings(memory)
  const { initial } = threadsPerStage(arm, sizes.cpuCount)
  for (const [stage, batch] of sizes.stageBatches.entries()) {
    settings.setActiveThreads(stage, initial)
    settings.setBatch(stage, batch)
  }
  const fused = options['layout'] === 'fused'
  const inline = options['inline'] === 'auto' ? fused : options['inline'] === 'on'
  return { architecture: 'staged', memory, table, fused, inline, batch: Number(options['batch']) }
}

/** What the worker brings for any thread of a staged server. */
export interface StagedContext {
  readonly slab: RequestSlabMemory
  readonly steps: readonly Step[]
  readonly clock: Clock
  readonly awake: AwakeThreads
  readonly counters: ThreadCounters
  readonly stamps: PhaseStamps
}

/** Builds a network thread, in its own thread, and the doorbell that its driver sleeps on. */
export function attachNetworkThread(
  deployment: StagedDeployment,
  context: StagedContext,
  index: number,
  port: Port,
): { thread: PortThread; doorbell: Doorbell } {
  const { memory } = deployment
  const { clock, awake, counters } = context
  const words = new Int32Array(memory.buffer)
  const pool = deployment.fused
    ? new Condition(words, poolConditionAt(memory), awake, counters)
    : undefined
  const thread = new NetworkThread({
    port,
    view: new RequestView(context.slab),
    firstQueue: new BoundedQueue(memory.queues[0]!, clock, awake, counters, pool),
    replies: new BoundedQueue(memory.replyQueues[index]!, clock, awake, counters),
    counters,
    batch: deployment.batch,
  })
  return { thread, doorbell: new Doorbell(words, doorbellAt(index), awake, counters) }
}

/** Builds a pool thread, in its own thread. */
export function attachStageThread(
  deployment: StagedDeployment,
  context: StagedContext,
  plan: PoolThreadPlan,
  idle: IdleStrategy,
  stopped: () => boolean,
): StageThread {
  const { memory } = deployment
  const { clock, awake, counters } = context
  const words = new Int32Array(memory.buffer)
  const pool = deployment.fused
    ? new Condition(words, poolConditionAt(memory), awake, counters)
    : undefined
  const queues = memory.queues.map((queue) => new BoundedQueue(queue, clock, awake, counters, pool))
  return new StageThread({
    stages: plan.stages,
    place: plan.place,
    steps: context.steps,
    queues,
    replyQueues: memory.replyQueues.map((queue) => new BoundedQueue(queue, clock, awake, counters)),
    doorbells: memory.replyQueues.map(
      (_, port) => new Doorbell(words, doorbellAt(port), awake, counters),
    ),
    settings: new StageSettings(memory),
    locks: attachKeyedLock(memory.locks, clock, counters.locks),
    records: new HashTable(deployment.table),
    view: new RequestView(context.slab),
    idle,
    awake: context.awake,
    notEmpty: pool ?? queues[plan.stages[0]!]!.notEmpty,
    inline: deployment.inline,
    counters,
    stamps: context.stamps,
    stopped,
  })
}
