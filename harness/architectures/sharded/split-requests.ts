import { shardOf } from '../../base/hash.ts'
import { SLOT_HASH, SLOT_NEXT_STAGE } from '../../shared-memory/request-slab-layout.ts'
import type { Outbox } from './outbox.ts'
import type { ReactorParts } from './reactor-parts.ts'

/** What a leg's slot has for its next stage: below 0, since the request itself may come back to the same stage. */
function legMark(stage: number): number {
  return -1 - stage
}

/** The stage of a leg, from what its slot has for its next stage. */
export function legStage(mark: number): number {
  return -1 - mark
}

/** What a reactor's requests over many keys need. */
interface SplitParts extends ReactorParts {
  /** Where legs of other shards go. */
  readonly outbox: Outbox
}

/**
 * A reactor's own requests whose legs are with other shards. Legs travel as requests do, by the mailboxes and under their
 * permits, and every leg that was sent comes back once.
 *
 * Protocol: a leg's slot belongs to the shard that it was sent to until its reply is popped. The count of legs that are out
 * is the origin's alone: nobody else reads or writes it, so whoever brings it to 0 holds all legs.
 */
export class SplitRequests {
  readonly #parts: SplitParts
  /** By slot of the port: legs that are out. */
  readonly #out: Int32Array
  readonly #own: Int32Array

  constructor(parts: SplitParts) {
    this.#parts = parts
    this.#out = new Int32Array(parts.slotCount)
    this.#own = new Int32Array(parts.batch * parts.legsPerSlot)
  }

  // Measured path from here to the end of the class.
  /** Splits requests, sends the legs of other shards off and works on this one's; moves those that are through together and tells where they end. */
  split(slots: Int32Array, from: number, to: number, stage: number): number {
    const { steps, view, records, shard, shardCount, firstSlot, outbox } = this.#parts
    const legs = steps[stage]!.legs!
    const own = this.#own
    let ownCount = 0
    for (let i = from; i < to; i++) {
      const slot = slots[i]!
      view.at(slot)
      const count = legs.split(view)
      let out = 0
      for (let leg = 0; leg < count; leg++) {
        const legSlot = legs.slotOf(slot, leg)
        view.at(legSlot)
        const owner = shardOf(view.get(SLOT_HASH), shardCount)
        if (owner === shard) {
          own[ownCount++] = legSlot
        } else {
          view.set(SLOT_NEXT_STAGE, legMark(stage))
          outbox.send(legSlot, owner)
          out++
        }
      }
      this.#out[slot - firstSlot] = out
    }
    records.fetch(view, own, 0, ownCount)
    legs.runBatch(view, own, 0, ownCount, records)
    let end = from
    for (let i = from; i < to; i++) {
      const slot = slots[i]!
      if (this.#out[slot - firstSlot] !== 0) continue
      view.at(slot)
      legs.combine(view)
      slots[end++] = slot
    }
    return end
  }

  /** Counts legs that came back; puts the requests of which that was the last at their place and tells where they end. */
  gather(slots: Int32Array, from: number, to: number, stage: number): number {
    const { steps, view, firstSlot } = this.#parts
    const legs = steps[stage]!.legs!
    let end = from
    for (let i = from; i < to; i++) {
      const slot = legs.requestOf(slots[i]!)
      if (--this.#out[slot - firstSlot]! !== 0) continue
      view.at(slot)
      legs.combine(view)
      slots[end++] = slot
    }
    return end
  }
}
