import { type BlockDirectory, NO_BLOCK, NO_FRAME } from './block-directory.ts'
import type { BlockReader } from './block-reader.ts'
import { blockOf, type BlockSource, type BlockSourceMemory } from './block-source.ts'

/*
 * Protocol. The directory says which blocks the kernel is to hold; the kernel holds them. A block is pinned from before
 * its read until after it, so it cannot be evicted in between, which would leave it in the page cache with nobody to drop
 * it. An evicted block is dropped after the lock was given back, since a call of the kernel takes long: a thread that
 * reads it anew at that very moment may find it dropped again. Then it is read from the disk at the next read, once.
 * What no frame can be had for is dropped right after its read. So the kernel holds at most the directory's blocks and
 * one more per thread.
 */

/** Blocks in the kernel's page cache, which is told what to drop, so that it holds as many as a cache of one's own. */
export class PageCacheReader implements BlockReader {
  readonly #source: BlockSource
  readonly #blocks: number
  readonly #directory: BlockDirectory

  constructor(source: BlockSource, { blocks }: BlockSourceMemory, directory: BlockDirectory) {
    this.#source = source
    this.#blocks = blocks
    this.#directory = directory
  }

  read(hash: number): void {
    const block = blockOf(hash, this.#blocks)
    const directory = this.#directory
    let evicted = NO_BLOCK
    directory.lock(block)
    let frame = directory.find(block)
    if (frame === NO_FRAME) {
      frame = directory.replace(block)
      evicted = directory.evicted
    }
    if (frame !== NO_FRAME) directory.pin(frame)
    directory.unlock(block)
    if (evicted !== NO_BLOCK) this.#source.drop(evicted)
    this.#source.read(block)
    if (frame === NO_FRAME) this.#source.drop(block)
    else directory.unpin(frame)
  }

  isCached(): boolean {
    return false
  }

  close(): void {
    this.#source.close()
  }
}
