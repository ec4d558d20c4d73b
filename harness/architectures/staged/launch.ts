import { NS_PER_US } from '../../base/units.ts'
import type { Arm, ThreadPlan } from '../../contract/architecture.ts'
import { LARGEST_BATCH } from '../../contract/common-options.ts'
import type { Port, PortThread } from '../../contract/port.ts'
import { type BackgroundPlan, BackgroundSlices } from '../../measure/background-slices.ts'
import { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import { Condition } from '../../shared-memory/condition.ts'
import { Doorbell } from '../../shared-memory/doorbell.ts'
import { type HashTableMemory } from '../../shared-memory/hash-table-layout.ts'
import { HashTable } from '../../shared-memory/hash-table.ts'
import type { IdleStrategy } from '../../shared-memory/idle-strategy.ts'
import { attachRecordGuard, type KeyedLockKind } from '../../shared-memory/keyed-lock.ts'
import type { ThreadContext } from '../../shared-memory/phase-stamps.ts'
import { RequestView } from '../../shared-memory/request-view.ts'
import { SlotTimers } from '../../shared-memory/slot-timers.ts'
import { BackgroundThread, TimerThread } from './timer-thread.ts'
import { attachLate } from '../../shared-memory/late-slots.ts'
import { NetworkThread } from './network-thread.ts'
import {
  createStagedMemory,
  doorbellAt,
  poolConditionAt,
  roomAt,
  type StagedMemory,
  StageSettings,
} from './staged-memory.ts'
import { RoomBells } from './room-bells.ts'
import { StageThread, type StageTimers } from './stage-thread.ts'

/** Threads per processor up to which the thread controller may go (Sandstorm's default maximum per stage is 20). */
const MAXIMUM_THREADS_PER_CPU = 8

/** What all threads of a staged server get. */
export interface StagedDeployment {
  readonly architecture: 'staged'
  readonly memory: StagedMemory
  readonly table: HashTableMemory
  readonly fused: boolean
  /** Any thread of the pool serves a stage, as many at once as it has active threads, whatever their places are. */
  readonly anyPlace: boolean
  readonly inline: boolean
  /** A thread takes its share of a queue, whatever its length. */
  readonly shares: boolean
  /** Most requests that a network thread moves at once. */
  readonly batch: number
  /** Of each core; null where there is none. */
  readonly background: BackgroundPlan | null
}

/** What a pool needs to know of its stage. */
export interface StagePlan {
  readonly name: string
  /** Its threads sleep in it: it gets many. */
  readonly sleeps: boolean
  /** Its requests wait for the timer thread while nobody is with them. */
  readonly setsTimers: boolean
  /** Most requests that a thread takes from its queue at once. */
  readonly batch: number
}

/** The lowest priority that the kernel knows: background work gets the time that nobody else wants. */
const LOWEST_PRIORITY = 19

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

/** Whether a thread runs the next stage itself when that has a free permit. */
export function runsInline({ options }: Arm): boolean {
  return options['inline'] === 'auto' ? options['layout'] === 'fused' : options['inline'] === 'on'
}

/**
 * Threads of a stage at the start, and as many as the controller may go to.
 * @param sleeps whether they sleep in it: few of many need a processor then.
 */
export function threadsPerStage(
  arm: Arm,
  cpuCount: number,
  sleeps: boolean,
): { initial: number; maximum: number } {
  const awake = Number(arm.options['threads']) || cpuCount
  const initial = sleeps ? Math.max(awake, Number(arm.options['blockingThreads'])) : awake
  if (!controlsThreads(arm)) return { initial, maximum: initial }
  const maximum = Number(arm.options['maximumThreads']) || MAXIMUM_THREADS_PER_CPU * cpuCount
  return { initial, maximum: Math.max(initial, maximum) }
}

/** Threads of the fused layout's pool: as many as its largest stage needs, and besides all that can be asleep at once. */
function poolSize(arm: Arm, cpuCount: number, stages: readonly StagePlan[]): number {
  const awake = threadsPerStage(arm, cpuCount, false).maximum
  const asleep = stages
    .filter(({ sleeps }) => sleeps)
    .reduce((sum) => sum + threadsPerStage(arm, cpuCount, true).maximum, 0)
  return awake + asleep
}

/** A network thread per port; a pool per stage, or one as large as needed for all of them; one for timers; none is pinned. */
export function planStaged(
  arm: Arm,
  cpuCount: number,
  stages: readonly StagePlan[],
  background: BackgroundPlan | null,
): (ThreadPlan | PoolThreadPlan)[] {
  const network = Array.from({ length: cpuCount }, (_, port) => ({ name: `network-${port}`, port }))
  const pool = (name: string, served: readonly number[], length: number) =>
    Array.from({ length }, (_, place) => ({ name: `${name}-${place}`, stages: served, place }))
  const pools =
    arm.options['layout'] === 'fused'
      ? pool('shared', [...stages.keys()], poolSize(arm, cpuCount, stages))
      : stages.flatMap(({ name, sleeps }, stage) =>
          pool(name, [stage], threadsPerStage(arm, cpuCount, sleeps).maximum),
        )
  const timer: ThreadPlan = { name: 'timer', duty: 'timer' }
  return [
    ...network,
    ...pools,
    ...(stages.some(({ setsTimers }) => setsTimers) ? [timer] : []),
    ...planBackground(cpuCount, background),
  ]
}

/** A thread per core, so that the work can have as much of each. */
function planBackground(cpuCount: number, background: BackgroundPlan | null): ThreadPlan[] {
  if (background === null) return []
  return Array.from({ length: cpuCount }, (_, core) => ({
    name: `background-${core}`,
    duty: 'background',
    niceness: background.priorities ? LOWEST_PRIORITY : 0,
  }))
}

/** What a staged server is laid out for, besides its arm's options. */
export interface StagedPlan {
  readonly cpuCount: number
  readonly stages: readonly StagePlan[]
  /** Slots of requests. */
  readonly slotCount: number
  readonly background: BackgroundPlan | null
}

/** @param locks given apart from the arm's options so that a test can break them. */
export function deployStaged(
  arm: Arm,
  plan: StagedPlan,
  table: HashTableMemory,
  locks: KeyedLockKind,
): StagedDeployment {
  const { options } = arm
  const memory = createStagedMemory({
    portCount: plan.cpuCount,
    stageCount: plan.stages.length,
    slotCount: plan.slotCount,
    queueCapacity: Number(options['queueCapacity']),
    locks,
    stripes: Number(options['stripes']),
    setsTimers: plan.stages.map(({ setsTimers }) => setsTimers),
    hasDeadline: options['deadlineMillis'] !== 0,
  })
  resetSettings(arm, plan, memory)
  const fused = options['layout'] === 'fused'
  return {
    architecture: 'staged',
    memory,
    table,
    fused,
    anyPlace: fused && (controlsThreads(arm) || plan.stages.some(({ sleeps }) => sleeps)),
    inline: runsInline(arm),
    shares: options['batch'] === 0,
    batch: Number(options['batch']) || LARGEST_BATCH,
    background: plan.background,
  }
}

/** Puts threads and batches back to what they are before a controller moves them; while none does. */
export function resetSettings(
  arm: Arm,
  plan: Pick<StagedPlan, 'cpuCount' | 'stages'>,
  memory: StagedMemory,
): void {
  const settings = new StageSettings(memory)
  for (const [stage, { sleeps, batch }] of plan.stages.entries()) {
    settings.setActiveThreads(stage, threadsPerStage(arm, plan.cpuCount, sleeps).initial)
    settings.setBatch(stage, batch)
  }
}

/** Builds a network thread, in its own thread, and the doorbell that its driver sleeps on. */
export function attachNetworkThread(
  deployment: StagedDeployment,
  context: ThreadContext,
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
    index,
    room: new RoomBells(words, roomAt(memory), []),
    view: new RequestView(context.slab),
    firstQueue: new BoundedQueue(memory.queues[0]!, clock, awake, counters, pool),
    replies: new BoundedQueue(memory.replyQueues[index]!, clock, awake, counters),
    counters,
    late: attachLate(memory.lateFromNs, clock, context.steps, deployment.batch),
    batch: deployment.batch,
  })
  return { thread, doorbell: new Doorbell(words, doorbellAt(index), awake, counters) }
}

