import { powerOfTwoAtLeast } from '../../base/units.ts'
import type { Step } from '../../contract/architecture.ts'
import type { SlotIndex, Port } from '../../contract/port.ts'
import { SLOT_NEXT_STAGE } from '../../shared-memory/request-slab-layout.ts'
import type { LateSlots } from '../../shared-memory/late-slots.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { Peer } from './mailbox.ts'
import type { ReactorParts } from './reactor-parts.ts'

/** What a reactor's outbox is made of. */
export interface OutboxParts extends Pick<
  ReactorParts,
  'shardCount' | 'peers' | 'slotCount' | 'legsPerSlot' | 'counters'
> {
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

/** Slots in the order in which they came; private to one thread, of fixed capacity: as many as there are. */
export class SlotQueue {
  readonly #slots: Int32Array
  readonly #mask: number
  #head = 0
  #tail = 0

  /** @param capacity a power of two. */
  constructor(capacity: number) {
    this.#slots = new Int32Array(capacity)
    this.#mask = capacity - 1
  }

  get length(): number {
    return (this.#tail - this.#head) | 0
  }

  push(slot: number): void {
    this.#slots[this.#tail & this.#mask] = slot
    this.#tail = (this.#tail + 1) | 0
  }

  /** The one that came first. Only when there is one. */
  first(): number {
    return this.#slots[this.#head & this.#mask]!
  }

  /** Takes the one that came first out. Only when there is one. */
  shift(): number {
    const head = this.#head
    this.#head = (head + 1) | 0
    return this.#slots[head & this.#mask]!
  }
}

/** What tells which requests of a reactor may be refused. */
export interface LateRequestParts {
  readonly port: Pick<Port, 'isLate' | 'lateFromNs' | 'refuse'>
  /** Null where no request has a deadline. */
  readonly lateSlots: LateSlots | null
  readonly view: RequestView
  readonly steps: readonly Pick<Step, 'access'>[]
}

/**
 * Requests whose deadline is over, as a reactor sees them: its own that wait for a shard or come back, and those of others that
 * it takes from a mailbox. Only those that no record knows yet are refused: of legs, and of requests that were at a record
 * already, part of what they do is done. Private to the reactor's thread; what threads tell each other is in `LateSlots`.
 */
export class LateRequests {
  readonly #port: LateRequestParts['port']
  readonly #view: RequestView
  readonly #lateSlots: LateSlots | null
  readonly #firstKeyed: number
  readonly #slot = new Int32Array(1)
  readonly #fromNs = new Float64Array(1)

  constructor({ port, view, steps, lateSlots }: LateRequestParts) {
    this.#port = port
    this.#view = view
    this.#lateSlots = lateSlots
    this.#firstKeyed = steps.findIndex((step) => step.access !== 'none')
  }

  // Measured path from here to the end of the class.
  /** The port has just given these out. */
  received(slots: Int32Array, count: number): void {
    if (this.#lateSlots !== null) this.#lateSlots.received(this.#port, slots, count)
  }

  /** Of requests of another shard, moves those behind the others that are to go back unserved; tells where these end. */
  putBehind(slots: Int32Array, count: number): number {
    const late = this.#lateSlots
    if (late === null) return count
    const kept = late.pickLateStanding(this.#view, slots, 0, count, 0)
    for (let i = kept; i < count; i++) slots[i] = late.slots[i - kept]!
    return kept
  }

  /** Refuses those of this shard's that another thread found late, and moves the others together; tells where they end. */
  refuseMarked(slots: Int32Array, count: number): number {
    const late = this.#lateSlots
    if (late === null) return count
    const kept = late.pickMarked(slots, count)
    if (kept < count) this.#port.refuse(late.slots, 0, count - kept)
    return kept
  }

  /** The same of what off-load threads return, which may be late by now and at its next stage have come to no record. */
  refuseReturned(slots: Int32Array, count: number): number {
    return this.refuseLate(slots, 0, this.refuseMarked(slots, count), 1)
  }

  /** The same of those of this shard's that are late as they come back from where they waited. @param ahead see `pickLateStanding` */
  refuseLate(slots: Int32Array, from: number, to: number, ahead: number): number {
    const late = this.#lateSlots
    if (late === null) return to
    const end = late.pickLateStanding(this.#view, slots, from, to, ahead)
    if (end < to) this.#port.refuse(late.slots, 0, to - end)
    return end
  }

  /** Has the port refuse a request that waits, if its deadline is over and it may be; answers whether. */
  refused(slot: SlotIndex): boolean {
    // A leg's slot is none that the port knows.
    if (!this.#mayRefuse(slot) || !this.#port.isLate(slot)) return false
    this.#slot[0] = slot
    this.#port.refuse(this.#slot, 0, 1)
    return true
  }

  #mayRefuse(slot: SlotIndex): boolean {
    this.#view.at(slot)
    return this.#view.get(SLOT_NEXT_STAGE) === this.#firstKeyed
  }

  /** Brings `target[at]` forward to when the request is to be refused, if that is before. */
  bringForward(target: Float64Array, at: number, slot: SlotIndex): void {
    if (!this.#mayRefuse(slot)) return
    this.#port.lateFromNs(slot, this.#fromNs, 0)
    if (this.#fromNs[0]! < target[at]!) target[at] = this.#fromNs[0]!
  }
}
