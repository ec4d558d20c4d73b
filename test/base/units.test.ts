import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  alignedWordsFor,
  isPowerOfTwo,
  powerOfTwoAtLeast,
  roundUp,
  wordsFor,
} from '../../harness/base/units.ts'

test('words for bytes are the fewest that hold them', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 30), (bytes) => {
      expect(wordsFor(bytes)).toBe(Math.ceil(bytes / 4))
    }),
  )
})

test('rounding up gives the smallest multiple that is not less', () => {
  const positive = fc.integer({ min: 1, max: 1_000_000 })
  fc.assert(
    fc.property(positive, fc.integer({ min: 1, max: 4_096 }), (value, unit) => {
      const rounded = roundUp(value, unit)
      expect(rounded % unit).toBe(0)
      expect(rounded).toBeGreaterThanOrEqual(value)
      expect(rounded - value).toBeLessThan(unit)
    }),
  )
})

test('the power of two that is at least a value is less than twice the value', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (value) => {
      const power = powerOfTwoAtLeast(value)
      expect(isPowerOfTwo(power)).toBe(true)
      expect(power).toBeGreaterThanOrEqual(value)
      expect(power / 2).toBeLessThan(value)
    }),
  )
})

test('powers of two are those with one bit, up to 2³⁰', () => {
  const powers = Array.from({ length: 31 }, (_, exponent) => 2 ** exponent)
  expect(powers.every(isPowerOfTwo)).toBe(true)
  expect([0, -1, -2, 0.5, 3, 6, 12, 2 ** 31, 2 ** 32, Number.NaN].some(isPowerOfTwo)).toBe(false)
})

test('aligned words are the fewest pairs of words that hold the bytes', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 30), (bytes) => {
      expect(alignedWordsFor(bytes)).toBe(2 * Math.ceil(bytes / 8))
    }),
  )
})
