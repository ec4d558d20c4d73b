import type { Clock } from '../base/clock.ts'
import { BYTES_PER_WORD, ISOLATION_WORDS } from '../base/units.ts'
import type { RecordGuard } from '../contract/architecture.ts'
import {
  attachKeyedLock,
  createKeyedLock,
  type KeyedLockMemory,
} from '../shared-memory/keyed-lock.ts'
import type { LockCounters } from '../shared-memory/thread-counters.ts'

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
const FRAME_REFERENCED = 1
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

export const NO_FRAME = -1
export const NO_BLOCK = -1

/*
 * Protocol. Everything that belongs to a part, its hand, its blocks' words and its frames, is read and written by the
 * thread that holds the part's lock, plainly: the lock orders it. The one exception are pins.
 *   pin     under the lock, Atomics.add: only a frame that holds the thread's block is pinned.
 *   unpin   without the lock, Atomics.sub, when the block was read.
 * No pinned frame is given to another block: `replace` reads its pins under the lock. If they are 0 they stay so until it
 * returns, since they only grow under the lock. If they fall to 0 right after it looked, it passed a frame that it could
 * have taken, and takes another.
 * Invariant, whenever a part's lock is free: word of block b = f + 1 exactly where the block of frame f = b + 1.
 */

/**
 * Which frame of a cache holds a block, as one thread sees it, and which block goes when another one comes: CLOCK, the
 * second chance (Corbató, "A Paging Experiment with the Multics System", 1968).
 */
export class BlockDirectory {
  /** The block that the last `replace` of this thread took out, or `NO_BLOCK`. */
  evicted = NO_BLOCK

  readonly #words: Int32Array
  readonly #guard: RecordGuard
  readonly #partMask: number
  readonly #blocksAt: number
  readonly #framesAt: number
  /** First frame of each part, and the number of frames behind them. */
  readonly #firsts: readonly number[]

  constructor(memory: BlockDirectoryMemory, clock: Clock, counters: LockCounters) {
    this.#words = new Int32Array(memory.buffer)
    this.#guard = attachKeyedLock(memory.locks, clock, counters)
    this.#partMask = memory.parts - 1
    this.#blocksAt = blocksWord(memory)
    this.#framesAt = frameWord(memory, 0)
    this.#firsts = Array.from({ length: memory.parts + 1 }, (_, part) => firstFrame(memory, part))
  }

  /** Takes the lock of the block's part, which the methods below need but for `unpin`. */
  lock(block: number): void {
    this.#guard.lock(block, true)
  }

  unlock(block: number): void {
    this.#guard.unlock(block, true)
  }

  /** The frame that holds the block, which counts as asked for; or `NO_FRAME`. */
  find(block: number): number {
    const frame = this.#words[this.#blocksAt + block]! - 1
    if (frame !== NO_FRAME) this.#words[this.#wordOf(frame) + FRAME_REFERENCED] = 1
    return frame
  }

  /**
   * Gives a block that is in no frame the next one that was not asked for since the hand came by and is not pinned, and
   * tells it; what it held is `evicted` then. `NO_FRAME` when all are pinned or the part has none. Two rounds at most.
   */
  replace(block: number): number {
    const words = this.#words
    const part = block & this.#partMask
    const first = this.#firsts[part]!
    const count = this.#firsts[part + 1]! - first
    const handWord = part * ISOLATION_WORDS
    let hand = words[handWord]!
    this.evicted = NO_BLOCK
    // Whatever was asked for is no longer so in the second round.
    for (let visits = 2 * count; visits > 0; visits--) {
      const frame = first + hand
      const at = this.#wordOf(frame)
      if (++hand === count) hand = 0
      if (Atomics.load(words, at + FRAME_PINS) !== 0) continue
      if (words[at + FRAME_REFERENCED] !== 0) {
        words[at + FRAME_REFERENCED] = 0
        continue
      }
      words[handWord] = hand
      this.evicted = words[at + FRAME_BLOCK]! - 1
      if (this.evicted !== NO_BLOCK) words[this.#blocksAt + this.evicted] = 0
      words[this.#blocksAt + block] = frame + 1
      words[at + FRAME_BLOCK] = block + 1
      words[at + FRAME_REFERENCED] = 1
      return frame
    }
    words[handWord] = hand
    return NO_FRAME
  }

  /** Keeps the block in its frame until this thread unpins it. */
  pin(frame: number): void {
    Atomics.add(this.#words, this.#wordOf(frame) + FRAME_PINS, 1)
  }

  unpin(frame: number): void {
    Atomics.sub(this.#words, this.#wordOf(frame) + FRAME_PINS, 1)
  }

  #wordOf(frame: number): number {
    return this.#framesAt + frame * FRAME_WORDS
  }
}
