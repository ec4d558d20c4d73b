import { NS_PER_US } from '../../base/units.ts'
import type { Arm, ThreadPlan } from '../../contract/architecture.ts'
import type { Port, PortThread } from '../../contract/port.ts'
import { type BackgroundPlan, BackgroundSlices } from '../../measure/background-slices.ts'
import { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import { Doorbell } from '../../shared-memory/doorbell.ts'
import { type HashTableMemory } from '../../shared-memory/hash-table-layout.ts'
import { HashTable } from '../../shared-memory/hash-table.ts'
import type { IdleStrategy } from '../../shared-memory/idle-strategy.ts'
import { attachLate } from '../../shared-memory/late-slots.ts'
import type { ThreadContext } from '../../shared-memory/phase-stamps.ts'
import { RequestView } from '../../shared-memory/request-view.ts'
import { Peer } from './mailbox.ts'
import { OffLoadThread } from './off-load-thread.ts'
import { Reactor } from './reactor.ts'
import { createShardedMemory, doorbellAt, type ShardedMemory } from './sharded-memory.ts'

/** What all threads of a sharded server get. */
export interface ShardedDeployment {
  readonly architecture: 'sharded'
  readonly memory: ShardedMemory
  /** One table per shard. */
  readonly tables: readonly HashTableMemory[]
  readonly batch: number
  readonly quotaNs: number
  /** Longest burn in one go; infinite where burns are not sliced. */
  readonly sliceNs: number
  /** Of each core; null where there is none. */
  readonly background: BackgroundPlan | null
}

/** How many off-load threads the arm has for stages of which some make calls known to block. */
function offLoadThreads(arm: Arm, blocks: boolean): number {
  return blocks && arm.options['offload'] === 'on' ? Number(arm.options['offloadThreads']) : 0
}

/**
 * One reactor per core, pinned to its processor (none when the cores are virtual), each owning the port of its number; then
 * the off-load threads, which may run on any.
 * @param blocks whether some stage makes calls known to block.
 */
export function planSharded(
  arm: Arm,
  cores: readonly (number | null)[],
  blocks: boolean,
): ThreadPlan[] {
  const reactors = cores.map((cpu, shard): ThreadPlan => {
    const plan = { name: `reactor-${shard}`, port: shard }
    return cpu === null ? plan : { ...plan, cpu }
  })
  const length = offLoadThreads(arm, blocks)
  const offLoad = Array.from({ length }, (_, thread): ThreadPlan => {
    return { name: `off-load-${thread}`, duty: 'off-load' }
  })
  return [...reactors, ...offLoad]
}

/** What a sharded server is laid out for, besides its arm's options. */
export interface ShardedPlan {
  /** Most requests or messages per source and turn. */
  readonly batch: number
  /** Slots of requests. */
  readonly slotCount: number
  /** Whether some stage makes calls known to block. */
  readonly blocks: boolean
  readonly background: BackgroundPlan | null
}

/** @param tables one per core, filled with the shard's keys. */
export function deploySharded(
  arm: Arm,
  tables: readonly HashTableMemory[],
  plan: ShardedPlan,
): ShardedDeployment {
  const { options } = arm
  const quotaNs = Number(options['quotaMicros']) * NS_PER_US
  return {
    architecture: 'sharded',
    memory: createShardedMemory({
      shardCount: tables.length,
      ringCapacity: Number(options['ringCapacity']),
      offLoadSlots: offLoadThreads(arm, plan.blocks) === 0 ? 0 : plan.slotCount,
      lateSlots: options['deadlineMillis'] === 0 ? 0 : plan.slotCount,
    }),
    tables,
    batch: plan.batch,
    quotaNs,
    sliceNs: options['slices'] === 'on' ? quotaNs : Number.POSITIVE_INFINITY,
    background: plan.background,
  }
}

/** What the worker brings for one reactor besides. */
export interface ReactorContext extends ThreadContext {
  readonly shard: number
  readonly port: Port
  /** Slots of the port. */
  readonly firstSlot: number
  readonly slotCount: number
  readonly burnIterationsPerMicro: number
}

/** Builds the reactor of one shard, in its own thread, and the doorbell that its driver sleeps on. */
export function attachReactor(
  deployment: ShardedDeployment,
  context: ReactorContext,
): { thread: PortThread; doorbell: Doorbell } {
  const { memory, background } = deployment
  const { clock, counters, shard, port } = context
  const words = new Int32Array(memory.buffer)
  const peers: Peer[] = []
  for (let other = 0; other < memory.shardCount; other++) {
    if (other === shard) continue
    peers.push(new Peer(memory, words, shard, other, doorbellOf(words, other, context)))
  }
  const burnIterationsPerNs = context.burnIterationsPerMicro / NS_PER_US
  const { offLoad } = memory
  const thread = new Reactor({
    shard,
    shardCount: memory.shardCount,
    port,
    firstSlot: context.firstSlot,
    slotCount: context.slotCount,
    legsPerSlot: context.slab.legsPerSlot,
    lateSlots: attachLate(memory.lateFromNs, clock, context.steps, deployment.batch),
    clock,
    view: new RequestView(context.slab),
    records: new HashTable(deployment.tables[shard]!),
    steps: context.steps,
    peers,
    counters,
    stamps: context.stamps,
    batch: deployment.batch,
    quotaNs: deployment.quotaNs,
    sliceNs: deployment.sliceNs,
    burnIterationsPerNs,
    offLoad: offLoad && {
      requests: new BoundedQueue(offLoad.requests, clock, context.awake, counters),
      replies: new BoundedQueue(offLoad.replies[shard]!, clock, context.awake, counters),
    },
    background:
      background &&
      new BackgroundSlices(background, clock.nowNs(), burnIterationsPerNs, port, counters),
    backgroundSliceNs: background?.sliceNs ?? 0,
  })
  return { thread, doorbell: doorbellOf(words, shard, context) }
}

/** Builds an off-load thread, in its own thread. */
export function attachOffLoadThread(
  { memory }: ShardedDeployment,
  context: ThreadContext,
  idle: IdleStrategy,
  stopped: () => boolean,
): OffLoadThread {
  const { clock, awake, counters } = context
  const words = new Int32Array(memory.buffer)
  const { requests, replies } = memory.offLoad!
  return new OffLoadThread({
    steps: context.steps,
    view: new RequestView(context.slab),
    queue: new BoundedQueue(requests, clock, awake, counters),
    replies: replies.map((queue) => new BoundedQueue(queue, clock, awake, counters)),
    doorbells: replies.map((_, shard) => doorbellOf(words, shard, context)),
    lateSlots: attachLate(memory.lateFromNs, clock, context.steps, 1),
    idle,
    counters,
    stamps: context.stamps,
    stopped,
  })
}

function doorbellOf(
  words: Int32Array,
  shard: number,
  { awake, counters }: ThreadContext,
): Doorbell {
  return new Doorbell(words, doorbellAt(shard), awake, counters)
}
