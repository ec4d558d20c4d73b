import { alignedWordsFor } from '../base/units.ts'
import { READ_OPERATION, type Request, STATUS_BAD_REQUEST } from '../contract/request.ts'
import { keyCountOf } from '../ports/replay/frame-codec.ts'
import { PORT_MASK } from '../shared-memory/phase-layout.ts'
import {
  legSlot,
  requestOfLeg,
  type RequestSlabMemory,
  SLOT_HASH,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_OPERATION,
  SLOT_PORT,
  SLOT_REPLY_BYTES,
  SLOT_STATUS,
  SLOT_VALUE_BYTES,
} from '../shared-memory/request-slab-layout.ts'
import { RequestView } from '../shared-memory/request-view.ts'
import { keyIndexOf, writeKey } from '../workload/keys.ts'
import { legKey, type Spread } from '../workload/trace-layout.ts'

/** What turns requests into legs needs to know of the workload. */
export interface LegPlan {
  readonly slab: RequestSlabMemory
  readonly spread: Spread
  /** Keys among which legs are found. */
  readonly recordCount: number
}

/**
 * One thread's way to make legs of requests and to look at them: a view per leg, made once. A leg is a request of its own for
 * the key that `legKey` tells: same operation, same payload, its own reply. It is never sampled: its request is.
 */
export class RequestSplitter {
  readonly #plan: LegPlan
  readonly #leg: RequestView
  readonly #views: readonly RequestView[]
  /** By number of legs: as many of the views. */
  readonly #viewsOf: readonly (readonly RequestView[])[]

  constructor(plan: LegPlan) {
    const { slab } = plan
    this.#plan = plan
    this.#leg = new RequestView(slab)
    this.#views = Array.from({ length: slab.legsPerSlot }, () => new RequestView(slab))
    this.#viewsOf = Array.from({ length: slab.legsPerSlot + 1 }, (_, count) =>
      this.#views.slice(0, count),
    )
  }

  // Measured path from here to the end of the class.
  slotOf(slot: number, leg: number): number {
    return legSlot(this.#plan.slab, slot, leg)
  }

  requestOf(slot: number): number {
    return requestOfLeg(this.#plan.slab, slot)
  }

  /** Writes the legs of a decoded request whose key is hashed; tells how many. About 10 ns each, and the copy of a payload. */
  split(request: RequestView): number {
    const { spread, recordCount, slab } = this.#plan
    const { words, base } = request
    const leg = this.#leg
    const first = keyIndexOf(words, base + SLOT_KEY)
    const count = this.#countOf(request)
    // All slots have the same size.
    const slot = base / slab.slotWords
    for (let index = 0; index < count; index++) {
      leg.at(this.slotOf(slot, index))
      const at = leg.base
      words[at + SLOT_PORT] = words[base + SLOT_PORT]! & PORT_MASK
      words[at + SLOT_OPERATION] = words[base + SLOT_OPERATION]!
      words[at + SLOT_KEY_BYTES] = words[base + SLOT_KEY_BYTES]!
      words[at + SLOT_VALUE_BYTES] = words[base + SLOT_VALUE_BYTES]!
      words[at + SLOT_STATUS] = STATUS_BAD_REQUEST
      words[at + SLOT_REPLY_BYTES] = 0
      writeKey(words, at + SLOT_KEY, legKey(spread, first, index, recordCount))
      if (index === 0) words[at + SLOT_HASH] = words[base + SLOT_HASH]!
      else leg.hashKey()
      if (request.operation !== READ_OPERATION) copyPayload(request, leg)
    }
    return count
  }

  /** Points the views at the legs of the request; answers as many views. */
  viewsOf(request: RequestView): readonly Request[] {
    const slot = request.base / this.#plan.slab.slotWords
    const count = this.#countOf(request)
    for (let index = 0; index < count; index++) this.#views[index]!.at(this.slotOf(slot, index))
    return this.#viewsOf[count]!
  }

  /** A request that could not be decoded has a leg, too: somebody has to answer it. */
  #countOf(request: RequestView): number {
    return Math.max(1, keyCountOf(request))
  }
}

function copyPayload(from: RequestView, to: RequestView): void {
  const { words } = from
  const keyWords = alignedWordsFor(words[from.base + SLOT_KEY_BYTES]!)
  const fromLong = (from.base + SLOT_KEY + keyWords) >>> 1
  const toLong = (to.base + SLOT_KEY + keyWords) >>> 1
  const count = alignedWordsFor(words[from.base + SLOT_VALUE_BYTES]!) >>> 1
  for (let long = 0; long < count; long++) to.longs[toLong + long] = from.longs[fromLong + long]!
}
