import type { Step } from '../../contract/architecture.ts'
import type { Port, SlotIndex } from '../../contract/port.ts'
import { SLOT_NEXT_STAGE } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'

/** What tells which requests of a reactor may be refused. */
export interface LateRequestParts {
  readonly port: Pick<Port, 'isLate' | 'lateFromNs' | 'refuse'>
  readonly view: RequestView
  readonly steps: readonly Pick<Step, 'access'>[]
}

/**
 * Requests of a reactor that wait for a shard and whose deadline is over. Only those that no record knows
 * yet are refused, which stand at the first keyed stage: of legs, and of requests that were at a record already, part of
 * what they do is done. Private to the reactor's thread.
 */
export class LateRequests {
  readonly #port: LateRequestParts['port']
  readonly #view: RequestView
  readonly #firstKeyed: number
  readonly #slot = new Int32Array(1)
  readonly #fromNs = new Float64Array(1)

  constructor({ port, view, steps }: LateRequestParts) {
    this.#port = port
    this.#view = view
    this.#firstKeyed = steps.findIndex((step) => step.access !== 'none')
  }

  // Measured path from here to the end of the class.
  /** Has the port refuse a request that waits, if its deadline is over and it may be; answers whether. */
  refused(slot: SlotIndex): boolean {
    // A leg's slot is none that the port knows.
    if (!this.#mayRefuse(slot) || !this.#port.isLate(slot)) return false
    this.#slot[0] = slot
    this.#port.refuse(this.#slot, 0, 1)
    return true
  }

  #mayRefuse(slot: SlotIndex): boolean {
    this.#view.at(slot)
    return this.#view.get(SLOT_NEXT_STAGE) === this.#firstKeyed
  }

  /** Brings `target[at]` forward to when the request is to be refused, if that is before. */
  bringForward(target: Float64Array, at: number, slot: SlotIndex): void {
    if (!this.#mayRefuse(slot)) return
    this.#port.lateFromNs(slot, this.#fromNs, 0)
    if (this.#fromNs[0]! < target[at]!) target[at] = this.#fromNs[0]!
  }
}
