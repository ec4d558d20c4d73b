import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import { medianInterval, medianRatio } from '../../harness/stats/intervals.ts'

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

// Hollander, Wolfe & Chicken 2014, table A.2 of the binomial with p = ½, and arithmetic.
test.each([
  [1, 1, 1, 0],
  [2, 1, 2, 1 - 2 / 4],
  [5, 1, 5, 1 - 2 / 32],
  [6, 1, 6, 1 - 2 / 64],
  [8, 1, 8, 1 - 2 / 256],
  [9, 2, 8, 1 - (2 * 10) / 512],
  [12, 3, 10, 1 - (2 * 79) / 4_096],
  [13, 3, 11, 1 - (2 * 92) / 8_192],
])('n = %d: from rank %d to rank %d', (n, lower, upper, level) => {
  const interval = medianInterval(upTo(n), 0.95)
  expect(interval).toMatchObject({ value: (n + 1) / 2, lower, upper })
  expect(interval.level).toBeCloseTo(level, 12)
})

test('covers the median of a skewed distribution as often as it says', () => {
  const random = seededRandom(3)
  const runs = 4_000
  let covered = 0
  let level = 0
  for (let run = 0; run < runs; run++) {
    const values = upTo(13).map(() => -Math.log(1 - random.unit()))
    const interval = medianInterval(values, 0.95)
    level = interval.level
    if (interval.lower <= Math.LN2 && Math.LN2 <= interval.upper) covered++
  }
  const standardError = Math.sqrt((level * (1 - level)) / runs)
  expect(Math.abs(covered / runs - level)).toBeLessThan(3 * standardError)
})

test('holds its value, whatever the order, and never claims more than it has', () => {
  const values = fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), {
    minLength: 1,
    maxLength: 60,
  })
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 0.9, 0.95, 0.99), (given, level) => {
      const interval = medianInterval(given, level)
      expect(interval.lower).toBeLessThanOrEqual(interval.value)
      expect(interval.upper).toBeGreaterThanOrEqual(interval.value)
      const widest = interval.lower === Math.min(...given) && interval.upper === Math.max(...given)
      expect(interval.level >= level || widest).toBe(true)
      expect(medianInterval(given.toReversed(), level)).toEqual(interval)
    }),
  )
})

test('has no median of nothing, and one of a thousand values', () => {
  expect(() => medianInterval([], 0.95)).toThrow(/^no values: n=0$/)
  const { lower, upper, level } = medianInterval(upTo(1_000), 0.95)
  expect(level).toBeGreaterThan(0.95)
  expect(level).toBeLessThan(0.96)
  expect([lower, upper]).toEqual([469, 532])
})

test('a ratio has the bounds of both intervals against each other', () => {
  const ratio = medianRatio(
    upTo(9).map((value) => 100 * value),
    upTo(9),
    0.9,
  )
  // Each at 95 %: ranks 2 and 8.
  expect(ratio).toMatchObject({ value: 100, lower: 200 / 8, upper: 800 / 2 })
  expect(ratio.level).toBeCloseTo(1 - 2 * (20 / 512), 12)
})

test('too few values make a ratio without a level', () => {
  expect(medianRatio([10], [2, 3], 0.95)).toMatchObject({ value: 4, level: 0 })
})
