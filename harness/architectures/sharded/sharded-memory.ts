import { BYTES_PER_WORD, ISOLATION_WORDS, powerOfTwoAtLeast } from '../../base/units.ts'
import { type BoundedQueueMemory, createBoundedQueue } from '../../shared-memory/bounded-queue.ts'
import { DOORBELL_WORDS } from '../../shared-memory/doorbell.ts'
import { createLateCells } from '../../shared-memory/late-slots.ts'
import { ringWords } from '../../shared-memory/spsc-ring.ts'

/*
 * What the reactors of a sharded server share besides slab and counters: a doorbell each, and two mailboxes per ordered
 * pair of shards, one for requests and one for the replies that come back.
 *
 *   doorbells    shard 0, shard 1, …
 *   mailboxes    (from 0, to 0) requests · replies, (from 0, to 1) requests · replies, …
 */
export interface ShardedMemory {
  readonly buffer: SharedArrayBuffer
  readonly shardCount: number
  /** Messages in flight from one shard to another. The reply ring has as many places, so a reply never waits. */
  readonly ringCapacity: number
  /** Null without off-load threads. */
  readonly offLoad: OffLoadMemory | null
  /** See `LateSlots`; null where no request has a deadline. */
  readonly lateFromNs: Float64Array | null
}

/** Queues to the off-load threads and back, each with room for every slot. */
interface OffLoadMemory {
  readonly requests: BoundedQueueMemory
  /** By shard. */
  readonly replies: readonly BoundedQueueMemory[]
}

export interface ShardedSizes {
  readonly shardCount: number
  readonly ringCapacity: number
  /** Slots of requests, for the off-load queues; 0 without them. */
  readonly offLoadSlots: number
  /** The same, for their deadlines; 0 without. */
  readonly lateSlots: number
}

export function createShardedMemory(sizes: ShardedSizes): ShardedMemory {
  const { shardCount, ringCapacity, offLoadSlots, lateSlots } = sizes
  const words =
    shardCount * DOORBELL_WORDS +
    shardCount * shardCount * 2 * ringWords(ringCapacity) +
    ISOLATION_WORDS
  const queue = () => createBoundedQueue(powerOfTwoAtLeast(offLoadSlots))
  return {
    buffer: new SharedArrayBuffer(words * BYTES_PER_WORD),
    shardCount,
    ringCapacity,
    offLoad:
      offLoadSlots === 0
        ? null
        : { requests: queue(), replies: Array.from({ length: shardCount }, queue) },
    lateFromNs: lateSlots === 0 ? null : createLateCells(lateSlots),
  }
}

/** First word of a shard's doorbell. */
export function doorbellAt(shard: number): number {
  return shard * DOORBELL_WORDS
}

/** First word of the ring that carries requests of shard `from` to shard `to`. */
export function requestRingAt(memory: ShardedMemory, from: number, to: number): number {
  const pair = from * memory.shardCount + to
  return memory.shardCount * DOORBELL_WORDS + pair * 2 * ringWords(memory.ringCapacity)
}

/** First word of the ring that carries the answers to those requests, from shard `to` back to shard `from`. */
export function replyRingAt(memory: ShardedMemory, from: number, to: number): number {
  return requestRingAt(memory, from, to) + ringWords(memory.ringCapacity)
}
