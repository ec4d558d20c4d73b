import type { Clock } from '../../base/clock.ts'
import type { Step } from '../../contract/architecture.ts'
import type { Port } from '../../contract/port.ts'

/** In place of the instant from which on a request is late: a thread of a pool found that it is, and its port is to refuse it. */
const TO_BE_REFUSED = -1

/** By slot, in shared memory; see `LateSlots`. */
export function createLateCells(slotCount: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(slotCount * Float64Array.BYTES_PER_ELEMENT))
}

/** What a thread needs to tell late requests. */
export interface LateSlotParts {
  /** Of all threads. */
  readonly lateFromNs: Float64Array
  readonly clock: Clock
  readonly steps: readonly Pick<Step, 'access'>[]
  /** Most slots that are ever looked at together. */
  readonly limit: number
}

/**
 * Requests whose deadline is over when a thread of a pool takes them from a stage's queue: staged's backlog stands there, where
 * no port sees it. They are dropped there (Cassandra: expired requests, at dequeue) and go back to the owner of their port, which
 * alone may refuse them. Only those that no record knows yet, as in sharded (`LateRequests`): of a stage behind the first keyed one none
 * is, nor one that has waited for a timer in the middle of its stage.
 *
 * Protocol: one cell per slot, written plainly by whoever has the slot. The port's owner writes from when on the request is late,
 * infinite for never, before it pushes the slot into the first queue; the thread that takes it from a stage's queue reads that,
 * and writes `TO_BE_REFUSED` before it pushes the slot into the reply queue; the owner reads that behind its pop there. Every push
 * and pop is under the queue's mutex, which orders what was written before the one ahead of what is read behind the other, from
 * stage to stage as well. The mark needs no clearing: the owner writes the cell anew for the slot's next request.
 *
 * Costs nothing where there is no deadline, since there is no instance then; else a cell per request and a look at the clock per
 * batch. Allocates nothing after it is made.
 */
export class LateSlots {
  readonly #lateFromNs: Float64Array
  readonly #clock: Clock
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
   * For a thread of a pool: marks those of `batch[0 … count − 1]` that are late and may be refused, and puts them into `slots`;
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

  /** For the port's owner: the same for those that came back to be refused; the others are answered. */
  pickMarked(batch: Int32Array, count: number): number {
    const lateFromNs = this.#lateFromNs
    let kept = 0
    for (let i = 0; i < count; i++) {
      const slot = batch[i]!
      if (lateFromNs[slot] === TO_BE_REFUSED) this.slots[i - kept] = slot
      else batch[kept++] = slot
    }
    return kept
  }
}
