import { usageError } from '../base/errors.ts'
import { fromCLibrary } from '../base/kernel.ts'
import { roundUp } from '../base/units.ts'

/** Calls of the kernel about memory and the page cache. An address is a byte's, of memory that stays where it is. */
export interface MemoryCalls {
  readonly pageBytes: number
  addressOf(buffer: ArrayBuffer): bigint
  /** Whether the kernel followed. Both must be multiples of `pageBytes`. */
  adviseMemory(address: bigint, bytes: number, advice: MemoryAdvice): boolean
  /** False when refused: mostly by the limit of locked memory. */
  lockMemory(address: bigint, bytes: number): boolean
  /** The same check of the limit, but pages come when they are touched. */
  lockMemoryOnFault(address: bigint, bytes: number): boolean
  unlockMemory(address: bigint, bytes: number): boolean
  /** Of pages that lie in the range as a whole. `bytes` 0: up to the end. */
  adviseFile(descriptor: number, offset: number, bytes: number, advice: FileAdvice): boolean
}

// The numbers of Linux on all machines but PA-RISC and s390: asm-generic/mman-common.h, linux/fadvise.h, linux/mman.h.

/** Gives pages back: the next touch finds a fresh one. */
export const MADVISE_DONTNEED = 4
/** No huge pages, of which one fault would bring 512. */
export const MADVISE_NOHUGEPAGE = 15
type MemoryAdvice = typeof MADVISE_DONTNEED | typeof MADVISE_NOHUGEPAGE

/** Nothing is read ahead for this descriptor. */
export const FADVISE_RANDOM = 1
/** Clean pages leave the page cache. */
export const FADVISE_DONTNEED = 4
type FileAdvice = typeof FADVISE_RANDOM | typeof FADVISE_DONTNEED

const MLOCK_ONFAULT = 1

let loaded: MemoryCalls | null | undefined

/** Loads them by koffi, once per thread, about 10 ms; null off Linux and where koffi is missing. A call takes about 0.3 µs. */
export function loadMemoryCalls(): MemoryCalls | null {
  loaded ??= load()
  return loaded
}

/** @throws CrossoverError of kind `usage` where there are none; `what` needs them, e.g. `memory to touch`. */
export function requireMemoryCalls(what: string, calls = loadMemoryCalls()): MemoryCalls {
  if (calls !== null) return calls
  throw usageError(
    'koffi',
    `the workload has ${what}: it needs Linux and the optional package koffi`,
    'install it by `npm install --include=optional`, or run another scenario',
  )
}

function load(): MemoryCalls | null {
  return fromCLibrary((library) => {
    const advise = library.func('int madvise(void *address, size_t length, int advice)')
    const lock = library.func('int mlock2(void *address, size_t length, unsigned int flags)')
    const unlock = library.func('int munlock(void *address, size_t length)')
    const adviseFile = library.func(
      'int posix_fadvise64(int fd, int64_t offset, int64_t length, int advice)',
    )
    return {
      pageBytes: library.func('int getpagesize()')(),
      addressOf: (buffer) => library.addressOf(buffer),
      adviseMemory: (address, bytes, advice) => advise(address, bytes, advice) === 0,
      lockMemory: (address, bytes) => lock(address, bytes, 0) === 0,
      lockMemoryOnFault: (address, bytes) => lock(address, bytes, MLOCK_ONFAULT) === 0,
      unlockMemory: (address, bytes) => unlock(address, bytes) === 0,
      adviseFile: (descriptor, offset, bytes, advice) =>
        adviseFile(descriptor, offset, bytes, advice) === 0,
    }
  })
}

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
