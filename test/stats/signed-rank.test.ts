import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hodgesLehmann, signedRankCounts, signedRankCut } from '../../harness/stats/intervals.ts'
import { pairedRatio } from './paired-ratio.ts'

const differences = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 1,
  maxLength: 12,
})

/** P(T ≤ t) of the signed-rank statistic of n differences. */
function probabilityUpTo(t: number, n: number): number {
  const counts = signedRankCounts(n).subarray(0, t + 1)
  return counts.reduce((sum, count) => sum + count, 0) / 2 ** n
}

test('counts of subsets by their sum equal those of an enumeration', () => {
  for (let n = 0; n <= 10; n++) {
    const enumerated = new Float64Array((n * (n + 1)) / 2 + 1)
    for (let subset = 0; subset < 2 ** n; subset++) {
      let sum = 0
      for (let rank = 1; rank <= n; rank++) if ((subset >> (rank - 1)) & 1) sum += rank
      enumerated[sum]!++
    }
    expect(signedRankCounts(n)).toEqual(enumerated)
  }
})

test('counts add up to 2ⁿ and are symmetric, also for the largest n', () => {
  for (const n of [1, 2, 13, 30, 52]) {
    const counts = signedRankCounts(n)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2 ** n)
    expect(counts.toReversed()).toEqual(counts)
  }
})

test.each([
  [6, 0, 0.0156],
  [7, 2, 0.0234],
  [8, 3, 0.0195],
  [10, 8, 0.0244],
  [12, 13, 0.0212],
  [15, 25, 0.024],
  [20, 52, 0.0242],
])('n=%i: P(T ≤ %i) is the %f of the published tables', (n, t, probability) => {
  expect(probabilityUpTo(t, n)).toBeCloseTo(probability, 4)
})

test.each([
  [6, 0.95, 0, 1 - 2 / 64],
  [10, 0.95, 8, 1 - 50 / 1_024],
  [5, 0.95, 0, 1 - 2 / 32],
  [3, 0.95, 0, 0.75],
  [1, 0.95, 0, 0],
])('n=%i at %f leaves out %i averages at each end and keeps %f', (n, level, cut, achieved) => {
  expect(signedRankCut(n, level)).toEqual({ cut, level: achieved })
})

test('the cut is the largest one that keeps the level, if any keeps it', () => {
  for (let n = 2; n <= 40; n++) {
    for (const level of [0.5, 0.9, 0.95, 0.99]) {
      const { cut, level: achieved } = signedRankCut(n, level)
      expect(achieved).toBeCloseTo(1 - 2 * probabilityUpTo(cut, n), 12)
      expect(achieved >= level || cut === 0).toBe(true)
      expect(1 - 2 * probabilityUpTo(cut + 1, n)).toBeLessThan(level)
    }
  }
})

test('the estimate is the median of all pairwise averages, within its interval', () => {
  fc.assert(
    fc.property(differences, fc.constantFrom(0.5, 0.9, 0.95), (values, level) => {
      const averages = values
        .flatMap((value, i) => values.slice(i).map((other) => (value + other) / 2))
        .toSorted((a, b) => a - b)
      const middle = (averages.length - 1) / 2
      const interval = hodgesLehmann(values, level)
      const median = (averages[Math.floor(middle)]! + averages[Math.ceil(middle)]!) / 2
      expect(interval.value).toBe(median)
      const { cut } = signedRankCut(values.length, level)
      expect(interval.lower).toBe(averages[cut])
      expect(interval.upper).toBe(averages.at(-1 - cut))
      expect(interval.lower).toBeLessThanOrEqual(interval.value)
      expect(interval.upper).toBeGreaterThanOrEqual(interval.value)
    }),
  )
})

/** P(T ≤ t) with the counts as integers of any size. */
function exactUpTo(t: number, n: number): number {
  let counts = [1n]
  for (let rank = 1; rank <= n; rank++) {
    const grown = Array.from({ length: counts.length + rank }, () => 0n)
    for (const [sum, count] of counts.entries()) {
      grown[sum]! += count
      grown[sum + rank]! += count
    }
    counts = grown
  }
  const below = counts.slice(0, t + 1).reduce((sum, count) => sum + count, 0n)
  return Number(below) / 2 ** n
}

