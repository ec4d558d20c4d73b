import { shardOf } from '../../base/hash.ts'
import type { FetchableRecords, Step } from '../../contract/architecture.ts'
import { type Port, type PortThread, TURN_TOOK } from '../../contract/port.ts'
import { type BackgroundSlices, NEXT_SLICE } from '../../measure/background-slices.ts'
import {
  WAIT_LEGS,
  WAIT_OFF_LOAD,
  WAIT_REPLY_MAILBOX,
  WAIT_REQUEST_MAILBOX,
  WAIT_SLICE,
} from '../../shared-memory/phase-layout.ts'
import { BLOCKED_TAKEN, type PhaseStamps } from '../../shared-memory/phase-stamps.ts'
import { SLOT_HASH, SLOT_NEXT_STAGE } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { SpscConsumer } from '../../shared-memory/spsc-ring.ts'
import { Detours } from './detours.ts'
import { LateRequests, Outbox } from './outbox.ts'
import type { Peer } from './mailbox.ts'
import type { ReactorParts } from './reactor-parts.ts'
import { legStage, SplitRequests } from './split-requests.ts'

/** Serves the requests `from … to − 1` of the present batch, which all stand at `stage`. */
type ServeRun = (from: number, to: number, stage: number) => void

/**
 * One shard: owns a port and the records of its keys, on one processor. A turn serves replies that came back, requests
 * of other shards, requests of its own that were set aside, and its port, in this order (finish before beginning), then
 * publishes what it sent and flushes. A request runs inline from stage to stage until one touches a key of another shard;
 * that shard runs the keyed stages and sends the slot back, and the origin goes on. A request over many keys leaves in
 * legs; one whose stage waits, blocks or burns for long makes a detour. No lock on the records anywhere; what is shared is
 * protected by the mailboxes.
 */
export class Reactor implements PortThread {
  readonly #shard: number
  readonly #shardCount: number
  readonly #port: Port
  readonly #view: RequestView
  readonly #records: FetchableRecords
  readonly #steps: readonly Step[]
  /** From each stage on, the first one at which not every request just goes on; the number of stages when there is none. */
  readonly #nextStop: readonly number[]
  /** The same for requests of this shard's own keys. */
  readonly #nextOwnStop: readonly number[]
  /** From each keyed stage on, the first one that a peer does not run for this shard. */
  readonly #nextHome: readonly number[]
  readonly #peers: readonly Peer[]
  readonly #counters: ThreadCounters
  readonly #stamps: PhaseStamps
  readonly #batch: number
  readonly #quotaNs: number
  #limit: number
  // Made once: a closure per batch would be garbage.
  readonly #advanceOwn: ServeRun = (from, to, stage) => this.#advanceReturned(from, to, stage)
  readonly #serveForeign: ServeRun = (from, to, stage) => this.#serveKeyed(from, to, stage)
  readonly #goOnBehindWait: ServeRun = (from, to, stage) => this.#goOn(from, to, stage)
  readonly #advanceBehind: ServeRun = (from, to, stage) => this.#advance(from, to, stage + 1)
  /** The slots that the reactor works on: the present batch from one source. */
  readonly #slots: Int32Array
  readonly #outbox: Outbox
  readonly #late: LateRequests
  /** Null where no request ever leaves the way. */
  readonly #detours: Detours | null
  readonly #splits: SplitRequests
  readonly #background: BackgroundSlices | null
  readonly #backgroundSliceNs: number
  #lastWorked = false
  /** Slices of the present turn: they are as long as they are, and no reason to take fewer requests. */
  #slicesNs = 0
  /** One of the present batch is sampled; what declared waits had stopped this thread for when it last was stamped. */
  #hasSampled = false
  #blockedNs = 0.5
  readonly #next = new Float64Array(1)

  constructor(parts: ReactorParts) {
    const { steps, shardCount, batch } = parts
    this.#shard = parts.shard
    this.#shardCount = shardCount
    this.#port = parts.port
    this.#view = parts.view
    this.#records = parts.records
    this.#steps = steps
    const detours = new Detours(parts)
    const leaves = steps.map((step, stage) => step.legs !== null || detours.leaveAt(stage))
    const keyed = steps.map((step) => step.access !== 'none')
    const next = (holds: (stage: number) => boolean) =>
      steps.map((_, from) => {
        let stage = from
        while (stage < steps.length && !holds(stage)) stage++
        return stage
      })
    this.#nextStop = next((stage) => keyed[stage]! || leaves[stage]!)
    this.#nextOwnStop = next((stage) => leaves[stage]!)
    this.#nextHome = next((stage) => !keyed[stage]! || leaves[stage]!)
    this.#detours = steps.some((_, stage) => detours.leaveAt(stage)) ? detours : null
    this.#late = new LateRequests(parts)
    this.#outbox = new Outbox({ ...parts, late: this.#late })
    this.#splits = new SplitRequests({ ...parts, outbox: this.#outbox })
    this.#peers = parts.peers
    this.#counters = parts.counters
    this.#stamps = parts.stamps
    this.#batch = batch
    this.#limit = batch
    this.#slots = new Int32Array(batch)
    this.#quotaNs = parts.quotaNs
    this.#background = parts.background
    this.#backgroundSliceNs = parts.backgroundSliceNs
  }

