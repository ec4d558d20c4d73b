import { BYTES_PER_WORD } from '../base/units.ts'
import { type BlockDirectory, NO_FRAME } from './block-directory.ts'
import { isBlock } from './block-format.ts'
import type { BlockReader } from './block-reader.ts'
import { blockOf, type BlockSource, type BlockSourceMemory, wrongBlock } from './block-source.ts'

/*
 * Protocol. The words of a frame are read and written under the lock of its part only, together with the directory's, so
 * nobody sees a block half copied. Nobody waits for the disk under a lock: on a miss the block is read into the thread's
 * own memory first, and the directory asked anew, since another thread may have read the same block meanwhile. Then both
 * have read it: rare, correct, and the same in both architectures. It takes a frame once, so no block is in two frames.
 */

type Source = Pick<BlockSource, 'words' | 'read' | 'close'>

/** Blocks in memory of the server, shared by its threads; misses are read past the page cache. */
export class OwnCacheReader implements BlockReader {
  readonly #source: Source
  readonly #blocks: number
  readonly #directory: BlockDirectory
  readonly #frames: Int32Array
  readonly #blockWords: number

  constructor(
    source: Source,
    { blocks, blockBytes }: BlockSourceMemory,
    directory: BlockDirectory,
    frames: SharedArrayBuffer,
  ) {
    this.#source = source
    this.#blocks = blocks
    this.#directory = directory
    this.#frames = new Int32Array(frames)
    this.#blockWords = blockBytes / BYTES_PER_WORD
  }

  read(hash: number): void {
    const block = blockOf(hash, this.#blocks)
    const directory = this.#directory
    directory.lock(block)
    const frame = directory.find(block)
    const right = frame === NO_FRAME || this.#holds(frame, block)
    directory.unlock(block)
    if (!right) throw wrongBlock(block, 'the cache')
    if (frame === NO_FRAME) this.#readMissed(block)
  }

  isCached(hash: number): boolean {
    const block = blockOf(hash, this.#blocks)
    this.#directory.lock(block)
    const frame = this.#directory.find(block)
    this.#directory.unlock(block)
    return frame !== NO_FRAME
  }

  close(): void {
    this.#source.close()
  }

  #readMissed(block: number): void {
    const directory = this.#directory
    this.#source.read(block)
    directory.lock(block)
    if (directory.find(block) === NO_FRAME) {
      const frame = directory.replace(block)
      if (frame !== NO_FRAME) this.#frames.set(this.#source.words, frame * this.#blockWords)
    }
    directory.unlock(block)
  }

  #holds(frame: number, block: number): boolean {
    return isBlock(this.#frames, frame * this.#blockWords, this.#blockWords, block)
  }
}