/** Builds a pool thread, in its own thread. */
export function attachStageThread(
  deployment: StagedDeployment,
  context: ThreadContext,
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
  const doorbells = memory.replyQueues.map(
    (_, port) => new Doorbell(words, doorbellAt(port), awake, counters),
  )
  return new StageThread({
    stages: plan.stages,
    place: plan.place,
    anyPlace: deployment.anyPlace,
    steps: context.steps,
    timers: attachTimers(deployment, context, queues),
    late: attachLate(memory.lateFromNs, clock, context.steps, LARGEST_BATCH),
    queues,
    replyQueues: memory.replyQueues.map((queue) => new BoundedQueue(queue, clock, awake, counters)),
    doorbells,
    room: new RoomBells(words, roomAt(memory), doorbells),
    settings: new StageSettings(memory),
    locks: attachRecordGuard(memory.locks, deployment.table, clock, counters.locks),
    records: new HashTable(deployment.table),
    view: new RequestView(context.slab),
    legsPerSlot: context.slab.legsPerSlot,
    idle,
    awake: context.awake,
    notEmpty: pool ?? queues[plan.stages[0]!]!.notEmpty,
    inline: deployment.inline,
    shares: deployment.shares,
    counters,
    stamps: context.stamps,
    stopped,
  })
}

