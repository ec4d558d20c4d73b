import type { Doorbell } from '../../shared-memory/doorbell.ts'
import { SpscConsumer, SpscProducer } from '../../shared-memory/spsc-ring.ts'
import { replyRingAt, requestRingAt, type ShardedMemory } from './sharded-memory.ts'

/**
 * One reactor's four ring ends towards one peer. Permits: at most `ringCapacity` requests are on their way to the peer,
 * counted from push until the reply is popped, and the reply ring has as many places, so replies never wait for room
 * and two reactors that are full of each other's requests cannot deadlock.
 */
export class Peer {
  readonly shard: number
  readonly doorbell: Doorbell
  readonly requestsOut: SpscProducer
  readonly repliesIn: SpscConsumer
  readonly requestsIn: SpscConsumer
  readonly repliesOut: SpscProducer
  readonly #permits: number
  #onTheirWay = 0

  constructor(
    memory: ShardedMemory,
    words: Int32Array,
    self: number,
    shard: number,
    doorbell: Doorbell,
  ) {
    this.shard = shard
    this.doorbell = doorbell
    const capacity = memory.ringCapacity
    this.requestsOut = new SpscProducer(words, requestRingAt(memory, self, shard), capacity)
    this.repliesIn = new SpscConsumer(words, replyRingAt(memory, self, shard), capacity)
    this.requestsIn = new SpscConsumer(words, requestRingAt(memory, shard, self), capacity)
    this.repliesOut = new SpscProducer(words, replyRingAt(memory, shard, self), capacity)
    this.#permits = capacity
  }

  /** Sends a request's slot; false when no permit is free. Visible after `publish`. */
  trySend(slot: number): boolean {
    if (this.#onTheirWay === this.#permits || !this.requestsOut.tryPush(slot)) return false
    this.#onTheirWay++
    return true
  }

  /** Gives back the permits of `count` answered requests. */
  answered(count: number): void {
    this.#onTheirWay -= count
  }

  /** Makes everything sent visible, with one wake-up at most. Answers whether there was something. */
  publish(): boolean {
    // Both rings first: one wake-up announces requests and replies together.
    const requests = this.requestsOut.publish()
    const replies = this.repliesOut.publish()
    if (!requests && !replies) return false
    this.doorbell.ring()
    return true
  }
}
