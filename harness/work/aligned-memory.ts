import { roundUp } from '../base/units.ts'
import { MADVISE_DONTNEED, MADVISE_NOHUGEPAGE, type MemoryCalls } from './memory-calls.ts'

/**
 * Whole pages of one thread's own, inside a buffer of its heap that is a page longer. Not mapped by a call of its own: a
 * mapping outlives a thread that is ended by force, and whoever touches it after its end breaks the process. A buffer
 * does neither.
 */
export class AlignedMemory {
  /** Of the first page. */
  readonly address: bigint
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly words: Int32Array<ArrayBuffer>
  readonly #buffer: ArrayBuffer

  /**
   * All pages are still to be touched, and none will be a huge one.
   * @param minimumBytes rounded up to whole pages; above zero.
   */
  constructor(minimumBytes: number, calls: MemoryCalls) {
    const { pageBytes } = calls
    const byteLength = roundUp(minimumBytes, pageBytes)
    this.#buffer = new ArrayBuffer(byteLength + pageBytes)
    const start = calls.addressOf(this.#buffer)
    const offset = Number(-start & BigInt(pageBytes - 1))
    this.address = start + BigInt(offset)
    this.bytes = new Uint8Array(this.#buffer, offset, byteLength)
    this.words = new Int32Array(this.#buffer, offset, byteLength / Int32Array.BYTES_PER_ELEMENT)
    // A kernel without huge pages refuses, and needs no advice.
    calls.adviseMemory(this.address, byteLength, MADVISE_NOHUGEPAGE)
    calls.adviseMemory(this.address, byteLength, MADVISE_DONTNEED)
  }

  /** Gives the memory back at once; its arrays are empty from then on. Garbage collection would do it much later. */
  release(): void {
    this.#buffer.transfer(0)
  }
}