/** A pool thread's way to the timer thread and back; null where there is none. */
function attachTimers(
  { memory }: StagedDeployment,
  context: ThreadContext,
  queues: readonly BoundedQueue[],
): StageTimers | null {
  if (memory.timers === null) return null
  const { clock, awake, counters } = context
  const { waiting, waits } = memory.timers
  return {
    clock,
    waiting: new BoundedQueue(waiting, clock, awake, counters),
    timers: new SlotTimers(0, waits, counters.waits),
    returned: attachReturned(memory.timers, context, queues),
  }
}

/** Who serves a stage waits for both of its queues at once. */
function attachReturned(
  { returned }: NonNullable<StagedMemory['timers']>,
  { clock, awake, counters }: ThreadContext,
  queues: readonly BoundedQueue[],
): (BoundedQueue | null)[] {
  return returned.map(
    (queue, stage) =>
      queue && new BoundedQueue(queue, clock, awake, counters, queues[stage]!.notEmpty),
  )
}

/** Builds the thread that keeps waits, in its own thread. */
export function attachTimerThread(
  { memory, fused }: StagedDeployment,
  context: ThreadContext,
  stopped: () => boolean,
): TimerThread {
  const { slab, clock, awake, counters, stamps } = context
  const { waiting, waits } = memory.timers!
  const words = new Int32Array(memory.buffer)
  const pool = fused ? new Condition(words, poolConditionAt(memory), awake, counters) : undefined
  const queues = memory.queues.map((queue) => new BoundedQueue(queue, clock, awake, counters, pool))
  return new TimerThread({
    waiting: new BoundedQueue(waiting, clock, awake, counters),
    timers: new SlotTimers(0, waits, counters.waits),
    returned: attachReturned(memory.timers!, context, queues),
    view: new RequestView(slab),
    clock,
    stamps,
    counters,
    stopped,
  })
}

/** Builds a thread for background work, in its own thread. */
export function attachBackgroundThread(
  { background }: StagedDeployment,
  { clock, awake, counters }: ThreadContext,
  burnIterationsPerMicro: number,
  stopped: () => boolean,
): BackgroundThread {
  const perNs = burnIterationsPerMicro / NS_PER_US
  const slices = new BackgroundSlices(background!, clock.nowNs(), perNs, clock, counters)
  return new BackgroundThread({ slices, clock, awake, stopped })
}
