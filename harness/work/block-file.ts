import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf, usageError, runError } from '../base/errors.ts'
import { BYTES_PER_MEBIBYTE, BYTES_PER_WORD } from '../base/units.ts'
import type { BlockFile } from '../contract/workload.ts'
import {
  AlignedMemory,
  FADVISE_DONTNEED,
  type MemoryCalls,
  requireMemoryCalls,
  FADVISE_RANDOM,
} from './memory-calls.ts'

/**
 * A block of the file, in words:
 *
 *   0              its number
 *   1 … last − 1   a pattern of number and place, so that no file system stores it as less
 *   last           its seal, made from number and length
 */
const NUMBER_WORD = 0

/** Any two blocks differ in it: the multiplier is odd, hence invertible. */
function sealOf(number: number, words: number): number {
  return Math.imul(number + 1, 0x9e3779b1) ^ words
}

/** Writes block `number` to words `at` … `at + words − 1`; at least two words. */
export function fillBlock(target: Int32Array, at: number, words: number, number: number): void {
  target[at + NUMBER_WORD] = number
  let state = sealOf(number, words)
  for (let word = 1; word < words - 1; word++) {
    // Xorshift, Marsaglia 2003; a state of zero would stay so.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    target[at + word] = state ^ word
  }
  target[at + words - 1] = sealOf(number, words)
}

/** Whether words `at` … `at + words − 1` begin and end as block `number` does. */
export function isBlock(source: Int32Array, at: number, words: number, number: number): boolean {
  return source[at + NUMBER_WORD] === number && source[at + words - 1] === sealOf(number, words)
}

const LARGEST_FILE_BYTES = 4_096 * BYTES_PER_MEBIBYTE
const WRITE_BYTES = BYTES_PER_MEBIBYTE

/** File systems that keep files in memory: statfs(2), TMPFS_MAGIC and RAMFS_MAGIC. */
const MEMORY_FILE_SYSTEMS = [0x01021994, 0x858458f6]

/** A doubt about what reads of the file measure. */
interface BlockFileWarning {
  readonly code: string
  readonly message: string
  readonly cure: string
}

/** The file of a run, as the thread that made it holds it. */
export interface OpenBlockFile {
  readonly spec: BlockFile
  /** By which every thread of this process opens it: the name that it was made under is gone. */
  readonly path: string
  /** Whether it can be read past the page cache by O_DIRECT; else its pages are dropped after each such read. */
  readonly direct: boolean
  /** Where it does not lie on a disk, or cannot be read past the page cache. */
  readonly warning: BlockFileWarning | null
  /** Takes all its pages out of the page cache. */
  dropPages(): void
  /** Gives its space back, once no thread has it open any more. */
  close(): void
}

/**
 * Makes the file, 3 to 8 s per GiB in which the thread hears of no signal, and takes its name away at once: the kernel
 * removes what has no name as soon as nobody has it open, also when this process is killed.
 * @param folder @default the system's for temporary files
 * @throws CrossoverError of kind `usage` when it cannot be had; nothing is left behind then.
 */
export function createBlockFile(spec: BlockFile, folder = tmpdir()): OpenBlockFile {
  const calls = requireMemoryCalls('a file to read')
  refuseImpossible(spec, calls, freemem())
  const descriptor = openNameless(folder)
  try {
    refuseLarge(spec, folder)
    writeBlocks(spec, descriptor)
    fsyncSync(descriptor)
    const path = `/proc/self/fd/${descriptor}`
    const refusal = directRefusal(spec, path, calls)
    const dropPages = () => void calls.adviseFile(descriptor, 0, 0, FADVISE_DONTNEED)
    dropPages()
    return {
      spec,
      path,
      direct: refusal === null,
      warning: warningOf(folder, refusal),
      dropPages,
      close: () => closeSync(descriptor),
    }
  } catch (error) {
    closeSync(descriptor)
    throw asUsage(error, folder)
  }
}

/**
 * What no folder could hold, or no memory.
 * @param freeBytes of memory.
 * @throws CrossoverError of kind `usage`.
 */
export function refuseImpossible(
  { blocks, blockBytes, cachedBlocks, cache }: BlockFile,
  { pageBytes }: Pick<MemoryCalls, 'pageBytes'>,
  freeBytes: number,
): void {
  const bytes = blocks * blockBytes
  if (bytes > LARGEST_FILE_BYTES) {
    throw usageError(
      'block-file',
      `file of ${blocks} blocks of ${blockBytes} bytes: it would have more than 4 GiB`,
      'make blocks or blockBytes of the file in the workload smaller',
    )
  }
  if (cache === 'page' && blockBytes % pageBytes !== 0) {
    throw usageError(
      'block-file',
      `file of blocks of ${blockBytes} bytes: cache page needs whole pages, of ${pageBytes} bytes`,
      `make blockBytes of the file a multiple of ${pageBytes}, or its cache own`,
    )
  }
  const cachedBytes = cache === 'none' ? 0 : Math.min(cachedBlocks, blocks) * blockBytes
  if (cachedBytes > freeBytes) {
    throw usageError(
      'block-file',
      `file with ${cachedBlocks} cached blocks of ${blockBytes} bytes: more than the free memory, ${Math.floor(freeBytes / BYTES_PER_MEBIBYTE)} MiB`,
      'make cachedBlocks of the file in the workload smaller',
    )
  }
}

