import { shardOf } from '../../base/hash.ts'
import type { Step } from '../../contract/architecture.ts'
import { NO_SLOT, type Port, type PortThread, type SlotIndex } from '../../contract/port.ts'
import type { Records } from '../../contract/scenario.ts'
import { SLOT_HASH, SLOT_NEXT_STAGE } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { Peer } from './mailbox.ts'

/** What a reactor is made of. */
export interface ReactorParts {
  readonly shard: number
  readonly shardCount: number
  readonly port: Port
  readonly view: RequestView
  /** The shard's own records: nobody else touches them. */
  readonly records: Records
  readonly steps: readonly Step[]
  /** The other shards. */
  readonly peers: readonly Peer[]
  readonly counters: ThreadCounters
  /** Most requests that one turn takes from each source. */
  readonly batch: number
  /** A turn that takes longer makes the next ones take fewer requests. */
  readonly quotaNs: number
}

/**
 * One shard: owns a port and the records of its keys, on one processor. A turn serves replies that came back, requests
 * of other shards, and its own port, in this order (finish before beginning), then publishes what it sent and flushes.
 * A request runs inline from stage to stage until one touches a key of another shard; that shard runs the keyed stages
 * and sends the slot back, and the origin goes on. No lock anywhere; what is shared is protected by the mailboxes.
 */
export class Reactor implements PortThread {
  readonly #shard: number
  readonly #shardCount: number
  readonly #port: Port
  readonly #view: RequestView
  readonly #records: Records
  readonly #steps: readonly Step[]
  readonly #keyed: readonly boolean[]
  /** Peers by shard; the own place holds undefined. */
  readonly #peerOf: readonly (Peer | undefined)[]
  readonly #peers: readonly Peer[]
  readonly #counters: ThreadCounters
  readonly #batch: number
  readonly #quotaNs: number
  #limit: number
  #lastTurnNs = 0
  #lastWorked = false
  /** A received request whose shard has no permit free: it goes first, and nothing is received before it went. */
  #waiting: SlotIndex = NO_SLOT

  constructor(parts: ReactorParts) {
    this.#shard = parts.shard
    this.#shardCount = parts.shardCount
    this.#port = parts.port
    this.#view = parts.view
    this.#records = parts.records
    this.#steps = parts.steps
    this.#keyed = parts.steps.map((step) => step.access !== 'none')
    this.#peers = parts.peers
    this.#peerOf = Array.from({ length: parts.shardCount }, (_, shard) => parts.peers.find((peer) => peer.shard === shard))
    this.#counters = parts.counters
    this.#batch = parts.batch
    this.#limit = parts.batch
    this.#quotaNs = parts.quotaNs
  }

  // Measured path from here to the end of the class.
  turn(nowNs: number): boolean {
    this.#keepQuota(nowNs)
    let worked = false
    const peers = this.#peers
    for (let p = 0; p < peers.length; p++) {
      const peer = peers[p]!
      if (this.#takeReplies(peer)) worked = true
      if (this.#serveRequests(peer)) worked = true
    }
    if (this.#servePort(nowNs)) worked = true
    if (worked) {
      for (let p = 0; p < peers.length; p++) peers[p]!.publish()
      this.#port.flush()
    }
    this.#lastWorked = worked
    return worked
  }

  /** Task quota: turns that took too long halve the number of requests of the next ones, short ones double it. */
  #keepQuota(nowNs: number): void {
    const tookNs = nowNs - this.#lastTurnNs
    this.#lastTurnNs = nowNs
    if (!this.#lastWorked) return
    if (tookNs > this.#quotaNs) this.#limit = Math.max(1, this.#limit >> 1)
    else if (this.#limit < this.#batch) this.#limit = Math.min(this.#batch, this.#limit << 1)
  }

  #takeReplies(peer: Peer): boolean {
    const ring = peer.repliesIn
    const count = Math.min(ring.available(), this.#limit)
    if (count === 0) return false
    for (let i = 0; i < count; i++) {
      const slot = ring.pop()
      this.#view.at(slot)
      this.#runFrom(slot, this.#view.get(SLOT_NEXT_STAGE))
    }
    ring.release()
    peer.answered(count)
    return true
  }

  #serveRequests(peer: Peer): boolean {
    const ring = peer.requestsIn
    const count = Math.min(ring.available(), this.#limit)
    if (count === 0) return false
    const view = this.#view
    for (let i = 0; i < count; i++) {
      const slot = ring.pop()
      view.at(slot)
      let stage = view.get(SLOT_NEXT_STAGE)
      do this.#steps[stage]!.run(view, this.#records)
      while (this.#keyed[++stage])
      view.set(SLOT_NEXT_STAGE, stage)
      // Cannot fail: the origin's permits bound the replies to the ring's places.
      peer.repliesOut.tryPush(slot)
    }
    this.#counters.sent(count)
    ring.release()
    return true
  }

  #servePort(nowNs: number): boolean {
    const port = this.#port
    if (this.#waiting !== NO_SLOT) {
      const slot = this.#waiting
      this.#waiting = NO_SLOT
      this.#view.at(slot)
      this.#runFrom(slot, this.#view.get(SLOT_NEXT_STAGE))
      if (this.#waiting !== NO_SLOT) return false
    }
    let received = 0
    while (received < this.#limit && this.#waiting === NO_SLOT) {
      const slot = port.receive(nowNs)
      if (slot === NO_SLOT) break
      received++
      this.#view.at(slot)
      this.#runFrom(slot, 0)
    }
    return received !== 0
  }

  /** Runs the request that the view points at, from a stage on, as far as this shard may. */
  #runFrom(slot: SlotIndex, first: number): void {
    const view = this.#view
    const steps = this.#steps
    for (let stage = first; stage < steps.length; stage++) {
      if (this.#keyed[stage]) {
        const owner = shardOf(view.get(SLOT_HASH), this.#shardCount)
        if (owner !== this.#shard) return this.#send(slot, stage, owner)
      }
      steps[stage]!.run(view, this.#records)
    }
    this.#port.reply(slot)
  }

  #send(slot: SlotIndex, stage: number, owner: number): void {
    this.#view.set(SLOT_NEXT_STAGE, stage)
    if (this.#peerOf[owner]!.trySend(slot)) this.#counters.sent(1)
    else this.#waiting = slot
  }
}
