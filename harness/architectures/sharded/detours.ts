import { powerOfTwoAtLeast } from '../../base/units.ts'
import type { StepPieces } from '../../contract/architecture.ts'
import { TURN_NOW } from '../../contract/port.ts'
import { burnIterations } from '../../measure/burn.ts'
import { SLOT_NEXT_STAGE } from '../../shared-memory/request-slab-layout.ts'
import { SlotTimers } from '../../shared-memory/slot-timers.ts'
import { SlotQueue } from './outbox.ts'
import type { ReactorParts } from './reactor-parts.ts'

/**
 * Where a reactor's own requests are while it goes on with others: behind a timer, with an off-load thread, or between two
 * slices of a long burn. Each stands at the stage in its slot. Everything but the off-load queues is the reactor's own.
 */
export class Detours {
  readonly #parts: ReactorParts
  /** By stage: its pieces where the reactor may leave it, else null. */
  readonly #pieces: readonly (StepPieces | null)[]
  readonly #timers: SlotTimers
  readonly #sliced: SlotQueue
  /** By slot of the port: iterations that are left; below 0 while its stage has not begun. */
  readonly #left: Float64Array
  readonly #sliceIterations: number
  #burntNs = 0
  readonly #handed: Int32Array

  constructor(parts: ReactorParts) {
    this.#parts = parts
    this.#pieces = parts.steps.map(({ pieces }) => {
      if (pieces === null) return null
      const leaves =
        pieces.waitNs !== null ||
        (parts.offLoad !== null && pieces.isOffloaded !== null) ||
        pieces.longestBurnNs > parts.sliceNs
      return leaves ? pieces : null
    })
    const cells = () => new Float64Array(parts.slotCount)
    const waits = { dueNs: cells(), askedNs: cells() }
    this.#timers = new SlotTimers(parts.firstSlot, waits, parts.counters.waits)
    this.#sliced = new SlotQueue(powerOfTwoAtLeast(parts.slotCount))
    this.#left = new Float64Array(parts.slotCount)
    // Infinite where nothing is sliced.
    this.#sliceIterations = Math.max(1, Math.floor(parts.sliceNs * parts.burnIterationsPerNs))
    this.#handed = new Int32Array(parts.batch)
  }

  /** Whether requests may leave the reactor's way at a stage. */
  leaveAt(stage: number): boolean {
    return this.#pieces[stage] !== null
  }

  // Measured path from here to the end of the class.
  /** What a stage does before anyone leaves. */
  before(slots: Int32Array, from: number, to: number, stage: number): void {
    const { view, records } = this.#parts
    this.#pieces[stage]!.before?.(view, slots, from, to, records)
  }

  /** Sets timers for requests that wait, and moves the others together; tells where those end. */
  setTimers(slots: Int32Array, from: number, to: number, stage: number): number {
    const waitNs = this.#pieces[stage]!.waitNs
    if (waitNs === null) return to
    const { view, clock } = this.#parts
    const timers = this.#timers
    clock.read()
    let end = from
    for (let i = from; i < to; i++) {
      const slot = slots[i]!
      view.at(slot)
      const askedNs = waitNs(view)
      if (askedNs <= 0) {
        slots[end++] = slot
        continue
      }
      view.set(SLOT_NEXT_STAGE, stage)
      timers.set(slot, askedNs, clock.cell, 0)
      timers.start(slot)
    }
    return end
  }

  /** Moves up to `limit` requests whose wait is over to the start of `slots`; tells how many. */
  takeDue(slots: Int32Array, limit: number): number {
    return this.#timers.takeDue(slots, limit, this.#parts.port.cell, TURN_NOW)
  }

  /** Goes on with a stage behind its wait: hands requests to off-load threads, puts long burns into slices, and does the rest; tells where those end that are through. */
  goOn(slots: Int32Array, from: number, to: number, stage: number): number {
    const { view, records } = this.#parts
    const pieces = this.#pieces[stage]!
    let end = this.#handOver(pieces, slots, from, to, stage)
    if (pieces.longestBurnNs > this.#parts.sliceNs)
      end = this.#putAside(pieces, slots, from, end, stage)
    if (end !== from) pieces.rest(view, slots, from, end, records)
    return end
  }

  #handOver(
    { isOffloaded }: StepPieces,
    slots: Int32Array,
    from: number,
    to: number,
    stage: number,
  ): number {
    const { offLoad, view, counters } = this.#parts
    if (offLoad === null || isOffloaded === null) return to
    const handed = this.#handed
    let count = 0
    let end = from
    for (let i = from; i < to; i++) {
      const slot = slots[i]!
      view.at(slot)
      if (isOffloaded(view)) {
        view.set(SLOT_NEXT_STAGE, stage)
        handed[count++] = slot
      } else slots[end++] = slot
    }
    if (count !== 0) {
      offLoad.requests.tryPushBatch(handed, 0, count)
      counters.handedOff(count)
    }
    return end
  }

  #putAside(
    { prepare, waitNs, burnIterations: iterationsOf }: StepPieces,
    slots: Int32Array,
    from: number,
    to: number,
    stage: number,
  ): number {
    const { view, records, firstSlot } = this.#parts
    let end = from
    for (let i = from; i < to; i++) {
      const slot = slots[i]!
      view.at(slot)
      const iterations = iterationsOf(view)
      if (iterations <= this.#sliceIterations) {
        slots[end++] = slot
        continue
      }
      prepare?.(view, slots, i, i + 1, records)
      view.at(slot)
      view.set(SLOT_NEXT_STAGE, stage)
      // A wait is the beginning of its stage.
      this.#left[slot - firstSlot] = waitNs === null ? -iterations : iterations
      this.#sliced.push(slot)
    }
    return end
  }

  /** Moves up to `limit` requests that off-load threads returned to the start of `slots`; tells how many. */
  takeReturned(slots: Int32Array, limit: number): number {
    const { offLoad } = this.#parts
    return offLoad === null ? 0 : offLoad.replies.tryPopBatch(slots, limit)
  }

  /** Puts the request whose slice is next at the start of `slots`; false when there is none. */
  takeSliced(slots: Int32Array): boolean {
    if (this.#sliced.length === 0) return false
    slots[0] = this.#sliced.shift()
    return true
  }

  /** Whether a request whose slice is next has none behind it, and did not wait for a timer before. */
  isFirstSlice(slot: number): boolean {
    return this.#left[slot - this.#parts.firstSlot]! < 0
  }

  /** How long the last slice was calibrated to take: whole nanoseconds, so that it is no boxed number. */
  get burntNs(): number {
    return this.#burntNs
  }

  /** Burns the next slice of the request at the start of `slots`; false when it has to come again: it is at the back then. */
  burnSlice(slots: Int32Array, stage: number): boolean {
    const { view, records, firstSlot, burnIterationsPerNs } = this.#parts
    const slot = slots[0]!
    const left = Math.abs(this.#left[slot - firstSlot]!)
    const iterations = Math.min(left, this.#sliceIterations) | 0
    this.#burntNs = Math.round(iterations / burnIterationsPerNs) | 0
    burnIterations(iterations)
    if (left > this.#sliceIterations) {
      this.#left[slot - firstSlot] = left - this.#sliceIterations
      this.#sliced.push(slot)
      return false
    }
    this.#pieces[stage]!.finish(view, slots, 0, 1, records)
    return true
  }

  /** Writes into `target[at]` when the first timer is due; 0 while a burn is not done. */
  nextTimerNs(target: Float64Array, at: number): void {
    if (this.#sliced.length === 0) this.#timers.nextDueNs(target, at)
    else target[at] = 0
  }
}
