import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BlockDirectory, createBlockDirectory } from '../../harness/work/block-directory.ts'
import { fillBlock, isBlock } from '../../harness/work/block-file.ts'
import { OwnCacheReader } from '../../harness/work/block-reader.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { oneThread } from '../shared-memory/thread-parts.ts'
import { expectConsistent, stateOf } from './directory-state.ts'

const BLOCKS = 12
const BLOCK_WORDS = 128

/** Two threads' readers of one cache: what `meanwhile` says is read by the other one while the first one reads a block. */
function twoReaders(cachedBlocks: number) {
  const memory = createBlockDirectory(BLOCKS, cachedBlocks)
  const frames = new SharedArrayBuffer(memory.frames * BLOCK_WORDS * 4)
  const reads: number[] = []
  let meanwhile: readonly number[] = []
  const reader = (onRead: () => void) => {
    const words = new Int32Array(BLOCK_WORDS)
    const source = {
      words,
      read(block: number) {
        onRead()
        reads.push(block)
        fillBlock(words, 0, BLOCK_WORDS, block)
      },
      close() {},
    }
    const directory = new BlockDirectory(memory, new ManualClock(), oneThread().counters.locks)
    const spec = { path: '', blocks: BLOCKS, blockBytes: BLOCK_WORDS * 4, direct: true }
    return new OwnCacheReader(source, spec, directory, frames)
  }
  const other = reader(() => {})
  const first = reader(() => {
    for (const block of meanwhile) other.read(block)
  })
  return {
    read: (block: number, byTheOther: readonly number[] = []) => {
      meanwhile = byTheOther
      first.read(block)
    },
    isCached: (block: number) => other.isCached(block),
    reads,
    memory,
    frames: new Int32Array(frames),
  }
}

test('whatever another thread reads meanwhile, each block is in one frame and whole', () => {
  const block = fc.nat(BLOCKS - 1)
  const steps = fc.array(fc.tuple(block, fc.array(block, { maxLength: 4 })), { maxLength: 40 })
  fc.assert(
    fc.property(fc.nat(BLOCKS), steps, (cachedBlocks, asked) => {
      const { read, memory, frames } = twoReaders(cachedBlocks)
      for (const [own, others] of asked) {
        read(own, others)
        const state = stateOf(memory)
        expectConsistent(state)
        const whole = state.held.every(
          (held, frame) => held === -1 || isBlock(frames, frame * BLOCK_WORDS, BLOCK_WORDS, held),
        )
        expect(whole).toBe(true)
      }
    }),
  )
})

test('a block that another thread read meanwhile was read twice, and then no more', () => {
  const { read, reads } = twoReaders(4)
  read(3, [3])
  read(3)
  expect(reads).toEqual([3, 3])
})

test('a block is said to be cached from its first read until another takes its frame', () => {
  const { read, isCached } = twoReaders(1)
  const block = 3
  const blocks = Array.from({ length: BLOCKS }, (_, b) => b)
  expect(blocks.filter(isCached)).toEqual([])
  read(block)
  expect(blocks.filter(isCached)).toEqual([block])
  for (const other of blocks) if (other !== block) read(other)
  expect(isCached(block)).toBe(false)
})
