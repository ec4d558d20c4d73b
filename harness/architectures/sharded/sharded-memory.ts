import { BYTES_PER_WORD, ISOLATION_WORDS } from '../../base/units.ts'
import { DOORBELL_WORDS } from '../../shared-memory/doorbell.ts'
import { ringWords } from '../../shared-memory/spsc-ring-layout.ts'

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
}

export function createShardedMemory(shardCount: number, ringCapacity: number): ShardedMemory {
  const words =
    shardCount * DOORBELL_WORDS +
    shardCount * shardCount * 2 * ringWords(ringCapacity) +
    ISOLATION_WORDS
  return { buffer: new SharedArrayBuffer(words * BYTES_PER_WORD), shardCount, ringCapacity }
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
