import type { Clock } from '../../base/clock.ts'
import type { PhaseLog } from '../../measure/phase-log.ts'
import { isSampled, type PhaseMemory, SAMPLED } from '../../shared-memory/phase-layout.ts'
import { PhaseStamps } from '../../shared-memory/phase-stamps.ts'
import { type RequestSlabMemory, SLOT_PORT } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'

/** What a sampler needs to know of its port. */
export interface SamplerPort {
  readonly index: number
  readonly firstSlot: number
  readonly slab: RequestSlabMemory
  /** Null where no request is sampled. */
  readonly stamps: PhaseMemory | null
}

/** Marks the sampled requests of one port, and stamps their beginning and end. */
export class RequestSampler {
  readonly #index: number
  readonly #firstSlot: number
  readonly #view: RequestView
  /** By index of the slot within the port. */
  readonly #dueNs: Float64Array
  readonly #clock: Clock
  readonly #stamps: PhaseStamps | null
  /** Negative where each request is sampled. */
  #runBits = 0
  /** Of the latest batch received. */
  #sampled = 0

  constructor(port: SamplerPort, view: RequestView, dueNs: Float64Array, clock: Clock) {
    this.#index = port.index
    this.#firstSlot = port.firstSlot
    this.#view = view
    this.#dueNs = dueNs
    this.#clock = clock
    this.#stamps = port.stamps && new PhaseStamps(port.stamps, port.slab, clock)
  }

  /** @param run requests in a row that are sampled: a power of two, or 0 for each request. */
  setRun(run: number): void {
    this.#runBits = 31 - Math.clz32(run)
  }

  // Measured path.

  /** Begins a batch. */
  reset(): void {
    this.#sampled = 0
  }

  /** Writes the first word of the slot that the view points at: its port, and whether the request is sampled. */
  mark(position: number): void {
    const bits = this.#runBits
    const flag = this.#stamps !== null && (bits < 0 || isSampled(position, bits)) ? SAMPLED : 0
    this.#sampled += flag
    this.#view.set(SLOT_PORT, this.#index | flag)
  }

  hasSampled(): boolean {
    return this.#sampled !== 0
  }

  /** The batch `slots[0 … count − 1]` is taken: what was due before has waited until now. */
  begin(slots: Int32Array, count: number): void {
    if (this.#sampled === 0) return
    this.#clock.read()
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!
      if (this.#isSampled(slot)) this.#stamps!.begin(slot, this.#dueNs, slot - this.#firstSlot)
    }
  }

  /** The reply to a sampled request is taken as sent at `replied[0]`. @param local index of its slot within the port. @param log of its phase. */
  end(local: number, replied: Float64Array, log: PhaseLog): void {
    if (this.#stamps === null) return
    const slot = this.#firstSlot + local
    this.#stamps.end(slot, replied)
    log.add(this.#stamps, slot, this.#dueNs, local, replied)
  }

  #isSampled(slot: number): boolean {
    this.#view.at(slot)
    return (this.#view.get(SLOT_PORT) & SAMPLED) !== 0
  }
}
