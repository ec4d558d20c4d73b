import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createBlockDirectory,
  firstFrame,
  FRAME_WORDS,
  frameWord,
} from '../../harness/work/block-directory.ts'

test('parts share frames evenly, and frames fill the buffer to its end', () => {
  fc.assert(
    fc.property(fc.nat(20_000), fc.nat(20_000), (more, cachedBlocks) => {
      const memory = createBlockDirectory(more + 1, cachedBlocks)
      const { parts, frames } = memory
      expect(frames).toBe(Math.min(cachedBlocks, more + 1))
      expect(firstFrame(memory, 0)).toBe(0)
      expect(firstFrame(memory, parts)).toBe(frames)
      for (let part = 0; part < parts; part++) {
        const count = firstFrame(memory, part + 1) - firstFrame(memory, part)
        expect(Math.abs(count - frames / parts)).toBeLessThan(1)
      }
      expect(frameWord(memory, frames) * 4).toBe(memory.buffer.byteLength)
      expect(frameWord(memory, 1) - frameWord(memory, 0)).toBe(FRAME_WORDS)
    }),
    { numRuns: 50 },
  )
})

test.each([
  [0, 1],
  [127, 1],
  [128, 2],
  [4_096, 64],
  [1_000_000, 64],
])('a cache of %i blocks has %i parts', (cachedBlocks, parts) => {
  expect(createBlockDirectory(1_000_000, cachedBlocks).parts).toBe(parts)
})

test('a part has frames for all its blocks where all blocks are cached', () => {
  const memory = createBlockDirectory(1_003, 1_003)
  for (let part = 0; part < memory.parts; part++) {
    const blocks = Math.floor((1_003 - 1 - part) / memory.parts) + 1
    expect(firstFrame(memory, part + 1) - firstFrame(memory, part)).toBe(blocks)
  }
})
