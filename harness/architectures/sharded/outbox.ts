import { powerOfTwoAtLeast } from '../../base/units.ts'
import type { SlotIndex } from '../../contract/port.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { Peer } from './mailbox.ts'
import { SlotQueue } from './slot-queue.ts'

/** What a reactor's outbox is made of. */
export interface OutboxParts {
  readonly shardCount: number
  /** The other shards. */
  readonly peers: readonly Peer[]
  /** Slots of the reactor's own port, and those that each of them has for legs. */
  readonly slotCount: number
  readonly legsPerSlot: number
  readonly counters: ThreadCounters
}

/**
 * What a reactor sends to other shards. A request, or a leg of one, whose shard has no permit free waits apart, in a queue of
 * that shard alone: a hot peer makes nobody wait but those that want it. Private to the reactor's thread.
 *
 * Invariants: whoever waits for a shard is sent before those that come to the outbox after it; each slot is in one queue at
 * most and once, since it is the outbox's until it is sent and comes back only by the peer's reply; so a queue with a place
 * for every slot and leg of the port is never full, and nothing but the slab bounds how many wait.
 */
export class Outbox {
  readonly #peers: readonly Peer[]
  /** By shard; the own places hold undefined. */
  readonly #peerOf: readonly (Peer | undefined)[]
  readonly #waitingOf: readonly (SlotQueue | undefined)[]
  readonly #counters: ThreadCounters
  /** In all queues. */
  #waiting = 0

  constructor(parts: OutboxParts) {
    const capacity = powerOfTwoAtLeast(parts.slotCount * (1 + parts.legsPerSlot))
    this.#peers = parts.peers
    this.#peerOf = Array.from({ length: parts.shardCount }, (_, shard) =>
      parts.peers.find((peer) => peer.shard === shard),
    )
    this.#waitingOf = this.#peerOf.map((peer) => peer && new SlotQueue(capacity))
    this.#counters = parts.counters
  }

  // Measured path from here to the end of the class.
  /** Sends a slot to another shard, now or behind those that wait for it. Visible after `publish`. */
  send(slot: SlotIndex, owner: number): void {
    const waiting = this.#waitingOf[owner]!
    if (waiting.length === 0 && this.#peerOf[owner]!.trySend(slot)) return this.#counters.sent(1)
    waiting.push(slot)
    this.#waiting++
  }

  /**
   * Sends those that wait as far as their shards have permits, the oldest first; answers whether there were any. Costs a look
   * at each peer while some wait, and a few nanoseconds for each one sent; not for those that go on waiting.
   */
  sendWaiting(): boolean {
    if (this.#waiting === 0) return false
    const peers = this.#peers
    let sent = 0
    for (let p = 0; p < peers.length; p++) {
      const peer = peers[p]!
      const waiting = this.#waitingOf[peer.shard]!
      while (waiting.length !== 0 && peer.trySend(waiting.first())) {
        waiting.shift()
        sent++
      }
    }
    if (sent === 0) return false
    this.#waiting -= sent
    this.#counters.sent(sent)
    return true
  }

  /** Makes everything that was sent visible, replies included, with one wake-up per peer at most. */
  publish(): void {
    const peers = this.#peers
    for (let p = 0; p < peers.length; p++) if (peers[p]!.publish()) this.#counters.published()
  }
}
