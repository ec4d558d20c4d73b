import type { PhaseStamps } from '../shared-memory/phase-stamps.ts'

/**
 * Latency, parts and services by stage of the sampled requests of one port in one phase, in shared memory, written by the
 * port's owner only: per request a float for each, the latency first, nanoseconds. What does not fit is counted and left out.
 */
export interface PhaseLogMemory {
  readonly records: Float32Array<SharedArrayBuffer>
  readonly recordFloats: number
  /** Cell 0: records kept; cell 1: requests that found no room. */
  readonly counts: Int32Array<SharedArrayBuffer>
}

/** @param figures per request besides the latency: as many as `PhaseStamps.copy` writes. @param capacity requests. */
export function createPhaseLog(figures: number, capacity: number): PhaseLogMemory {
  const recordFloats = figures + 1
  const bytes = capacity * recordFloats * Float32Array.BYTES_PER_ELEMENT
  return {
    records: new Float32Array(new SharedArrayBuffer(bytes)),
    recordFloats,
    counts: new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)),
  }
}

/** Forgets every record, for another trial. */
export function clearPhaseLog({ counts }: PhaseLogMemory): void {
  counts.fill(0)
}

/** The log as the port's owner writes it. */
export class PhaseLog {
  readonly #memory: PhaseLogMemory
  readonly #capacity: number

  constructor(memory: PhaseLogMemory) {
    this.#memory = memory
    this.#capacity = memory.records.length / memory.recordFloats
  }

  // Measured path.
  /** @param dueNs of the request, at `local`. @param replied when it was answered, in cell 0. */
  add(
    stamps: PhaseStamps,
    slot: number,
    dueNs: Float64Array,
    local: number,
    replied: Float64Array,
  ): void {
    const { records, recordFloats, counts } = this.#memory
    const kept = counts[0]!
    if (kept === this.#capacity) {
      counts[1]!++
      return
    }
    const at = kept * recordFloats
    records[at] = replied[0]! - dueNs[local]!
    stamps.copy(slot, records, at + 1)
    counts[0] = kept + 1
  }
}
