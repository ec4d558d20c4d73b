import { BYTES_PER_WORD, ISOLATION_WORDS } from '../base/units.ts'
import { createKeyedLock, type KeyedLockMemory } from '../shared-memory/keyed-lock.ts'

/**
 * Which blocks of a file a cache holds, in which of its frames:
 *
 *   parts × 32 words     a part's hand: which of its frames it looks at next; and 31 words of padding
 *   blocks × 1 word      of each block: its frame + 1, or 0 for none
 *   frames × 4 words     of each frame:
 *
 *     0  block       + 1, or 0 for none
 *     1  referenced  1 when it was asked for since the hand came by
 *     2  pins        threads that read its block right now
 *     3  padding
 *
 * Block b belongs to part b & (parts − 1). A part has frames of its own, all next to each other, and a lock of its own.
 */
export const FRAME_WORDS = 4
export const FRAME_BLOCK = 0
export const FRAME_REFERENCED = 1
export const FRAME_PINS = 2

/** Locks for many more threads than there are; fewer where a part would become so small that luck decides what it holds. */
const MOST_PARTS = 64
const LEAST_FRAMES_OF_PART = 64

/** What threads share of a directory. */
export interface BlockDirectoryMemory {
  readonly buffer: SharedArrayBuffer
  readonly locks: KeyedLockMemory
  readonly blocks: number
  /** Blocks that the cache holds, at most all. */
  readonly frames: number
  /** A power of two. */
  readonly parts: number
}

/**
 * An empty directory. The same for both architectures: how many parts it has follows from the number of frames alone.
 * @param parts a power of two; @default as many as give each 64 frames, at most 64
 */
export function createBlockDirectory(
  blocks: number,
  cachedBlocks: number,
  parts?: number,
): BlockDirectoryMemory {
  const frames = Math.min(cachedBlocks, blocks)
  const count = parts ?? partsFor(frames)
  const words = count * ISOLATION_WORDS + blocks + frames * FRAME_WORDS
  return {
    buffer: new SharedArrayBuffer(words * BYTES_PER_WORD),
    locks: createKeyedLock('striped', count),
    blocks,
    frames,
    parts: count,
  }
}

function partsFor(frames: number): number {
  let parts = 1
  while (parts < MOST_PARTS && frames >= 2 * parts * LEAST_FRAMES_OF_PART) parts *= 2
  return parts
}

/** First word of the directory's blocks. */
export function blocksWord({ parts }: BlockDirectoryMemory): number {
  return parts * ISOLATION_WORDS
}

/** First word of a frame. */
export function frameWord(memory: BlockDirectoryMemory, frame: number): number {
  return blocksWord(memory) + memory.blocks + frame * FRAME_WORDS
}

/** First frame of a part; the parts share frames evenly. With all parts: the number of frames. */
export function firstFrame({ frames, parts }: BlockDirectoryMemory, part: number): number {
  return part * Math.floor(frames / parts) + Math.min(part, frames % parts)
}
