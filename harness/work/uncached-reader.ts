import type { BlockReader } from './block-reader.ts'
import { blockOf, type BlockSource, type BlockSourceMemory } from './block-source.ts'

/** Reads each block past the page cache, each time. */
export class UncachedReader implements BlockReader {
  readonly #source: BlockSource
  readonly #blocks: number

  constructor(source: BlockSource, { blocks }: BlockSourceMemory) {
    this.#source = source
    this.#blocks = blocks
  }

  read(hash: number): void {
    this.#source.read(blockOf(hash, this.#blocks))
  }

  isCached(): boolean {
    return false
  }

  close(): void {
    this.#source.close()
  }
}
