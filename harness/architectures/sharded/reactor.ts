import { shardOf } from '../../base/hash.ts'
import type { FetchableRecords, Step } from '../../contract/architecture.ts'
import type { Port, PortThread, SlotIndex } from '../../contract/port.ts'
import { WAIT_REPLY_MAILBOX, WAIT_REQUEST_MAILBOX } from '../../shared-memory/phase-layout.ts'
import type { PhaseStamps } from '../../shared-memory/phase-stamps.ts'
import { SLOT_HASH, SLOT_NEXT_STAGE } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { SpscConsumer } from '../../shared-memory/spsc-ring.ts'
import type { Peer } from './mailbox.ts'

/** What a reactor is made of. */
export interface ReactorParts {
  readonly shard: number
  readonly shardCount: number
  readonly port: Port
  readonly view: RequestView
  /** The shard's own records: nobody else touches them. */
  readonly records: FetchableRecords
  readonly steps: readonly Step[]
  /** The other shards. */
  readonly peers: readonly Peer[]
  readonly counters: ThreadCounters
  readonly stamps: PhaseStamps
  /** Most requests that one turn takes from each source. */
  readonly batch: number
  /** A turn that takes longer makes the next ones take fewer requests. */
  readonly quotaNs: number
}

/** Serves the requests `from … to − 1` of the present batch, which all stand at `stage`. */
type ServeRun = (from: number, to: number, stage: number) => void

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
  readonly #records: FetchableRecords
  readonly #steps: readonly Step[]
  /** From each stage on, the first keyed and the first keyless one; the number of stages when there is none. */
  readonly #nextKeyed: readonly number[]
  readonly #nextKeyless: readonly number[]
  /** Peers by shard; the own place holds undefined. */
  readonly #peerOf: readonly (Peer | undefined)[]
  readonly #peers: readonly Peer[]
  readonly #counters: ThreadCounters
  readonly #stamps: PhaseStamps
  readonly #batch: number
  readonly #quotaNs: number
  #limit: number
  // Made once: a closure per batch would be garbage.
  readonly #advanceOwn: ServeRun = (from, to, stage) => this.#advance(from, to, stage)
  readonly #serveForeign: ServeRun = (from, to, stage) => this.#serveKeyed(from, to, stage)
  /** The slots that the reactor works on: the present batch from one source. */
  readonly #slots: Int32Array
  /** Received requests whose shard has no permit free: they go first. */
  readonly #blocked: Int32Array
  #blockedCount = 0
  #lastWorked = false
  /** One of the present batch is sampled. */
  #hasSampled = false

  constructor(parts: ReactorParts) {
    this.#shard = parts.shard
    this.#shardCount = parts.shardCount
    this.#port = parts.port
    this.#view = parts.view
    this.#records = parts.records
    this.#steps = parts.steps
    const keyed = parts.steps.map((step) => step.access !== 'none')
    const from = (stage: number, wanted: boolean) => {
      const found = keyed.indexOf(wanted, stage)
      return found === -1 ? keyed.length : found
    }
    this.#nextKeyed = keyed.map((_, stage) => from(stage, true))
    this.#nextKeyless = keyed.map((_, stage) => from(stage, false))
    this.#peers = parts.peers
    this.#peerOf = Array.from({ length: parts.shardCount }, (_, shard) =>
      parts.peers.find((peer) => peer.shard === shard),
    )
    this.#counters = parts.counters
    this.#stamps = parts.stamps
    this.#batch = parts.batch
    this.#limit = parts.batch
    this.#slots = new Int32Array(parts.batch)
    this.#blocked = new Int32Array(parts.batch * (parts.shardCount + 1))
    this.#quotaNs = parts.quotaNs
  }

  // Measured path from here to the end of the class.
  turn(): boolean {
    if (this.#lastWorked) this.#keepQuota()
    let worked = false
    const peers = this.#peers
    for (let p = 0; p < peers.length; p++) {
      if (this.#takeReplies(peers[p]!)) worked = true
      if (this.#serveRequests(peers[p]!)) worked = true
    }
    if (this.#servePort()) worked = true
    if (worked) {
      for (let p = 0; p < peers.length; p++) if (peers[p]!.publish()) this.#counters.published()
      this.#port.flush()
    }
    this.#lastWorked = worked
    return worked
  }

  /** Task quota: turns that took too long halve the number of requests of the next ones, short ones double it. */
  #keepQuota(): void {
    const tookNs = this.#port.turnNs()
    if (tookNs > this.#quotaNs) this.#limit = Math.max(1, this.#limit >> 1)
    else if (this.#limit < this.#batch) this.#limit = Math.min(this.#batch, this.#limit << 1)
  }

  /** Goes on with this shard's requests that come back from a peer. */
  #takeReplies(peer: Peer): boolean {
    const count = this.#take(peer.repliesIn)
    if (count === 0) return false
    peer.answered(count)
    if (this.#hasSampled) this.#stamps.waited(this.#slots, 0, count, WAIT_REPLY_MAILBOX)
    this.#byStage(count, this.#advanceOwn)
    return true
  }

  /** Runs the keyed stages of a peer's requests and sends them back. */
  #serveRequests(peer: Peer): boolean {
    const count = this.#take(peer.requestsIn)
    if (count === 0) return false
    if (this.#hasSampled) this.#stamps.waited(this.#slots, 0, count, WAIT_REQUEST_MAILBOX)
    this.#fetchBuckets(count)
    this.#fetchRecords(count)
    this.#byStage(count, this.#serveForeign)
    if (this.#hasSampled) this.#stamps.served(this.#slots, 0, count, 0)
    // Cannot fail: the origin's permits bound the replies to the ring's places.
    for (let i = 0; i < count; i++) peer.repliesOut.tryPush(this.#slots[i]!)
    this.#counters.sent(count)
    return true
  }

  #servePort(): boolean {
    if (this.#blockedCount !== 0) this.#retryBlocked()
    // Requests of a busy shard wait apart, so that those of others go on; but not without bound.
    if (this.#blockedCount + this.#limit > this.#blocked.length) return false
    const received = this.#port.receive(this.#slots, this.#limit)
    if (received === 0) return false
    this.#hasSampled = this.#port.hasSampled()
    this.#advance(0, received, 0)
    return true
  }

  /** Moves up to a batch from a ring into the present one. */
  #take(ring: SpscConsumer): number {
    const count = Math.min(ring.available(), this.#limit)
    for (let i = 0; i < count; i++) this.#slots[i] = ring.pop()
    ring.release()
    this.#hasSampled = this.#view.fetch(this.#slots, 0, count)
    return count
  }

  /** Calls back for each run of requests of the present batch that stand at the same stage: most often once. */
  #byStage(count: number, serve: ServeRun): void {
    const view = this.#view
    for (let from = 0; from < count;) {
      view.at(this.#slots[from]!)
      const stage = view.get(SLOT_NEXT_STAGE)
      let to = from + 1
      for (; to < count; to++) {
        view.at(this.#slots[to]!)
        if (view.get(SLOT_NEXT_STAGE) !== stage) break
      }
      serve(from, to, stage)
      from = to
    }
  }

  #serveKeyed(from: number, to: number, first: number): void {
    const end = this.#nextKeyless[first]!
    for (let stage = first; stage < end; stage++) {
      this.#steps[stage]!.runBatch(this.#view, this.#slots, from, to, this.#records)
    }
    for (let i = from; i < to; i++) {
      this.#view.at(this.#slots[i]!)
      this.#view.set(SLOT_NEXT_STAGE, end)
    }
  }

  /**
   * Runs this shard's own requests `from … to − 1` of the present batch, all at the same stage, as far as this shard may:
   * up to the first keyed stage together; there those of other shards are sent off, and the rest goes on to the end.
   */
  #advance(from: number, to: number, first: number): void {
    const steps = this.#steps
    const keyed = this.#nextKeyed[first] ?? steps.length
    for (let stage = first; stage < keyed; stage++) {
      steps[stage]!.runBatch(this.#view, this.#slots, from, to, this.#records)
    }
    // Before some of them leave: what was done so far was done for all.
    if (this.#hasSampled && keyed !== steps.length) this.#stamps.served(this.#slots, from, to, 0)
    const end = keyed === steps.length ? to : this.#keepOwn(from, to, keyed)
    for (let stage = keyed; stage < steps.length; stage++) {
      steps[stage]!.runBatch(this.#view, this.#slots, from, end, this.#records)
    }
    if (this.#hasSampled) this.#stamps.served(this.#slots, from, end, 0)
    this.#port.reply(this.#slots, from, end)
  }

  /** Sends the requests of other shards off and moves this shard's own ones together; tells where they end. */
  #keepOwn(from: number, to: number, stage: number): number {
    const view = this.#view
    const slots = this.#slots
    let end = from
    for (let i = from; i < to; i++) {
      const slot = slots[i]!
      view.at(slot)
      const owner = shardOf(view.get(SLOT_HASH), this.#shardCount)
      if (owner === this.#shard) {
        this.#records.fetchBucket(view)
        slots[end++] = slot
      } else {
        view.set(SLOT_NEXT_STAGE, stage)
        this.#send(slot, owner)
      }
    }
    for (let i = from; i < end; i++) {
      view.at(slots[i]!)
      this.#records.fetchRecord(view)
    }
    return end
  }

  /** Fetches what the keyed stages will touch, for the whole batch: the misses overlap, as they do in a pool's batch. */
  #fetchBuckets(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#view.at(this.#slots[i]!)
      this.#records.fetchBucket(this.#view)
    }
  }

  #fetchRecords(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#view.at(this.#slots[i]!)
      this.#records.fetchRecord(this.#view)
    }
  }

  #send(slot: SlotIndex, owner: number): void {
    const peer = this.#peerOf[owner]!
    if (!peer.trySend(slot)) {
      this.#blocked[this.#blockedCount++] = slot
      return
    }
    this.#counters.sent(1)
  }

  #retryBlocked(): void {
    const count = this.#blockedCount
    this.#blockedCount = 0
    for (let i = 0; i < count; i++) {
      const slot = this.#blocked[i]!
      this.#view.at(slot)
      this.#send(slot, shardOf(this.#view.get(SLOT_HASH), this.#shardCount))
    }
  }
}
