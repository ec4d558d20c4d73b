import type { Clock } from '../base/clock.ts'
import { BYTES_PER_WORD } from '../base/units.ts'
import type { LockCounters } from '../shared-memory/thread-counters.ts'
import {
  BlockDirectory,
  type BlockDirectoryMemory,
  createBlockDirectory,
  NO_BLOCK,
  NO_FRAME,
} from './block-directory.ts'
import {
  isBlock,
  type OpenBlockFile,
  blockOf,
  BlockSource,
  type BlockSourceMemory,
  wrongBlock,
} from './block-file.ts'

/*
 * Protocol. The words of a frame are read and written under the lock of its part only, together with the directory's, so
 * nobody sees a block half copied. Nobody waits for the disk under a lock: on a miss the block is read into the thread's
 * own memory first, and the directory asked anew, since another thread may have read the same block meanwhile. Then both
 * have read it: rare, correct, and the same in both architectures. It takes a frame once, so no block is in two frames.
 */

type Source = Pick<BlockSource, 'words' | 'read' | 'close'>

/** What all readers have alike: the file, and that nobody knows what is cached of it. */
class SourceReader<Read extends Source = BlockSource> {
  protected readonly source: Read
  protected readonly blocks: number

  constructor(source: Read, { blocks }: Pick<BlockSourceMemory, 'blocks'>) {
    this.source = source
    this.blocks = blocks
  }

  isCached(_hash: number): boolean {
    return false
  }

  close(): void {
    this.source.close()
  }
}

/** Blocks in memory of the server, shared by its threads; misses are read past the page cache. */
export class OwnCacheReader extends SourceReader<Source> implements BlockReader {
  readonly #directory: BlockDirectory
  readonly #frames: Int32Array
  readonly #blockWords: number

  constructor(
    source: Source,
    memory: BlockSourceMemory,
    directory: BlockDirectory,
    frames: SharedArrayBuffer,
  ) {
    super(source, memory)
    this.#directory = directory
    this.#frames = new Int32Array(frames)
    this.#blockWords = memory.blockBytes / BYTES_PER_WORD
  }

  read(hash: number): void {
    const block = blockOf(hash, this.blocks)
    const directory = this.#directory
    directory.lock(block)
    const frame = directory.find(block)
    const right = frame === NO_FRAME || this.#holds(frame, block)
    directory.unlock(block)
    if (!right) throw wrongBlock(block, 'the cache')
    if (frame === NO_FRAME) this.#readMissed(block)
  }

  override isCached(hash: number): boolean {
    const block = blockOf(hash, this.blocks)
    this.#directory.lock(block)
    const frame = this.#directory.find(block)
    this.#directory.unlock(block)
    return frame !== NO_FRAME
  }

  #readMissed(block: number): void {
    const directory = this.#directory
    this.source.read(block)
    directory.lock(block)
    if (directory.find(block) === NO_FRAME) {
      const frame = directory.replace(block)
      if (frame !== NO_FRAME) this.#frames.set(this.source.words, frame * this.#blockWords)
    }
    directory.unlock(block)
  }

  #holds(frame: number, block: number): boolean {
    return isBlock(this.#frames, frame * this.#blockWords, this.#blockWords, block)
  }
}

/*
 * Protocol. The directory says which blocks the kernel is to hold; the kernel holds them. A block is pinned from before
 * its read until after it, so it cannot be evicted in between, which would leave it in the page cache with nobody to drop
 * it. An evicted block is dropped after the lock was given back, since a call of the kernel takes long: a thread that
 * reads it anew at that very moment may find it dropped again. Then it is read from the disk at the next read, once.
 * What no frame can be had for is dropped right after its read. So the kernel holds at most the directory's blocks and
 * one more per thread.
 */

/** Blocks in the kernel's page cache, which is told what to drop, so that it holds as many as a cache of one's own. */
class PageCacheReader extends SourceReader implements BlockReader {
  readonly #directory: BlockDirectory

  constructor(source: BlockSource, memory: BlockSourceMemory, directory: BlockDirectory) {
    super(source, memory)
    this.#directory = directory
  }

  read(hash: number): void {
    const block = blockOf(hash, this.blocks)
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
    if (evicted !== NO_BLOCK) this.source.drop(evicted)
    this.source.read(block)
    if (frame === NO_FRAME) this.source.drop(block)
    else directory.unpin(frame)
  }
}

/** Reads each block past the page cache, each time. */
class UncachedReader extends SourceReader implements BlockReader {
  read(hash: number): void {
    this.source.read(blockOf(hash, this.blocks))
  }
}

/** What threads of a server share of the reading of blocks. */
export interface BlockReaderMemory {
  readonly source: BlockSourceMemory
  /** Which blocks are cached; null for a file without a cache. */
  readonly directory: BlockDirectoryMemory | null
  /** The blocks of a cache of one's own, frame after frame; null for others. */
  readonly frames: SharedArrayBuffer | null
}

/** Reads the block of a hash as one thread does it, and checks it. */
export interface BlockReader {
  /** @throws CrossoverError when a block is not what was written. */
  read(hash: number): void
  /**
   * Whether `read` would most likely not block. Always false where only the kernel knows. The block may be replaced before
   * it is read, rarely, since it counts as asked for now; `read` waits for the disk then.
   */
  isCached(hash: number): boolean
  close(): void
}

/** With an empty cache, in the kernel as well. */
export function createBlockReaderMemory(file: OpenBlockFile): BlockReaderMemory {
  const { path, direct } = file
  const { blocks, blockBytes, cachedBlocks, cache } = file.spec
  file.dropPages()
  const directory = cache === 'none' ? null : createBlockDirectory(blocks, cachedBlocks)
  const frames =
    directory !== null && cache === 'own'
      ? new SharedArrayBuffer(directory.frames * blockBytes)
      : null
  return {
    source: { path, blocks, blockBytes, direct },
    directory,
    frames,
  }
}

/** Opens the file for one thread, about 50 µs. */
export function openBlockReader(
  memory: BlockReaderMemory,
  clock: Clock,
  counters: LockCounters,
): BlockReader {
  const { source, directory, frames } = memory
  if (directory === null) return new UncachedReader(new BlockSource(source, 'past-cache'), source)
  const shared = new BlockDirectory(directory, clock, counters)
  return frames === null
    ? new PageCacheReader(new BlockSource(source, 'cached'), source, shared)
    : new OwnCacheReader(new BlockSource(source, 'past-cache'), source, shared, frames)
}
