import type { Clock } from '../base/clock.ts'
import type { LockCounters } from '../shared-memory/thread-counters.ts'
import { BlockDirectory } from './block-directory.ts'
import { type BlockDirectoryMemory, createBlockDirectory } from './block-directory-layout.ts'
import type { OpenBlockFile } from './block-file.ts'
import { BlockSource, type BlockSourceMemory } from './block-source.ts'
import { OwnCacheReader } from './own-cache-reader.ts'
import { PageCacheReader } from './page-cache-reader.ts'
import { UncachedReader } from './uncached-reader.ts'

/** What threads of a server share of the reading of blocks. */
export interface BlockReaderMemory {
  readonly source: BlockSourceMemory
  /** Which blocks are cached; null for a file without a cache. */
  readonly directory: BlockDirectoryMemory | null
  /** The blocks of a cache of one's own, frame after frame; null for others. */
  readonly frames: SharedArrayBuffer | null
  readonly sharedBytes: number
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
    sharedBytes: (directory?.buffer.byteLength ?? 0) + (frames?.byteLength ?? 0),
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
