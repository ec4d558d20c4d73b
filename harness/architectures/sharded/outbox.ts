import { powerOfTwoAtLeast } from '../../base/units.ts'
import type { SlotIndex } from '../../contract/port.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { LateRequests } from './late-requests.ts'
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
  readonly late: LateRequests
}

/**
 * What a reactor sends to other shards. A request, or a leg of one, whose shard has no permit free waits apart, in a queue of
 * that shard alone: a hot peer makes nobody wait but those that want it. Private to the reactor's thread.
 *
 * Invariants: whoever waits for a shard is sent before those that come to the outbox after it; each slot is in one queue at
 * most and once, since it is the outbox's until it is sent and comes back only by the peer's reply; so a queue with a place
 * for every slot and leg of the port is never full, and nothing but the slab bounds how many wait.
 *
 * Deadlines: a request that waits here and may be refused is not sent late (one that need not wait is sent whatever its age: the
 * port looked when it gave it out), and it is refused at the latest when it has waited here for as long as the deadline is: whatever came before it was due before, so that by then all of that is late as well. Only behind one
 * that may not be refused may a late one wait until it is the first.
 */
export class Outbox {
  readonly #peers: readonly Peer[]
  /** By shard; the own places hold undefined. */
  readonly #peerOf: readonly (Peer | undefined)[]
  readonly #waitingOf: readonly (SlotQueue | undefined)[]
  readonly #counters: ThreadCounters
  readonly #late: LateRequests
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
    this.#late = parts.late
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
   * Sends those that wait as far as their shards have permits, the oldest first, and has the port refuse those whose deadline
   * is over; answers whether there were any. Costs a look at each peer while some wait, and a few nanoseconds for each one sent
   * or refused; nothing for those that go on waiting.
   */
  sendWaiting(): boolean {
    if (this.#waiting === 0) return false
    const peers = this.#peers
    const before = this.#waiting
    let sent = 0
    for (let p = 0; p < peers.length; p++) {
      const peer = peers[p]!
      const waiting = this.#waitingOf[peer.shard]!
      while (waiting.length !== 0) {
        const slot = waiting.first()
        if (!this.#late.refused(slot)) {
          if (!peer.trySend(slot)) break
          sent++
        }
        waiting.shift()
        this.#waiting--
      }
    }
    if (sent !== 0) this.#counters.sent(sent)
    return this.#waiting !== before
  }

  /** Writes into `target[at]` when the next one is to be refused; infinite for never. Nobody rings for that. */
  nextRefusalNs(target: Float64Array, at: number): void {
    target[at] = Number.POSITIVE_INFINITY
    if (this.#waiting === 0) return
    const peers = this.#peers
    for (let p = 0; p < peers.length; p++) {
      const waiting = this.#waitingOf[peers[p]!.shard]!
      if (waiting.length !== 0) this.#late.bringForward(target, at, waiting.first())
    }
  }

  /** Makes everything that was sent visible, replies included, with one wake-up per peer at most. */
  publish(): void {
    const peers = this.#peers
    for (let p = 0; p < peers.length; p++) if (peers[p]!.publish()) this.#counters.published()
  }
}
