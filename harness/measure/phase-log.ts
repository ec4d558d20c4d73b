import type { PhaseStamps } from '../shared-memory/phase-stamps.ts'

/**
 * Latency and parts of the sampled requests of one port in one phase, in shared memory, written by the port's owner only:
 * per request `partCount + 1` floats, the latency first, nanoseconds. What does not fit is counted and left out.
 */
export interface PhaseLogMemory {
  readonly records: Float32Array<SharedArrayBuffer>
  readonly recordFloats: number
  /** Cell 0: records kept; cell 1: requests that found no room. */
  readonly counts: Int32Array<SharedArrayBuffer>
}

/** @param parts per request. @param capacity requests. */
export function createPhaseLog(parts: number, capacity: number): PhaseLogMemory {
  const recordFloats = parts + 1
  const bytes = capacity * recordFloats * Float32Array.BYTES_PER_ELEMENT
  return {
    records: new Float32Array(new SharedArrayBuffer(bytes)),
    recordFloats,
    counts: new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)),
  }
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
  add(stamps: PhaseStamps, slot: number, latencyNs: number): void {
    const { records, recordFloats, counts } = this.#memory
    const kept = counts[0]!
    if (kept === this.#capacity) {
      counts[1]!++
      return
    }
    const at = kept * recordFloats
    records[at] = latencyNs
    stamps.copy(slot, records, at + 1)
    counts[0] = kept + 1
  }
}
