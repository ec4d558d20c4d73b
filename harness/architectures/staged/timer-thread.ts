import { NS_PER_MS, BYTES_PER_WORD } from '../../base/units.ts'
import type { Clock } from '../../base/clock.ts'
import { LARGEST_BATCH } from '../../contract/common-options.ts'
import { type BackgroundSlices, NEXT_SLICE } from '../../measure/background-slices.ts'
import type { AwakeThreads } from '../../shared-memory/awake-threads.ts'
import type { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import type { WorkProbe } from '../../shared-memory/condition.ts'
import { LONGEST_PARK_MS, parkTime } from '../../shared-memory/idle-strategy.ts'
import type { PhaseStamps } from '../../shared-memory/phase-stamps.ts'
import { SLOT_NEXT_STAGE } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { SlotTimers } from '../../shared-memory/slot-timers.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'

/** What the thread that keeps waits is made of. */
export interface TimerThreadParts {
  /** Requests whose wait has begun. */
  readonly waiting: BoundedQueue
  readonly timers: SlotTimers
  /** By stage: requests whose wait is over; null where none waits. */
  readonly returned: readonly (BoundedQueue | null)[]
  readonly view: RequestView
  readonly clock: Clock
  readonly stamps: PhaseStamps
  readonly counters: ThreadCounters
  readonly stopped: () => boolean
}

/**
 * Keeps the waits that stages declare, so that no thread of a pool sleeps for one: SEDA's stages used asynchronous I/O, whose
 * completions came back as events of the stage's queue.
 *
 * Protocol: a thread of the stage writes the stage into the slot and into `SlotWaits` until when it waits, then pushes the
 * slot's index here. This thread reads both after it popped the index, and pushes the index into the stage's queue of returned
 * requests when the time is over; whoever pops it there goes on behind the wait. Every push and pop is under the queue's mutex,
 * so the slot is one thread's at a time. No deadlock: `waiting` and the queues of returned requests have room for every slot, so
 * nobody ever waits for this thread, and it waits for nobody.
 */
export class TimerThread implements WorkProbe {
  readonly #parts: TimerThreadParts
  readonly #slots = new Int32Array(LARGEST_BATCH)
  readonly #nextNs = new Float64Array(1)

  constructor(parts: TimerThreadParts) {
    this.#parts = parts
  }

  /** Serves until the trial stops it. */
  run(): void {
    const { stopped } = this.#parts
    while (!stopped()) if (!this.serveOnce()) this.#sleep()
  }

  /** Whether new waits have come. */
  hasWork(): boolean {
    return this.#parts.waiting.hasWork()
  }

  // Measured path from here to the end of the class.
  /** Takes in new waits, and sends on up to a batch of requests whose wait is over; answers whether there were any. */
  serveOnce(): boolean {
    const { waiting, timers, clock } = this.#parts
    const slots = this.#slots
    const begun = waiting.tryPopBatch(slots, LARGEST_BATCH)
    for (let i = 0; i < begun; i++) timers.start(slots[i]!)
    if (timers.count === 0) return begun !== 0
    clock.read()
    const due = timers.takeDue(slots, LARGEST_BATCH, clock.cell, 0)
    if (due !== 0) this.#sendBack(due)
    return begun !== 0 || due !== 0
  }

  /** To their stages: most often one. */
  #sendBack(count: number): void {
    const { view, stamps, counters, returned } = this.#parts
    const slots = this.#slots
    if (view.fetch(slots, 0, count)) stamps.waitedDeclared(slots, 0, count)
    for (let from = 0; from < count;) {
      view.at(slots[from]!)
      const stage = view.get(SLOT_NEXT_STAGE)
      let to = from + 1
      for (; to < count; to++) {
        view.at(slots[to]!)
        if (view.get(SLOT_NEXT_STAGE) !== stage) break
      }
      returned[stage]!.tryPushBatch(slots, from, to)
      from = to
    }
    counters.handedOff(count)
  }

  /** Until the first wait is over, or a new one comes. */
  #sleep(): void {
    const { waiting, timers, clock } = this.#parts
    timers.nextDueNs(this.#nextNs, 0)
    clock.read()
    const leftMs = (this.#nextNs[0]! - clock.cell[0]!) / NS_PER_MS
    if (leftMs >= LONGEST_PARK_MS) waiting.notEmpty.park(this, LONGEST_PARK_MS)
    else if (leftMs > 0) waiting.notEmpty.parkUntilDue(this, parkTime(leftMs))
  }
}

/** What a thread for background work is made of. */
export interface BackgroundThreadParts {
  readonly slices: BackgroundSlices
  readonly clock: Clock
  readonly awake: AwakeThreads
  readonly stopped: () => boolean
}

/**
 * One core's background work in the staged server, where it is a thread's and the kernel decides when that runs. It is
 * awake as long as a slice is due, so that nobody spins on the processor that it needs.
 */
export class BackgroundThread {
  readonly #parts: BackgroundThreadParts
  /** Never changed: only the timeout ends a sleep. */
  readonly #word = new Int32Array(new SharedArrayBuffer(BYTES_PER_WORD))

  constructor(parts: BackgroundThreadParts) {
    this.#parts = parts
  }

  /** Works until the trial stops it. */
  run(): void {
    const { slices, stopped } = this.#parts
    while (!stopped()) if (!slices.take(false)) this.#sleepUntilDue()
  }

  #sleepUntilDue(): void {
    const { slices, clock, awake } = this.#parts
    clock.read()
    const untilDueMs = (slices.cell[NEXT_SLICE]! - clock.cell[0]!) / NS_PER_MS
    if (untilDueMs <= 0) return
    awake.remove()
    Atomics.wait(this.#word, 0, 0, parkTime(Math.min(untilDueMs, LONGEST_PARK_MS)))
    awake.add()
  }
}
