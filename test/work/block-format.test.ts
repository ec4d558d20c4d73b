import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillBlock, isBlock } from '../../harness/work/block-file.ts'

const WORDS = 128
const blockNumber = fc.nat(999_999)

function filled(number: number, words = WORDS): Int32Array {
  const block = new Int32Array(words)
  fillBlock(block, 0, words, number)
  return block
}

test('a block is itself and no other one', () => {
  fc.assert(
    fc.property(blockNumber, blockNumber, (written, asked) => {
      expect(isBlock(filled(written), 0, WORDS, asked)).toBe(written === asked)
    }),
  )
})

test('a block that begins or ends as another one is none', () => {
  fc.assert(
    fc.property(blockNumber, blockNumber, (first, second) => {
      fc.pre(first !== second)
      const torn = filled(first)
      torn.set(filled(second).subarray(WORDS / 2), WORDS / 2)
      expect(isBlock(torn, 0, WORDS, first)).toBe(false)
      expect(isBlock(torn, 0, WORDS, second)).toBe(false)
    }),
  )
})

test('memory that was never written is no block', () => {
  fc.assert(
    fc.property(blockNumber, (asked) => {
      expect(isBlock(new Int32Array(WORDS), 0, WORDS, asked)).toBe(false)
    }),
  )
})

test('a block stays within its words, and hardly two of them are the same', () => {
  const target = new Int32Array(3 * WORDS)
  fillBlock(target, WORDS, WORDS, 7)
  expect(target.subarray(0, WORDS).every((word) => word === 0)).toBe(true)
  expect(target.subarray(2 * WORDS).every((word) => word === 0)).toBe(true)
  expect(new Set(target.subarray(WORDS, 2 * WORDS)).size).toBeGreaterThan(WORDS - 4)
})
