import { freemem } from 'node:os'
import { usageError } from '../base/errors.ts'
import { readKernelText } from '../base/kernel.ts'
import { BYTES_PER_MEBIBYTE, BYTES_PER_WORD } from '../base/units.ts'
import type { TouchedMemory, Workload } from '../contract/workload.ts'
import {
  AlignedMemory,
  MADVISE_DONTNEED,
  type MemoryCalls,
  requireMemoryCalls,
} from './memory-calls.ts'

/**
 * Pages between two calls that give touched ones back: so few that a request pays for about its own pages, not one in many for
 * those of all, which would make a tail of the calls.
 */
const COLD_PAGES = 16

/** The memory that one thread touches, the next pages each time and then from the start again. */
export class TouchedPages {
  readonly #memory: AlignedMemory
  readonly #calls: MemoryCalls
  readonly #words: Int32Array
  readonly #pageWords: number
  readonly #locked: boolean
  /** After so many bytes of pages touched ones are given back. */
  readonly #chunkBytes: number
  /** Its words, a power of two, less one. */
  readonly #chunkMask: number
  /** Where chunks begin; empty unless memory is to be cold. */
  readonly #chunks: readonly bigint[]
  #at = 0

  /**
   * `touched` and `locked` touch all of it, about 0.3 s per GiB.
   * @throws CrossoverError of kind `usage` without koffi, or when memory cannot be locked.
   */
  constructor({ megabytes, state }: TouchedMemory) {
    this.#calls = requireMemoryCalls('memory to touch')
    const { pageBytes } = this.#calls
    const byteLength = megabytes * BYTES_PER_MEBIBYTE
    this.#memory = new AlignedMemory(byteLength, this.#calls)
    this.#words = this.#memory.words
    this.#pageWords = pageBytes / BYTES_PER_WORD
    // Both are powers of two: the memory is a whole number of chunks, and a chunk of pages.
    this.#chunkBytes = Math.min(COLD_PAGES * pageBytes, BYTES_PER_MEBIBYTE)
    this.#chunkMask = this.#chunkBytes / BYTES_PER_WORD - 1
    const chunkCount = state === 'cold' ? byteLength / this.#chunkBytes : 0
    this.#chunks = Array.from(
      { length: chunkCount },
      (_, chunk) => this.#memory.address + BigInt(chunk * this.#chunkBytes),
    )
    this.#locked = state === 'locked'
    if (this.#locked && !this.#calls.lockMemory(this.#memory.address, byteLength))
      throw lockRefused(megabytes, 1)
    if (state !== 'cold') this.touch(byteLength / pageBytes)
  }

  /** Writes a word of each of the next pages. */
  touch(pages: number): void {
    const words = this.#words
    let at = this.#at
    for (let page = 0; page < pages; page++) {
      // Not read first: a read of a page that is not there brings a shared one of zeros, and the write another fault.
      words[at] = page
      at += this.#pageWords
      if ((at & this.#chunkMask) === 0) {
        this.#giveBack(at)
        if (at === words.length) at = 0
      }
    }
    this.#at = at
  }

  /** Gives the memory back; pages must not be touched any more. */
  close(): void {
    // The allocator may keep the memory for others, who would find it locked.
    if (this.#locked) this.#calls.unlockMemory(this.#memory.address, this.#memory.bytes.byteLength)
    this.#memory.release()
  }

  /** The chunk that ends before word `end` was touched as a whole. */
  #giveBack(end: number): void {
    if (this.#chunks.length === 0) return
    const chunk = this.#chunks[end / (this.#chunkMask + 1) - 1]!
    this.#calls.adviseMemory(chunk, this.#chunkBytes, MADVISE_DONTNEED)
  }
}

/**
 * Whether threads will be able to have the memory that the workload touches; checked before the first trial.
 * @param threads that will touch it at the same time.
 * @throws CrossoverError of kind `usage` when they will not.
 */
export function checkTouchedMemory(
  { memory }: Workload,
  threads: number,
  calls?: MemoryCalls | null,
): void {
  if (memory === undefined) return
  const present = requireMemoryCalls('memory to touch', calls)
  const { megabytes, state } = memory
  if (state === 'cold') return
  const bytes = megabytes * BYTES_PER_MEBIBYTE * threads
  const freeBytes = freemem()
  if (bytes > freeBytes) {
    throw usageError(
      'memory',
      `memory of ${megabytes} MB per thread, threads=${threads}, is more than the ${toMegabytes(freeBytes)} MB that are free`,
      'make megabytes of the memory in the workload smaller, or take fewer threads: --cpus, or blockingThreads and offloadThreads of an arm',
    )
  }
  if (state === 'locked' && !mayLock(memory, threads, present))
    throw lockRefused(megabytes, threads)
}

/** Locks as much as all threads will, without touching it. */
function mayLock({ megabytes }: TouchedMemory, threads: number, calls: MemoryCalls): boolean {
  const bytes = megabytes * BYTES_PER_MEBIBYTE
  const memories = Array.from({ length: threads }, () => new AlignedMemory(bytes, calls))
  const locked = memories.filter(({ address }) => calls.lockMemoryOnFault(address, bytes))
  for (const { address } of locked) calls.unlockMemory(address, bytes)
  for (const memory of memories) memory.release()
  return locked.length === threads
}

function lockRefused(megabytes: number, threads: number): Error {
  return usageError(
    'memory-lock',
    `memory of ${megabytes} MB per thread, threads=${threads}, cannot be locked: the limit is ${lockLimit()}`,
    'raise it by `ulimit -l unlimited` or as root, make megabytes of the memory in the workload smaller, or take fewer threads: blockingThreads and offloadThreads of an arm',
  )
}

/** The soft limit as the kernel prints it. */
function lockLimit(): string {
  const limits = readKernelText('/proc/self/limits') ?? ''
  const limit = /^Max locked memory +(\S+)/m.exec(limits)?.[1]
  if (limit === undefined) return 'not known'
  return limit === 'unlimited' ? limit : `${limit} bytes`
}

function toMegabytes(bytes: number): number {
  return Math.floor(bytes / BYTES_PER_MEBIBYTE)
}
