import type { Arm, Step, ThreadPlan } from '../../contract/architecture.ts'
import type { Port, PortThread } from '../../contract/port.ts'
import type { AwakeThreads } from '../../shared-memory/awake-threads.ts'
import { Doorbell } from '../../shared-memory/doorbell.ts'
import { HashTable } from '../../shared-memory/hash-table.ts'
import type { HashTableMemory } from '../../shared-memory/hash-table-layout.ts'
import type { PhaseStamps } from '../../shared-memory/phase-stamps.ts'
import type { RequestSlabMemory } from '../../shared-memory/request-slab-layout.ts'
import { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import { NS_PER_US } from '../../base/units.ts'
import { Peer } from './mailbox.ts'
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
}

/** One reactor per core, pinned to its processor (none when the cores are virtual), each owning the port of its number. */
export function planSharded(cores: readonly (number | null)[]): ThreadPlan[] {
  return cores.map((cpu, shard) => {
    const plan = { name: `reactor-${shard}`, port: shard }
    return cpu === null ? plan : { ...plan, cpu }
  })
}

/** @param tables one per core, filled with the shard's keys. @param batch most requests or messages per source and turn. */
export function deploySharded(
  arm: Arm,
  tables: readonly HashTableMemory[],
  batch: number,
): ShardedDeployment {
  const { ringCapacity, quotaMicros } = arm.options
  return {
    architecture: 'sharded',
    memory: createShardedMemory(tables.length, Number(ringCapacity)),
    tables,
    batch,
    quotaNs: Number(quotaMicros) * NS_PER_US,
  }
}

/** What the worker brings for one reactor. */
export interface ReactorContext {
  readonly shard: number
  readonly port: Port
  readonly slab: RequestSlabMemory
  readonly steps: readonly Step[]
  readonly awake: AwakeThreads
  readonly counters: ThreadCounters
  readonly stamps: PhaseStamps
}

/** Builds the reactor of one shard, in its own thread, and the doorbell that its driver sleeps on. */
export function attachReactor(
  deployment: ShardedDeployment,
  context: ReactorContext,
): { thread: PortThread; doorbell: Doorbell } {
  const { memory } = deployment
  const words = new Int32Array(memory.buffer)
  const doorbellOf = (shard: number) =>
    new Doorbell(words, doorbellAt(shard), context.awake, context.counters)
  const peers: Peer[] = []
  for (let shard = 0; shard < memory.shardCount; shard++) {
    if (shard !== context.shard)
      peers.push(new Peer(memory, words, context.shard, shard, doorbellOf(shard)))
  }
  const thread = new Reactor({
    shard: context.shard,
    shardCount: memory.shardCount,
    port: context.port,
    view: new RequestView(context.slab),
    records: new HashTable(deployment.tables[context.shard]!),
    steps: context.steps,
    peers,
    counters: context.counters,
    stamps: context.stamps,
    batch: deployment.batch,
    quotaNs: deployment.quotaNs,
  })
  return { thread, doorbell: doorbellOf(context.shard) }
}