function openNameless(folder: string): number {
  const path = join(folder, `crossover-blocks-${randomUUID()}`)
  let descriptor: number
  try {
    descriptor = openSync(path, 'wx+', 0o600)
  } catch (error) {
    throw asUsage(error, folder)
  }
  unlinkSync(path)
  return descriptor
}

/** Before the disk is full. */
function refuseLarge({ blocks, blockBytes }: BlockFile, folder: string): void {
  const { bavail, bsize } = statfsSync(folder)
  if (blocks * blockBytes > bavail * bsize) throw noSpace(folder)
}

function writeBlocks({ blocks, blockBytes }: BlockFile, descriptor: number): void {
  const blockWords = blockBytes / BYTES_PER_WORD
  const chunkBlocks = Math.min(blocks, Math.floor(WRITE_BYTES / blockBytes))
  const words = new Int32Array(chunkBlocks * blockWords)
  const bytes = new Uint8Array(words.buffer)
  for (let first = 0; first < blocks; first += chunkBlocks) {
    const count = Math.min(chunkBlocks, blocks - first)
    for (let block = 0; block < count; block++)
      fillBlock(words, block * blockWords, blockWords, first + block)
    for (let written = 0; written < count * blockBytes;)
      written += writeSync(descriptor, bytes, written, count * blockBytes - written)
  }
}

/** Why the file cannot be read past the page cache, or null. */
function directRefusal({ blockBytes }: BlockFile, path: string, calls: MemoryCalls): string | null {
  const memory = new AlignedMemory(blockBytes, calls)
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECT)
    readSync(descriptor, memory.bytes, 0, blockBytes, 0)
    return null
  } catch (error) {
    return messageOf(error)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
    memory.release()
  }
}

function warningOf(folder: string, refusal: string | null): BlockFileWarning | null {
  const inMemory = MEMORY_FILE_SYSTEMS.includes(statfsSync(folder).type)
  if (!inMemory && refusal === null) return null
  return {
    code: 'block-file',
    message: inMemory
      ? `the folder for temporary files, ${folder}, is in memory: no read of a block goes to a disk`
      : `blocks cannot be read past the page cache in ${folder} (${refusal}): their pages are dropped after each read instead`,
    cure: 'set TMPDIR to a folder on a disk, and let blocks be a multiple of 4096 bytes',
  }
}

function noSpace(folder: string, cause?: unknown): Error {
  return usageError(
    'block-file',
    `the file of the workload does not fit into the folder for temporary files: ${folder}`,
    'make room there, set TMPDIR to a folder with more, or make blocks of the file smaller',
    cause,
  )
}

/** Errors of the system as the user can mend them. */
function asUsage(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return noSpace(folder, error)
  if (!(error instanceof Error) || !('syscall' in error)) return error
  return usageError(
    'block-file',
    `no file can be made in the folder for temporary files, ${folder}: ${error.message}`,
    'set TMPDIR to a folder that exists and that you may write to',
    error,
  )
}

/** What a thread opens of a block file. */
export interface BlockSourceMemory {
  readonly path: string
  readonly blocks: number
  readonly blockBytes: number
  /** Whether its file system can read past the page cache. */
  readonly direct: boolean
}

/** `cached`: through the page cache; `past-cache`: past it, by O_DIRECT. */
export type ReadPath = 'cached' | 'past-cache'

/** The file as one thread reads it, a block at a time, into memory of its own. */
export class BlockSource {
  /** The block that was read last. */
  readonly words: Int32Array
  readonly #memory: BlockSourceMemory
  readonly #calls: MemoryCalls
  readonly #aligned: AlignedMemory
  readonly #descriptor: number
  readonly #dropsAfter: boolean

  constructor(memory: BlockSourceMemory, path: ReadPath) {
    this.#memory = memory
    this.#calls = requireMemoryCalls('a file to read')
    this.#aligned = new AlignedMemory(memory.blockBytes, this.#calls)
    this.words = this.#aligned.words.subarray(0, memory.blockBytes / BYTES_PER_WORD)
    const direct = path === 'past-cache' && memory.direct
    this.#dropsAfter = path === 'past-cache' && !direct
    this.#descriptor = openSync(memory.path, constants.O_RDONLY | (direct ? constants.O_DIRECT : 0))
    // What is read ahead would be in the page cache without anyone's asking for it.
    if (!direct) this.#calls.adviseFile(this.#descriptor, 0, 0, FADVISE_RANDOM)
  }

  /** @throws CrossoverError when it is not the block that was written there. */
  read(block: number): void {
    const { blockBytes } = this.#memory
    const bytesRead = readSync(
      this.#descriptor,
      this.#aligned.bytes,
      0,
      blockBytes,
      block * blockBytes,
    )
    if (this.#dropsAfter) this.drop(block)
    if (bytesRead !== blockBytes || !isBlock(this.words, 0, this.words.length, block))
      throw wrongBlock(block, 'the file')
  }

  /** Takes a block out of the page cache. */
  drop(block: number): void {
    const { blockBytes } = this.#memory
    this.#calls.adviseFile(this.#descriptor, block * blockBytes, blockBytes, FADVISE_DONTNEED)
  }

  close(): void {
    closeSync(this.#descriptor)
    this.#aligned.release()
  }
}

/** A block that is not the one that was asked for: the run's answers are void. */
export function wrongBlock(block: number, where: string): Error {
  return runError('wrong-block', `wrong block: ${where} has another one in place of block=${block}`)
}

/** The block of a key's hash, 0 … blocks − 1. */
export function blockOf(hash: number, blocks: number): number {
  return (hash >>> 0) % blocks
}
