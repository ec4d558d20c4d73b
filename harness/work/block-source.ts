import { closeSync, constants, openSync, readSync } from 'node:fs'
import { runError } from '../base/errors.ts'
import { BYTES_PER_WORD } from '../base/units.ts'
import {
  AlignedMemory,
  FADVISE_DONTNEED,
  FADVISE_RANDOM,
  type MemoryCalls,
  requireMemoryCalls,
} from './memory-calls.ts'
import { isBlock } from './block-file.ts'

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