test('64 differences are exact beyond the 53 bits of a double', () => {
  for (const level of [0.9, 0.95, 0.9875, 0.99]) {
    const { cut, level: achieved } = signedRankCut(64, level)
    expect(achieved).toBeCloseTo(1 - 2 * exactUpTo(cut, 64), 13)
    expect(1 - 2 * exactUpTo(cut + 1, 64)).toBeLessThan(level)
  }
})

test.each([
  [0.9, 1.644854],
  [0.95, 1.959964],
  [0.9875, 2.497705],
  [0.99, 2.575829],
])('the cut of 64 differences at %f is that of the normal approximation', (level, quantile) => {
  // Mean n(n + 1)/4, variance n(n + 1)(2n + 1)/24, half a count for continuity.
  const normal = 1_040 - 0.5 - quantile * Math.sqrt(22_360)
  expect(Math.abs(signedRankCut(64, level).cut - normal)).toBeLessThan(3)
})

test('over all signs of given differences the interval covers zero exactly as often as its level says', () => {
  // Powers of three: no two subsets have averages that cancel, so there are no ties.
  for (const n of [3, 6, 8, 10]) {
    const magnitudes = Array.from({ length: n }, (_, index) => 3 ** index)
    let covered = 0
    let level = 0
    for (let signs = 0; signs < 2 ** n; signs++) {
      const signed = magnitudes.map((value, index) => ((signs >> index) & 1 ? -value : value))
      const interval = hodgesLehmann(signed, 0.95)
      level = interval.level
      covered += Number(interval.lower <= 0 && interval.upper >= 0)
    }
    expect(covered / 2 ** n).toBe(level)
  }
})

test('shifting and mirroring the differences does the same to the interval', () => {
  const integers = fc.array(fc.integer({ min: -1_000, max: 1_000 }), {
    minLength: 1,
    maxLength: 12,
  })
  fc.assert(
    fc.property(integers, fc.integer({ min: -1_000, max: 1_000 }), (values, shift) => {
      const interval = hodgesLehmann(values, 0.95)
      const shifted = hodgesLehmann(
        values.map((value) => value + shift),
        0.95,
      )
      expect(shifted.value).toBe(interval.value + shift)
      expect(shifted.lower).toBe(interval.lower + shift)
      const mirrored = hodgesLehmann(
        values.map((value) => 0 - value),
        0.95,
      )
      expect(mirrored.lower + interval.upper).toBe(0)
    }),
  )
})

test('one difference is its own estimate, with no confidence', () => {
  expect(hodgesLehmann([5], 0.95)).toEqual({ value: 5, lower: 5, upper: 5, level: 0 })
})

test('refuses to estimate from nothing', () => {
  expect(() => hodgesLehmann([], 0.95)).toThrow('n=0')
})

test('a paired ratio is second over first, whatever the scale of each pair', () => {
  const first = [1, 10, 100, 1_000, 10_000, 100_000]
  const ratio = pairedRatio(
    first,
    first.map((value) => 2 * value),
    0.95,
  )
  expect(ratio.value).toBeCloseTo(2, 12)
  expect(ratio.lower).toBeCloseTo(2, 12)
  expect(ratio.upper).toBeCloseTo(2, 12)
  expect(ratio.level).toBe(0.96875)
})

test('exchanging first and second inverts a paired ratio', () => {
  const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true })
  const pairs = fc.array(fc.tuple(positive, positive), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(pairs, (entries) => {
      const [first, second] = [entries.map(([value]) => value), entries.map(([, value]) => value)]
      const ratio = pairedRatio(first, second, 0.95)
      const inverse = pairedRatio(second, first, 0.95)
      expect(ratio.value * inverse.value).toBeCloseTo(1, 9)
      expect(ratio.lower * inverse.upper).toBeCloseTo(1, 9)
    }),
  )
})
