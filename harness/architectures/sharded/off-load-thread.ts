import type { Step } from '../../contract/architecture.ts'
import type { Records } from '../../contract/request.ts'
import type { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import type { Doorbell } from '../../shared-memory/doorbell.ts'
import type { IdleStrategy } from '../../shared-memory/idle-strategy.ts'
import type { LateSlots } from '../../shared-memory/late-slots.ts'
import { PORT_MASK, WAIT_OFF_LOAD } from '../../shared-memory/phase-layout.ts'
import { BLOCKED_TAKEN, LOCK_TAKEN, type PhaseStamps } from '../../shared-memory/phase-stamps.ts'
import { SLOT_NEXT_STAGE, SLOT_PORT } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'

/** What an off-load thread is made of. */
export interface OffLoadThreadParts {
  readonly steps: readonly Step[]
  readonly view: RequestView
  /** Requests whose stage would block a reactor. */
  readonly queue: BoundedQueue
  /** By shard: requests on their way back. */
  readonly replies: readonly BoundedQueue[]
  readonly doorbells: readonly Doorbell[]
  /** Null where no request has a deadline. */
  readonly lateSlots: LateSlots | null
  readonly idle: IdleStrategy
  readonly counters: ThreadCounters
  readonly stamps: PhaseStamps
  readonly stopped: () => boolean
}

/** Keyless stages only: nothing here may touch a record. */
const NO_RECORDS = {} as Records

/**
 * A thread of the sharded server that owns nothing and may block: takes one request at a time, executes the stage at which
 * it stands, and returns it to the reactor that it came from (Seastar, `alien`, and its thread for system calls). One at a
 * time, since whatever waited behind a blocked request would wait for nothing. What is late goes back without its call.
 *
 * Protocol: the reactor writes the slot, then pushes its index; this thread reads the slot after it popped the index, writes
 * it, and pushes the index back before it rings. Both queues have room for every slot, so nobody ever waits for room, and
 * each push and pop is under the queue's mutex, so no index is lost or seen before its slot.
 */
export class OffLoadThread {
  readonly #parts: OffLoadThreadParts
  readonly #slots = new Int32Array(1)

  constructor(parts: OffLoadThreadParts) {
    this.#parts = parts
  }

  /** Serves until the trial stops it. */
  run(): void {
    const { stopped, idle, queue } = this.#parts
    while (!stopped()) if (!this.serveOnce()) idle.wait(queue.notEmpty, queue)
  }

  // Measured path.
  /** Serves one request; answers whether one was there. */
  serveOnce(): boolean {
    const { queue, view, counters, replies, doorbells, lateSlots } = this.#parts
    const slots = this.#slots
    if (queue.tryPopBatch(slots, 1) === 0) return false
    const slot = slots[0]!
    const hasSampled = view.fetch(slots, 0, 1)
    if (lateSlots === null || lateSlots.pickLateStanding(view, slots, 0, 1, 0) === 1)
      this.#serve(hasSampled)
    view.at(slot)
    const shard = view.get(SLOT_PORT) & PORT_MASK
    replies[shard]!.tryPushBatch(slots, 0, 1)
    doorbells[shard]!.ring()
    counters.handedOff(1)
    return true
  }

  #serve(hasSampled: boolean): void {
    const { view, steps, stamps, counters } = this.#parts
    const slots = this.#slots
    if (hasSampled) stamps.waited(slots, 0, 1, WAIT_OFF_LOAD)
    view.at(slots[0]!)
    const blockedNs = counters.waits.cell[0]!
    const stage = view.get(SLOT_NEXT_STAGE)
    steps[stage]!.pieces!.rest(view, slots, 0, 1, NO_RECORDS)
    if (!hasSampled) return
    stamps.taken[LOCK_TAKEN] = 0
    stamps.taken[BLOCKED_TAKEN] = counters.waits.cell[0]! - blockedNs
    stamps.served(slots, 0, 1, stage)
  }
}
