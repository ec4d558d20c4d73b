import type { Clock } from '../base/clock.ts'
import type { Step } from '../contract/architecture.ts'
import type { AwakeThreads } from './awake-threads.ts'
import {
  CELL_BATCH,
  CELL_DECLARED,
  CELL_EGRESS,
  CELL_INGRESS,
  CELL_LAST,
  CELL_LOCK,
  CELL_SERVICE,
  CELL_WAITS,
  type PhaseMemory,
  SAMPLED,
} from './phase-layout.ts'
import { type RequestSlabMemory, SLOT_PORT } from './request-slab-layout.ts'
import type { ThreadCounters } from './thread-counters.ts'

/** What a server's thread brings for whatever its architecture builds in it. */
export interface ThreadContext {
  readonly slab: RequestSlabMemory
  readonly steps: readonly Step[]
  readonly clock: Clock
  readonly awake: AwakeThreads
  readonly counters: ThreadCounters
  readonly stamps: PhaseStamps
}

/** Cells of the stamps' `taken`: what locks of the data, and what declared waits, took of a thread since the last stamp. */
export const LOCK_TAKEN = 0
export const BLOCKED_TAKEN = 1

/**
 * One thread's stamps on the sampled requests of a batch. Only called for batches that have some (`RequestView.fetch`
 * tells), so that the others pay for nothing; reads the clock once per call.
 */
export class PhaseStamps {
  readonly #cells: Float64Array
  readonly #stride: number
  readonly #stageCell: number
  readonly #cellCount: number
  readonly #words: Int32Array
  readonly #slotWords: number
  readonly #clock: Clock
  /** `LOCK_TAKEN` and `BLOCKED_TAKEN`: to be written before `served`. */
  readonly taken = new Float64Array(2)

  constructor(memory: PhaseMemory, slab: RequestSlabMemory, clock: Clock) {
    this.#cells = memory.cells
    this.#stride = memory.stride
    this.#stageCell = memory.stageCell
    this.#cellCount = memory.cellCount
    this.#words = new Int32Array(slab.buffer)
    this.#slotWords = slab.slotWords
    this.#clock = clock
  }

  // Measured path.

  /** The port took a sampled request that was due at `dueNs[local]`; at the clock's latest reading. */
  begin(slot: number, dueNs: Float64Array, local: number): void {
    const nowNs = this.#clock.cell[0]!
    const cells = this.#cells
    const at = slot * this.#stride
    for (let cell = 1; cell < this.#cellCount; cell++) cells[at + cell] = 0
    cells[at + CELL_INGRESS] = nowNs - dueNs[local]!
    cells[at + CELL_LAST] = nowNs
  }

  /** The requests `slots[from … to − 1]` leave a queue, where they have been since their last stamp. @param wait its number. */
  waited(slots: Int32Array, from: number, to: number, wait: number): void {
    const cells = this.#cells
    this.#clock.read()
    const nowNs = this.#clock.cell[0]!
    for (let i = from; i < to; i++) {
      const slot = slots[i]!
      if (!this.#isSampled(slot)) continue
      const at = slot * this.#stride
      cells[at + CELL_WAITS + wait]! += nowNs - cells[at + CELL_LAST]!
      cells[at + CELL_LAST] = nowNs
    }
  }

  /** The requests `slots[from … to − 1]` were set aside since their last stamp, for waits that their stages declare. */
  waitedDeclared(slots: Int32Array, from: number, to: number): void {
    this.waited(slots, from, to, CELL_DECLARED - CELL_WAITS)
  }

  /** The requests `slots[from … to − 1]` stood by since their last stamp, while others of their batch were served. */
  waitedForBatch(slots: Int32Array, from: number, to: number): void {
    this.waited(slots, from, to, CELL_BATCH - CELL_WAITS)
  }

  /**
   * The requests `slots[from … to − 1]` were served together since their last stamp, in one stage: each gets an equal share as
   * service, the rest is waiting for the others. `taken` says what locks and declared waits took meanwhile.
   */
  served(slots: Int32Array, from: number, to: number, stage: number): void {
    const cells = this.#cells
    const stageCell = this.#stageCell + stage
    const lockNs = this.taken[LOCK_TAKEN]!
    const declaredNs = this.taken[BLOCKED_TAKEN]!
    this.#clock.read()
    const nowNs = this.#clock.cell[0]!
    const ownShare = 1 / (to - from)
    const otherShare = 1 - ownShare
    for (let i = from; i < to; i++) {
      const slot = slots[i]!
      if (!this.#isSampled(slot)) continue
      const at = slot * this.#stride
      const tookNs = nowNs - cells[at + CELL_LAST]!
      const waitedNs = Math.min(tookNs, declaredNs)
      const lockedNs = Math.min(tookNs - waitedNs, lockNs)
      const workNs = tookNs - waitedNs - lockedNs
      // By multiplication: sums and differences that were whole numbers so far, 0 for one, would be compiled as whole numbers.
      const share = ownShare * workNs
      cells[at + CELL_DECLARED]! += waitedNs
      cells[at + CELL_LOCK]! += lockedNs
      cells[at + CELL_SERVICE]! += share
      cells[at + stageCell]! += share
      cells[at + CELL_BATCH]! += otherShare * workNs
      cells[at + CELL_LAST] = nowNs
    }
  }

  /** The reply to the slot's request is taken as sent at `replied[0]`. */
  end(slot: number, replied: Float64Array): void {
    const at = slot * this.#stride
    this.#cells[at + CELL_EGRESS] = replied[0]! - this.#cells[at + CELL_LAST]!
  }

  /** Copies the slot's parts, from ingress on, and behind them its services by stage, to `target[to …]`; answers how many. */
  copy(slot: number, target: Float32Array, to: number): number {
    const at = slot * this.#stride
    const count = this.#cellCount - 1
    for (let part = 0; part < count; part++) target[to + part] = this.#cells[at + 1 + part]!
    return count
  }

  #isSampled(slot: number): boolean {
    return (this.#words[Math.imul(slot, this.#slotWords) + SLOT_PORT]! & SAMPLED) !== 0
  }
}
