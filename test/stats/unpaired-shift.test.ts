import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../../harness/base/random.ts'
import {
  rankSumCounts,
  rankSumCut,
  reachesLevel,
  unpairedShift,
} from '../../harness/stats/intervals.ts'
import { contaminated, exponential, normal } from './variates.ts'

const sample = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 9 })

function probabilityUpTo(u: number, n: number, m: number): number {
  const counts = rankSumCounts(n, m)
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.subarray(0, u + 1).reduce((sum, count) => sum + count, 0) / total
}

test('counts equal those of an enumeration of all ways to draw the ranks', () => {
  for (const [n, m] of [
    [1, 1],
    [1, 5],
    [2, 3],
    [4, 4],
    [5, 3],
    [6, 6],
  ] as const) {
    const enumerated = new Float64Array(n * m + 1)
    for (let drawn = 0; drawn < 2 ** (n + m); drawn++) {
      let [firsts, below] = [0, 0]
      for (let rank = 0; rank < n + m; rank++) {
        if ((drawn >> rank) & 1) {
          below += rank - firsts
          firsts++
        }
      }
      if (firsts === n) enumerated[below]!++
    }
    expect(rankSumCounts(n, m)).toEqual(enumerated)
  }
})

test('counts are symmetric, and do not depend on which sample is the first', () => {
  for (const [n, m] of [
    [3, 8],
    [12, 20],
    [26, 26],
  ] as const) {
    const counts = rankSumCounts(n, m)
    expect(counts.toReversed()).toEqual(counts)
    expect(rankSumCounts(m, n)).toEqual(counts)
  }
})

// Two-tailed critical values of U at 0.05 (Mann & Whitney 1947; Milton 1964): the largest u with P(U ≤ u) ≤ 0.025.
test.each([
  [4, 4, 0],
  [5, 5, 2],
  [6, 6, 5],
  [7, 7, 8],
  [8, 8, 13],
  [9, 9, 17],
  [10, 10, 23],
  [12, 12, 37],
  [16, 16, 75],
  [20, 20, 127],
  [5, 8, 6],
  [6, 12, 14],
  [8, 20, 41],
])('%i and %i trials: the critical value is the %i of the published tables', (n, m, u) => {
  expect(rankSumCut(n, m, 0.95).cut).toBe(u)
  expect(probabilityUpTo(u, n, m)).toBeLessThanOrEqual(0.025)
  expect(probabilityUpTo(u + 1, n, m)).toBeGreaterThan(0.025)
})

test.each([
  [6, 6, 1 - 38 / 924],
  [3, 3, 1 - 2 / 20],
  [4, 4, 1 - 2 / 70],
  [1, 1, 0],
])('%i and %i trials at 95 % have the level %f', (n, m, level) => {
  expect(rankSumCut(n, m, 0.95).level).toBeCloseTo(level, 12)
})

test.each([
  [0.95, 1.959964],
  [0.99, 2.575829],
])('the cut of 64 and 64 at %f is that of the normal approximation', (level, quantile) => {
  // Mean n·m/2, variance n·m(n + m + 1)/12, half a count for continuity.
  const expected = 2_048 - 0.5 - quantile * Math.sqrt((64 * 64 * 129) / 12)
  const { cut, level: achieved } = rankSumCut(64, 64, level)
  expect(Math.abs(cut - expected)).toBeLessThan(4)
  expect(achieved).toBeGreaterThanOrEqual(level)
})

test('which sizes reach a level', () => {
  expect(reachesLevel(4, 4, 0.95)).toBe(true)
  expect(reachesLevel(3, 4, 0.95)).toBe(false)
  expect(reachesLevel(3, 5, 0.95)).toBe(true)
  expect(reachesLevel(0, 9, 0.95)).toBe(false)
})

test('the estimate is the median of all differences, within bounds that leave out the cut', () => {
  fc.assert(
    fc.property(sample, sample, fc.constantFrom(0.5, 0.9, 0.95), (first, second, level) => {
      const sorted = second
        .flatMap((after) => first.map((before) => after - before))
        .toSorted((a, b) => a - b)
      const middle = (sorted.length - 1) / 2
      const { value, lower, upper } = unpairedShift(first, second, level)
      const { cut } = rankSumCut(first.length, second.length, level)
      expect(value).toBe((sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2)
      expect([lower, upper]).toEqual([sorted[cut], sorted.at(-1 - cut)])
      expect(lower).toBeLessThanOrEqual(value)
      expect(upper).toBeGreaterThanOrEqual(value)
    }),
  )
})

test('a shift of the second sample shifts everything; exchanging the samples turns it round', () => {
  fc.assert(
    fc.property(sample, sample, fc.integer({ min: -99, max: 99 }), (first, second, by) => {
      const plain = unpairedShift(first, second, 0.95)
      const moved = second.map((value) => value + by)
      const shifted = unpairedShift(first, moved, 0.95)
      expect(shifted.value).toBe(plain.value + by)
      expect(shifted.lower).toBe(plain.lower + by)
      const turned = unpairedShift(second, first, 0.95)
      expect(turned.value + plain.value).toBe(0)
      expect(turned.lower + plain.upper).toBe(0)
    }),
  )
})

test.each([
  [6, 6, 'normal', normal],
  [12, 12, 'normal', normal],
  [6, 12, 'skewed', exponential],
  [6, 6, 'contaminated', contaminated],
] as const)(
  '%i and %i trials with %s noise cover the true shift as often as their level says',
  (n, m, _name, noise) => {
    const runs = 2_000
    const random: Random = seededRandom(n * m)
    const draw = (count: number, by: number) =>
      Array.from({ length: count }, () => by + noise(random))
    const { level } = rankSumCut(n, m, 0.95)
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const { lower, upper } = unpairedShift(draw(n, 0), draw(m, 0.7), 0.95)
      covered += Number(lower <= 0.7 && 0.7 <= upper)
    }
    expect(Math.abs(covered / runs - level)).toBeLessThan(
      3 * Math.sqrt((level * (1 - level)) / runs),
    )
  },
)

test('refuses an empty sample', () => {
  expect(() => unpairedShift([], [1], 0.95)).toThrow('n=0, m=1')
})