  nextTimerNs(target: Float64Array, at: number): void {
    if (this.#detours === null) target[at] = Number.POSITIVE_INFINITY
    else this.#detours.nextTimerNs(target, at)
    const next = this.#next
    this.#outbox.nextRefusalNs(next, 0)
    if (next[0]! < target[at]!) target[at] = next[0]!
    if (this.#background !== null)
      target[at] = Math.min(target[at]!, this.#background.cell[NEXT_SLICE]!)
  }

  /** What waits for a peer waits apart. */
  isHeldUp(): boolean {
    return false
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
    if (this.#detours !== null && this.#takeBack(this.#detours)) worked = true
    // Before the port's: first come, first served.
    if (this.#outbox.sendWaiting()) worked = true
    if (this.#servePort()) worked = true
    if (this.#detours !== null && this.#serveSlice(this.#detours)) worked = true
    if (worked) {
      this.#outbox.publish()
      this.#port.flush()
    }
    if (this.#background !== null && this.#background.take(worked)) {
      this.#slicesNs += this.#backgroundSliceNs
      worked = true
    }
    this.#lastWorked = worked
    return worked
  }

  /** Task quota: turns that took too long halve the number of requests of the next ones, short ones double it. */
  #keepQuota(): void {
    const tookNs = this.#port.cell[TURN_TOOK]! - this.#slicesNs
    this.#slicesNs = 0
    if (tookNs > this.#quotaNs) this.#limit = Math.max(1, this.#limit >> 1)
    else if (this.#limit < this.#batch) this.#limit = Math.min(this.#batch, this.#limit << 1)
  }

  /** Goes on with this shard's requests that come back from a peer. */
  #takeReplies(peer: Peer): boolean {
    const taken = this.#take(peer.repliesIn)
    if (taken === 0) return false
    peer.answered(taken)
    const count = this.#late.refuseMarked(this.#slots, taken)
    if (this.#hasSampled) this.#stamps.waited(this.#slots, 0, count, WAIT_REPLY_MAILBOX)
    this.#byStage(count, this.#advanceOwn)
    return true
  }

  /** Runs the keyed stages of a peer's requests and sends them back, those unserved that are late. */
  #serveRequests(peer: Peer): boolean {
    const taken = this.#take(peer.requestsIn)
    if (taken === 0) return false
    const count = this.#late.putBehind(this.#slots, taken)
    if (this.#hasSampled) this.#stamps.waited(this.#slots, 0, count, WAIT_REQUEST_MAILBOX)
    this.#records.fetch(this.#view, this.#slots, 0, count)
    this.#byStage(count, this.#serveForeign)
    if (this.#hasSampled) this.#stoodBy(0, count)
    // Cannot fail: the origin's permits bound the replies to the ring's places.
    for (let i = 0; i < taken; i++) peer.repliesOut.tryPush(this.#slots[i]!)
    this.#counters.sent(taken)
    return true
  }

  #servePort(): boolean {
    const received = this.#port.receive(this.#slots, this.#limit)
    if (received === 0) return false
    this.#late.received(this.#slots, received)
    this.#hasSampled = this.#port.hasSampled()
    if (this.#hasSampled) this.#blockedNs = this.#counters.waits.cell[0]!
    this.#advance(0, received, 0)
    return true
  }

  /** Goes on with requests of this shard whose wait is over or that off-load threads return. */
  #takeBack(detours: Detours): boolean {
    const slots = this.#slots
    const due = detours.takeDue(slots, this.#limit)
    if (due !== 0) {
      this.#look(due)
      if (this.#hasSampled) this.#stamps.waitedDeclared(slots, 0, due)
      this.#byStage(due, this.#goOnBehindWait)
    }
    const returned = detours.takeReturned(slots, this.#limit)
    if (returned !== 0) {
      const kept = this.#late.refuseReturned(slots, returned)
      this.#look(kept)
      if (this.#hasSampled) this.#stamps.waited(slots, 0, kept, WAIT_OFF_LOAD)
      this.#byStage(kept, this.#advanceBehind)
    }
    return due !== 0 || returned !== 0
  }

  /** One slice of one long burn: between two of them everybody else gets a turn. */
  #serveSlice(detours: Detours): boolean {
    const slots = this.#slots
    if (!detours.takeSliced(slots)) return false
    if (detours.isFirstSlice(slots[0]!) && this.#late.refuseLate(slots, 0, 1, 0) === 0) return true
    this.#look(1)
    if (this.#hasSampled) this.#stamps.waited(slots, 0, 1, WAIT_SLICE)
    this.#view.at(slots[0]!)
    const stage = this.#view.get(SLOT_NEXT_STAGE)
    const done = detours.burnSlice(slots, stage)
    this.#slicesNs += detours.burntNs
    if (this.#hasSampled) this.#served(0, 1, stage)
    if (done) this.#advance(0, this.#late.refuseLate(slots, 0, 1, 1), stage + 1)
    return true
  }

  /** Moves up to a batch from a ring into the present one. */
  #take(ring: SpscConsumer): number {
    const count = Math.min(ring.available(), this.#limit)
    for (let i = 0; i < count; i++) this.#slots[i] = ring.pop()
    ring.release()
    if (count !== 0) this.#look(count)
    return count
  }

  /** Fetches the present batch, and sees whether one of it is sampled. */
  #look(count: number): void {
    this.#hasSampled = this.#view.fetch(this.#slots, 0, count)
    if (this.#hasSampled) this.#blockedNs = this.#counters.waits.cell[0]!
  }

  /** Stamps what a stage did for sampled requests since their last stamp; no locks: what those took stays 0. */
  #served(from: number, to: number, stage: number): void {
    this.#stamps.taken[BLOCKED_TAKEN] = this.#counters.waits.cell[0]! - this.#blockedNs
    this.#stamps.served(this.#slots, from, to, stage)
    this.#blockedNs = this.#counters.waits.cell[0]!
  }

  /** Sampled requests had the turn of others of their batch to wait for since their last stamp. */
  #stoodBy(from: number, to: number): void {
    this.#stamps.waitedForBatch(this.#slots, from, to)
    this.#blockedNs = this.#counters.waits.cell[0]!
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
      if (this.#hasSampled && from !== 0) this.#stoodBy(from, to)
      serve(from, to, stage)
      from = to
    }
  }

  #serveKeyed(from: number, to: number, first: number): void {
    if (first < 0) {
      const { legs } = this.#steps[legStage(first)]!
      return legs!.runBatch(this.#view, this.#slots, from, to, this.#records)
    }
    const end = this.#nextHome[first]!
    for (let stage = first; stage < end; stage++) {
      this.#steps[stage]!.runBatch(this.#view, this.#slots, from, to, this.#records)
      if (this.#hasSampled) this.#served(from, to, stage)
    }
    for (let i = from; i < to; i++) {
      this.#view.at(this.#slots[i]!)
      this.#view.set(SLOT_NEXT_STAGE, end)
    }
  }

  /** Requests of this shard, or legs of some, are back from a peer. */
  #advanceReturned(from: number, to: number, stage: number): void {
    if (stage >= 0) return this.#advance(from, to, stage)
    const split = legStage(stage)
    const end = this.#splits.gather(this.#slots, from, to, split)
    if (end === from) return
    // The legs were not, their requests may be.
    if (this.#view.fetch(this.#slots, from, end)) {
      if (!this.#hasSampled) this.#blockedNs = this.#counters.waits.cell[0]!
      this.#hasSampled = true
      this.#stamps.waited(this.#slots, from, end, WAIT_LEGS)
    }
    this.#advance(from, end, split + 1)
  }

  /**
   * Runs this shard's own requests `from … to − 1` of the present batch, all at the same stage, as far as this shard may:
   * up to a stage at which some leave it, to another shard, in legs, or on a detour; the rest goes on to the end.
   */
  #advance(from: number, to: number, first: number): void {
    const steps = this.#steps
    let stage = first
    let end = to
    let areOwn = false
    while (end > from) {
      const stop = (areOwn ? this.#nextOwnStop : this.#nextStop)[stage] ?? steps.length
      for (; stage < stop; stage++) {
        steps[stage]!.runBatch(this.#view, this.#slots, from, end, this.#records)
        if (this.#hasSampled) this.#served(from, end, stage)
      }
      if (stage === steps.length) break
      if (this.#detours !== null && this.#detours.leaveAt(stage)) {
        this.#detours.before(this.#slots, from, end, stage)
        // Before some of them leave: what was done so far was done for all.
        if (this.#hasSampled) this.#served(from, end, stage)
        end = this.#detours.setTimers(this.#slots, from, end, stage)
        end = this.#goThrough(this.#detours, from, end, stage)
        stage++
      } else if (steps[stage]!.legs !== null) {
        end = this.#splits.split(this.#slots, from, end, stage)
        if (this.#hasSampled && end !== from) this.#served(from, end, stage)
        stage++
      } else {
        end = this.#keepOwn(from, end, stage)
        areOwn = true
      }
    }
    if (end === from) return
    this.#port.reply(this.#slots, from, end)
  }

  #goOn(from: number, to: number, stage: number): void {
    const through = this.#goThrough(this.#detours!, from, to, stage)
    // As staged's are that take them from the next stage's queue.
    const end = this.#late.refuseLate(this.#slots, from, through, 1)
    this.#advance(from, end, stage + 1)
  }

  /** The rest of a stage with detours, for those that need no more of them; tells where they end. */
  #goThrough(detours: Detours, from: number, to: number, stage: number): number {
    const end = detours.goOn(this.#slots, from, to, stage)
    if (this.#hasSampled && end !== from) this.#served(from, end, stage)
    return end
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
        slots[end++] = slot
      } else {
        view.set(SLOT_NEXT_STAGE, stage)
        this.#outbox.send(slot, owner)
      }
    }
    this.#records.fetch(view, slots, from, end)
    return end
  }
}
