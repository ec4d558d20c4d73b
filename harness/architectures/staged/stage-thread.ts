import type { Clock } from '../../base/clock.ts'
import type {
  FetchableRecords,
  RecordGuard,
  Step,
  StepLegs,
  StepPieces,
} from '../../contract/architecture.ts'
import { LARGEST_BATCH } from '../../contract/common-options.ts'
import type { AwakeThreads } from '../../shared-memory/awake-threads.ts'
import type { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import type { Condition, WorkProbe } from '../../shared-memory/condition.ts'
import type { Doorbell } from '../../shared-memory/doorbell.ts'
import { type IdleStrategy, LONGEST_PARK_MS } from '../../shared-memory/idle-strategy.ts'
import { PORT_MASK } from '../../shared-memory/phase-layout.ts'
import { BLOCKED_TAKEN, LOCK_TAKEN, type PhaseStamps } from '../../shared-memory/phase-stamps.ts'
import { SLOT_NEXT_STAGE, SLOT_PORT } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { SlotTimers } from '../../shared-memory/slot-timers.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { LateSlots } from '../../shared-memory/late-slots.ts'
import type { RoomBells } from './room-bells.ts'
import type { StageSettings } from './staged-memory.ts'

/** A pool thread's way to the timer thread, and back. */
export interface StageTimers {
  readonly clock: Clock
  /** To the timer thread. */
  readonly waiting: BoundedQueue
  /** Only to write waits down: the timer thread keeps them. */
  readonly timers: SlotTimers
  /** By stage: from the timer thread; null where no request waits so. Never full, and served before the stage's queue. */
  readonly returned: readonly (BoundedQueue | null)[]
}

/** What a thread of a pool is made of. */
export interface StageThreadParts {
  /** The one stage of its pool (classic), or every stage (fused). */
  readonly stages: readonly number[]
  /** Its place in the pool: a thread whose place is not below the active number sleeps. */
  readonly place: number
  /**
   * In place of that, any thread serves a stage, as many at once as it has active threads: for a shared pool with more threads
   * than some stage may have at once. A wake-up may be anyone's there, whatever stage it was for.
   */
  readonly anyPlace: boolean
  readonly steps: readonly Step[]
  /** Where requests wait that nobody sleeps for; null where none does. */
  readonly timers: StageTimers | null
  /** Null where no request has a deadline. */
  readonly late: LateSlots | null
  readonly queues: readonly BoundedQueue[]
  readonly replyQueues: readonly BoundedQueue[]
  readonly doorbells: readonly Doorbell[]
  /** Ports whose owners wait for room in the first queue. */
  readonly room: RoomBells
  readonly settings: StageSettings
  readonly locks: RecordGuard
  readonly records: FetchableRecords
  readonly view: RequestView
  /** Most keys of a request over many. */
  readonly legsPerSlot: number
  readonly idle: IdleStrategy
  readonly awake: AwakeThreads
  readonly notEmpty: Condition
  readonly inline: boolean
  /** It takes no more of a queue than its share: what is left is for the stage's other threads. */
  readonly shares: boolean
  readonly counters: ThreadCounters
  readonly stamps: PhaseStamps
  readonly stopped: () => boolean
}

/*
 * Nobody sleeps over work, where threads of a pool are woken one at a time and a stage lets in as many as it has permits:
 *   1. Whoever takes from one of several queues, be they two of one stage, signals for what is in the others: the signal that it got may have been theirs.
 *   2. A thread that may serve no longer passes the signal on: it sees work that is not its own as a reason not to sleep.
 *   3. Who finds no permit may sleep: some thread of the pool is in the stage. That one gives its permit back first and then looks
 *      at the queues, or signals after a look if it does something else before: runs a further stage, or waits for room.
 *      Who tries in vain adds to the permits for a moment, for which others are refused: it looks again like one that was in.
 *   4. Room in a queue is signalled by who takes from it, to one producer; a producer that waited and leaves room signals
 *      the next. Owners of ports wait elsewhere: see `RoomBells`.
 * In all of them the look comes behind the change that others could have missed (published work, a permit, room), and a sleeper's
 * last look behind its entry as a sleeper; all accesses are sequentially consistent: see `Condition`.
 * Full queues make no deadlock. In the classic layout a queue's consumers wait for later queues only, and the last stage for
 * none. In the fused one let all threads wait for room or sleep, and let m be the last queue that one waits for. It was filled
 * by a thread that then looked from the last stage to the first and found m's queue not empty: it served m or a later stage, or
 * others held all permits of m, of whom the last one came back and looked. Nobody of them waits for a later queue than m, by the
 * choice of m, so one came back until m's queue had room. Requests that return from the timer thread fill no bounded queue, and
 * nobody takes more of them at once than such a queue holds: whoever found the next queue empty, and filled it first, came back.
 */

/**
 * A thread of a pool: takes a batch from a queue, runs the stage on each request, hands the batch on as a whole. With
 * `inline` it runs the next stage itself when that stage has a free permit (Cassandra, maybeExecuteImmediately).
 */
export class StageThread implements WorkProbe {
  readonly #parts: StageThreadParts
  readonly #view: RequestView
  readonly #records: FetchableRecords
  readonly #locks: RecordGuard
  readonly #batch = new Int32Array(LARGEST_BATCH)
  readonly #ofPort = new Int32Array(LARGEST_BATCH)
  /** Slots of the legs of the request that the thread works on. */
  readonly #legs: Int32Array
  readonly #room: readonly WorkProbe[]
  /** By stage: whether threads sleep in it, and those that come back from the timer thread. */
  readonly #sleepsAt: readonly boolean[]
  readonly #returned: readonly (BoundedQueue | null)[]
  /** One of the present batch is sampled; what locks of the data and declared waits had taken of the thread when it began. */
  #hasSampled = false
  readonly #before = new Float64Array(2)

  constructor(parts: StageThreadParts) {
    this.#parts = parts
    this.#view = parts.view
    this.#records = parts.records
    this.#locks = parts.locks
    this.#legs = new Int32Array(parts.legsPerSlot)
    const { steps, timers } = parts
    this.#returned = steps.map((_, stage) => timers?.returned[stage] ?? null)
    this.#sleepsAt = steps.map(({ sleeps, pieces }, stage) =>
      this.#returned[stage] === null ? sleeps : pieces!.isOffloaded !== null,
    )
    this.#room = parts.queues.map((queue) => ({ hasWork: () => !queue.isFull() }))
  }

  /** Serves until the trial stops it. */
  run(): void {
    const { stopped, idle, notEmpty } = this.#parts
    while (!stopped()) {
      if (!this.#isActive()) this.#stepAside()
      else if (!this.#serveOnce()) idle.wait(notEmpty, this)
    }
  }

  #isActive(): boolean {
    const { stages } = this.#parts
    for (let i = 0; i < stages.length; i++) if (this.#serves(stages[i]!)) return true
    return false
  }

  #serves(stage: number): boolean {
    const { settings, place, anyPlace } = this.#parts
    return anyPlace || place < settings.activeThreads(stage)
  }

  /** Sleeps while the controller has no use for this thread. */
  #stepAside(): void {
    const { stages, notEmpty, settings, awake } = this.#parts
    const calls = settings.calls()
    if (this.#isActive()) return
    // Rule 2: a signal that this thread got was meant for an active one.
    for (let i = 0; i < stages.length; i++) if (this.#isWanted(stages[i]!)) notEmpty.signal()
    awake.remove()
    settings.sleepInactive(calls)
    awake.add()
  }

  /** Whether one of its queues has work and, where permits are scarce, there is one: also when it must pass that on. */
  hasWork(): boolean {
    const { stages } = this.#parts
    for (let i = 0; i < stages.length; i++) if (this.#hasWorkAt(stages[i]!)) return true
    return false
  }

  #hasWorkAt(stage: number): boolean {
    const { settings, anyPlace } = this.#parts
    if (!this.#isWanted(stage)) return false
    return !anyPlace || settings.hasPermit(stage)
  }

  /** Whether a stage's queues seem to have work. */
  #isWanted(stage: number): boolean {
    if (this.#parts.queues[stage]!.hasWork()) return true
    return this.#returned[stage]?.hasWork() ?? false
  }

  // Measured path from here to the end of the class.
  #serveOnce(): boolean {
    const { stages, steps, queues, settings, notEmpty, room, late } = this.#parts
    // From the last stage to the first, and those that waited before others: finish before beginning.
    for (let i = stages.length - 1; i >= 0; i--) {
      const stage = stages[i]!
      if (!this.#enter(stage)) continue
      const returned = this.#returned[stage]!
      const back = returned === null ? 0 : this.#take(stage, returned)
      const count = back === 0 ? this.#take(stage, queues[stage]!) : back
      if (count === 0) {
        settings.leave(stage)
        continue
      }
      if (stage === 0 && back === 0) room.ring()
      // Rule 1.
      if ((stages.length > 1 || returned !== null) && this.hasWork()) notEmpty.signal()
      // Those that return have begun.
      const kept = late === null || back !== 0 ? count : this.#refuseLate(late, stage, count)
      this.#hasSampled = this.#view.fetch(this.#batch, 0, kept)
      if (this.#hasSampled) this.#beginService(stage, kept)
      const left = back === 0 ? this.#runStage(stage, kept) : kept
      // The rest of the stage, for those that have waited.
      if (back !== 0) steps[stage]!.pieces!.rest(this.#view, this.#batch, 0, kept, this.#records)
      settings.leave(stage)
      if (this.#hasSampled) this.#endStage(stage, left)
      this.#handOn(stage + 1, left)
      return true
    }
    return false
  }

  /** Sends back what is late of a batch that was just taken from a queue; the rest moves to its front. Tells how much that is. */
  #refuseLate(late: LateSlots, stage: number, count: number): number {
    const kept = late.pickLate(this.#batch, count, stage)
    if (kept === count) return count
    this.#parts.settings.addLate(stage, count - kept)
    this.#sendBack(late.slots, count - kept)
    return kept
  }

  /** Takes a batch of one of a stage's queues; tells how many. */
  #take(stage: number, queue: BoundedQueue): number {
    const { queues, settings, shares } = this.#parts
    // Of those that return, no more than the next queue, which is as large as this one, holds: see above.
    const batch = Math.min(settings.batch(stage), queues[stage]!.capacity)
    if (!shares) return queue.tryPopBatch(this.#batch, batch)
    const threads = settings.activeThreads(stage)
    const share = ((queue.length() + threads - 1) / threads) | 0
    return queue.tryPopBatch(this.#batch, Math.min(batch, share))
  }

  /** Takes a permit of a stage whose queues seem to have work, if this thread may serve it. */
  #enter(stage: number): boolean {
    const { settings, anyPlace } = this.#parts
    if (!this.#isWanted(stage)) return false
    if (anyPlace) return settings.tryEnter(stage)
    if (!this.#serves(stage)) return false
    settings.enter(stage)
    return true
  }

  #beginService(stage: number, count: number): void {
    this.#parts.stamps.waited(this.#batch, 0, count, stage)
    this.#lookAtTaken()
  }

  /** What locks and declared waits have taken so far is no part of the stages to come. */
  #lookAtTaken(): void {
    const { counters } = this.#parts
    counters.locks.waitedNs(this.#before, LOCK_TAKEN)
    this.#before[BLOCKED_TAKEN] = counters.waits.cell[0]!
  }

  /** A stage is done for the first `count` of the batch; the next one, if this thread runs it, has its own stamps. */
  #endStage(stage: number, count: number): void {
    this.#endService(this.#batch, count, stage)
    this.#lookAtTaken()
  }

  #endService(slots: Int32Array, count: number, stage: number): void {
    const { stamps, counters } = this.#parts
    const { taken } = stamps
    counters.locks.waitedNs(taken, LOCK_TAKEN)
    taken[LOCK_TAKEN]! -= this.#before[LOCK_TAKEN]!
    taken[BLOCKED_TAKEN] = counters.waits.cell[0]! - this.#before[BLOCKED_TAKEN]!
    stamps.served(slots, 0, count, stage)
  }

  #handOn(first: number, length: number): void {
    const { steps, inline, settings, notEmpty, anyPlace } = this.#parts
    let stage = first
    let count = length
    for (; inline && count !== 0 && stage < steps.length; stage++) {
      // Requests that sleep one behind the other would sleep for each other: other threads take the rest.
      if (this.#sleepsAt[stage]! && count > 1) break
      if (!settings.tryEnter(stage)) break
      // Rule 3.
      if (anyPlace && this.hasWork()) notEmpty.signal()
      count = this.#runStage(stage, count)
      settings.leave(stage)
      if (this.#hasSampled) this.#endStage(stage, count)
    }
    if (count === 0) return
    if (stage === steps.length) this.#sendBack(this.#batch, count)
    else this.#push(stage, count)
  }

  /** Answers how many of the batch are through: the others wait for the timer thread. */
  #runStage(stage: number, count: number): number {
    const step = this.#parts.steps[stage]!
    if (this.#returned[stage] !== null) return this.#runAroundWait(step.pieces!, stage, count)
    if (step.access === 'none') step.runBatch(this.#view, this.#batch, 0, count, this.#records)
    else if (step.legs !== null) this.#runLegs(step.legs, count)
    else {
      this.#records.fetch(this.#view, this.#batch, 0, count)
      step.runGuarded(this.#view, this.#batch, 0, count, this.#records, this.#locks)
    }
    return count
  }

  /** Sends requests that wait to the timer thread, and does the rest of the stage for those that need not. */
  #runAroundWait(pieces: StepPieces, stage: number, count: number): number {
    const { timers, counters } = this.#parts
    const { clock, waiting } = timers!
    const batch = this.#batch
    const leavingSlots = this.#ofPort
    const view = this.#view
    pieces.before?.(view, batch, 0, count, this.#records)
    clock.read()
    let through = 0
    let leaving = 0
    for (let i = 0; i < count; i++) {
      const slot = batch[i]!
      view.at(slot)
      const askedNs = pieces.waitNs!(view)
      if (askedNs <= 0) {
        batch[through++] = slot
        continue
      }
      view.set(SLOT_NEXT_STAGE, stage)
      timers!.timers.set(slot, askedNs, clock.cell, 0)
      leavingSlots[leaving++] = slot
    }
    if (leaving !== 0) {
      if (this.#hasSampled) this.#endService(leavingSlots, leaving, stage)
      waiting.tryPushBatch(leavingSlots, 0, leaving)
      counters.handedOff(leaving)
    }
    if (through !== 0) pieces.rest(view, batch, 0, through, this.#records)
    return through
  }

  /** All legs of a request, each under its own key's lock, one after the other: what a thread does for a request over many keys. */
  #runLegs(legs: StepLegs, count: number): void {
    const view = this.#view
    for (let i = 0; i < count; i++) {
      const slot = this.#batch[i]!
      view.at(slot)
      const legCount = legs.split(view)
      for (let leg = 0; leg < legCount; leg++) this.#legs[leg] = legs.slotOf(slot, leg)
      this.#records.fetch(view, this.#legs, 0, legCount)
      legs.runGuarded(view, this.#legs, 0, legCount, this.#records, this.#locks)
      view.at(slot)
      legs.combine(view)
    }
  }

  #push(stage: number, count: number): void {
    const pushed = this.#parts.queues[stage]!.tryPushBatch(this.#batch, 0, count)
    if (pushed < count) this.#pushRest(stage, pushed, count)
    this.#parts.counters.handedOff(count)
  }

  /** A full queue makes its producer wait. */
  #pushRest(stage: number, pushed: number, count: number): void {
    const { queues, notEmpty, stopped } = this.#parts
    const queue = queues[stage]!
    // Rule 3.
    if (this.hasWork()) notEmpty.signal()
    for (let from = pushed; from < count && !stopped();) {
      queue.notFull.park(this.#room[stage]!, LONGEST_PARK_MS)
      from += queue.tryPushBatch(this.#batch, from, count)
    }
    // Rule 4.
    if (!queue.isFull()) queue.notFull.signal()
  }

  /** Returns finished or late requests to the owners of their ports, one batch per port. */
  #sendBack(batch: Int32Array, count: number): void {
    const { replyQueues, doorbells, counters } = this.#parts
    const ofPort = this.#ofPort
    for (let port = 0; port < replyQueues.length; port++) {
      let length = 0
      for (let i = 0; i < count; i++) {
        this.#view.at(batch[i]!)
        if ((this.#view.get(SLOT_PORT) & PORT_MASK) === port) ofPort[length++] = batch[i]!
      }
      if (length === 0) continue
      replyQueues[port]!.tryPushBatch(ofPort, 0, length)
      doorbells[port]!.ring()
    }
    counters.handedOff(count)
  }
}
