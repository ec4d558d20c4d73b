import type { Clock } from '../base/clock.ts'
import type { Step } from '../contract/architecture.ts'
import type { Port } from '../contract/port.ts'
import { SLOT_NEXT_STAGE } from './request-slab-layout.ts'
import type { RequestView } from './request-view.ts'

/** In place of the instant from which on a request is late: a thread that is not its port's found that it is. */
const TO_BE_REFUSED = -1

/** By slot, in shared memory; see `LateSlots`. */
export function createLateCells(slotCount: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(slotCount * Float64Array.BYTES_PER_ELEMENT))
}

/** What a thread needs to tell late requests. */
export interface LateSlotParts {
  /** Of all threads. */
  readonly lateFromNs: Float64Array
  readonly clock: Pick<Clock, 'cell' | 'read'>
  readonly steps: readonly Pick<Step, 'access'>[]
  /** Most slots that are ever looked at together. */
  readonly limit: number
}

/**
 * Requests whose deadline is over when a thread that is not their port's takes them: one of a pool from its stage's queue, a
 * reactor from a mailbox, an off-load thread from its queue. Nothing is done for them there (Cassandra: expired requests, at
 * dequeue); they go back to the owner of their port, which alone may refuse them. Only those that no record knows yet: of a stage
 * behind the first keyed one none is, nor a leg of a request, nor what has waited for a timer in the middle of its stage.
 *
 * Protocol: one cell per slot, written plainly by whoever has the slot. The port's owner writes from when on the request is late,
 * infinite for never, before it pushes the slot into a queue or a mailbox; the thread that takes it from there reads that, and
 * writes `TO_BE_REFUSED` before it pushes the slot to where the owner finds it; the owner reads that behind its pop. Every push
 * and pop is under a queue's mutex, or by a mailbox's published position, which orders what was written before the one ahead of what
 * is read behind the other, from thread to thread as well. The mark needs no clearing: the owner writes the cell anew for the
 * slot's next request.
 *
 * Costs nothing where there is no deadline, since there is no instance then; else a cell per request and a look at the clock per
 * batch. Allocates nothing after it is made.
 */
export class LateSlots {
  readonly #lateFromNs: Float64Array
  readonly #clock: Pick<Clock, 'cell' | 'read'>
  /** The latest ones that were picked out, from the start. */
  readonly slots: Int32Array

  /** Of requests that come to a later one some record may know. */
  readonly #lastStage: number

  constructor({ lateFromNs, clock, steps, limit }: LateSlotParts) {
    this.#lateFromNs = lateFromNs
    this.#clock = clock
    this.slots = new Int32Array(limit)
    const firstKeyed = steps.findIndex(({ access }) => access !== 'none')
    this.#lastStage = firstKeyed === -1 ? steps.length - 1 : firstKeyed
  }

  // Measured path from here to the end of the class.
  /** For the port's owner: the requests `slots[0 … count − 1]` have just been received. */
  received(port: Pick<Port, 'lateFromNs'>, slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) port.lateFromNs(slots[i]!, this.#lateFromNs, slots[i]!)
  }

  /**
   * For a thread that is not the port's: marks those of `batch[0 … count − 1]` that are late and may be refused, and puts them into `slots`;
   * the others move to the front of the batch, in order. Tells how many those are.
   * @param stage from whose queue the batch comes.
   */
  pickLate(batch: Int32Array, count: number, stage: number): number {
    if (stage > this.#lastStage) return count
    const lateFromNs = this.#lateFromNs
    this.#clock.read()
    const nowNs = this.#clock.cell[0]!
    let kept = 0
    for (let i = 0; i < count; i++) {
      const slot = batch[i]!
      if (lateFromNs[slot]! > nowNs) batch[kept++] = slot
      else {
        lateFromNs[slot] = TO_BE_REFUSED
        this.slots[i - kept] = slot
      }
    }
    return kept
  }

  /**
   * The same of requests whose slots say at which stage each stands, some of them legs, of which the port knows nothing.
   * @param from where they begin in the batch, up to `to`; the others move together from there, and it tells where those end.
   * @param ahead 1 where that stage is done and the next one is to begin, else 0.
   */
  pickLateStanding(
    view: RequestView,
    batch: Int32Array,
    from: number,
    to: number,
    ahead: number,
  ): number {
    const lateFromNs = this.#lateFromNs
    this.#clock.read()
    const nowNs = this.#clock.cell[0]!
    let end = from
    for (let i = from; i < to; i++) {
      const slot = batch[i]!
      view.at(slot)
      const stage = view.get(SLOT_NEXT_STAGE)
      if (stage < 0 || stage + ahead > this.#lastStage || lateFromNs[slot]! > nowNs)
        batch[end++] = slot
      else {
        lateFromNs[slot] = TO_BE_REFUSED
        this.slots[i - end] = slot
      }
    }
    return end
  }

  /** For the port's owner: the same for those that came back to be refused; the others, legs among them, go on. */
  pickMarked(batch: Int32Array, count: number): number {
    const lateFromNs = this.#lateFromNs
    let kept = 0
    for (let i = 0; i < count; i++) {
      const slot = batch[i]!
      // Legs have slots behind those of requests.
      if (slot < lateFromNs.length && lateFromNs[slot] === TO_BE_REFUSED)
        this.slots[i - kept] = slot
      else batch[kept++] = slot
    }
    return kept
  }
}

/**
 * One thread's view of the cells of all; null where no request has a deadline.
 * @param clock a real one: a port's instant stands still while a batch is served, and what becomes late meanwhile would be answered.
 */
export function attachLate(
  lateFromNs: Float64Array | null,
  clock: LateSlotParts['clock'],
  steps: LateSlotParts['steps'],
  limit: number,
): LateSlots | null {
  return lateFromNs && new LateSlots({ lateFromNs, clock, steps, limit })
}
