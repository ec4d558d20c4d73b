import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import { GrayZipf } from '../../harness/workload/zipf.ts'
import { chiSquare, tally, UNLIKELY } from './goodness-of-fit.ts'

const THETA = 0.99
const DRAWS = 200_000

/** ζ(n) term by term, from the smallest on. */
function zeta(n: number): number {
  let sum = 0
  for (let i = n; i >= 1; i--) sum += i ** -THETA
  return sum
}

/** Gray's own probabilities: the lengths of the intervals of u that give each rank. */
function grayShares(n: number): Float64Array {
  const [all, two] = [zeta(n), 1 + 0.5 ** THETA]
  const eta = (1 - (2 / n) ** (1 - THETA)) / (1 - two / all)
  // The smallest u whose rank is r or more, for the formula of all ranks but the first two.
  const from = (rank: number) => ((rank / n) ** (1 - THETA) - 1 + eta) / eta
  return Float64Array.from({ length: n }, (_, rank) => {
    const begin = rank === 0 ? 0 : rank === 1 ? 1 / all : Math.max(two / all, from(rank))
    const end = rank === 0 ? 1 / all : rank === 1 ? two / all : Math.max(two / all, from(rank + 1))
    return end - begin
  })
}

test.each([10, 1_000, 20_000])('ranks of %i items have Gray’s probabilities', (count) => {
  const shares = grayShares(count)
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
  const zipf = new GrayZipf(count)
  const random = seededRandom(1)
  expect(
    chiSquare(
      tally(() => zipf.rank(random.unit()), count, DRAWS),
      shares,
    ),
  ).toBeGreaterThan(UNLIKELY)
})

test('they are not those of the law, and the test tells', () => {
  const count = 1_000
  const zipf = new GrayZipf(count)
  const random = seededRandom(1)
  const counts = tally(() => zipf.rank(random.unit()), count, DRAWS)
  const law = Float64Array.from({ length: count }, (_, rank) => (rank + 1) ** -THETA / zeta(count))
  expect(chiSquare(counts, law)).toBeLessThan(1e-6)
  // The third rank: 1.2 times its own share.
  expect(grayShares(count)[2]! / law[2]!).toBeCloseTo(1.2, 1)
})

// Of the catalogue of workloads.
test.each([
  [1_000, 0.129],
  [10_000, 0.098],
  [100_000, 0.078],
  [1_000_000, 0.065],
])('the most frequent of %i items has a share of %d', (count, share) => {
  const zipf = new GrayZipf(count)
  let [low, high] = [0, 1]
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2
    if (zipf.rank(middle) === 0) low = middle
    else high = middle
  }
  expect(low).toBeCloseTo(share, 3)
  expect(low).toBeCloseTo(1 / zeta(count), 9)
})

test('grown to a number it is as if made for it', () => {
  const units = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), fc.nat(50), units, (from, more, unit) => {
      const grown = new GrayZipf(from)
      for (let step = 0; step < more; step++) grown.grow()
      const made = new GrayZipf(from + more)
      expect(grown.count).toBe(made.count)
      // Where rounding decides, neighbours are right, too.
      expect(Math.abs(grown.rank(unit) - made.rank(unit))).toBeLessThanOrEqual(1)
    }),
  )
})

test('ranks are whole and within their number', () => {
  const units = fc.oneof(
    fc.constantFrom(0, 1 - 2 ** -53),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 26 }), units, (count, unit) => {
      const rank = new GrayZipf(count).rank(unit)
      expect(Number.isInteger(rank) && rank >= 0 && rank < count).toBe(true)
    }),
  )
})
