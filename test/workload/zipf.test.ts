import fc from 'fast-check'
import { chiSquaredDistributionTable } from 'simple-statistics'
import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../../harness/base/random.ts'
import { zipfKeys, zipfRanks } from '../../harness/workload/zipf.ts'

const THETAS = [0, 0.5, 0.99, 1, 1 + 1e-9, 1.2, 3]
const DRAWS = 300_000
/** What χ² exceeds once in 200 tests, by degrees of freedom. */
const EXCEEDED_ONCE_IN_200 = new Map(
  Object.entries(chiSquaredDistributionTable).map(([freedom, points]) => [
    Number(freedom),
    points[0.005],
  ]),
)
/** Rule of thumb for the chi-square test: cells with fewer expected draws join their neighbour. */
const LEAST_EXPECTED = 10

/** The law: probability of each rank. */
function zipfLaw(count: number, theta: number): Float64Array {
  const weights = Float64Array.from({ length: count }, (_, rank) => (rank + 1) ** -theta)
  // From the smallest on: the sum of a million terms loses no digits that matter.
  const sum = weights.reduceRight((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** How often each value 0 … count − 1 came. */
function tally(draw: () => number, count: number, draws = DRAWS): Int32Array {
  const counts = new Int32Array(count)
  for (let i = 0; i < draws; i++) counts[draw()]!++
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(draws)
  return counts
}

/** χ² of the counts in the cells that begin at `starts`, small ones joined, and what it seldom exceeds. */
function chiSquare(counts: Int32Array, law: Float64Array, starts: readonly number[]) {
  const cells: { seen: number; due: number }[] = []
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? counts.length
    const seen = counts.subarray(start, end).reduce((sum, one) => sum + one, 0)
    const due = law.subarray(start, end).reduce((sum, one) => sum + one, 0) * DRAWS
    const previous = cells.at(-1)
    if (previous === undefined || (previous.due >= LEAST_EXPECTED && due >= LEAST_EXPECTED)) {
      cells.push({ seen, due })
    } else {
      previous.seen += seen
      previous.due += due
    }
  }
  const statistic = cells.reduce((sum, { seen, due }) => sum + (seen - due) ** 2 / due, 0)
  const point = EXCEEDED_ONCE_IN_200.get(cells.length - 1)!
  return { cells: cells.length, statistic, point }
}

const TWENTY_AND_REST = Array.from({ length: 21 }, (_, rank) => rank)
const DOUBLING = Array.from({ length: 21 }, (_, power) => 2 ** power - 1)

test.each(THETAS)('the most frequent ranks follow the law at θ = %d', (theta) => {
  const count = 1_000
  const counts = tally(zipfRanks(count, theta, seededRandom(1)), count)
  const { cells, statistic, point } = chiSquare(counts, zipfLaw(count, theta), TWENTY_AND_REST)
  expect(cells).toBe(21)
  expect(statistic).toBeLessThan(point)
})

test.each(THETAS)('ranks of every order of magnitude follow the law at θ = %d', (theta) => {
  const count = 2 ** 21 - 1
  const counts = tally(zipfRanks(count, theta, seededRandom(2)), count)
  const { cells, statistic, point } = chiSquare(counts, zipfLaw(count, theta), DOUBLING)
  expect(cells).toBeGreaterThan(6)
  expect(statistic).toBeLessThan(point)
})

test('the test that accepts these ranks refuses those of a law nearby', () => {
  const count = 1_000
  const counts = tally(zipfRanks(count, 0.99, seededRandom(1)), count)
  const { statistic, point } = chiSquare(counts, zipfLaw(count, 1.01), TWENTY_AND_REST)
  expect(statistic).toBeGreaterThan(point)
})

test.each(THETAS)('mean and spread of ranks are those of the law at θ = %d', (theta) => {
  const count = 1_000
  const law = zipfLaw(count, theta)
  const moment = (of: (rank: number) => number) =>
    law.reduce((sum, share, rank) => sum + share * of(rank), 0)
  const mean = moment((rank) => rank)
  const central = (power: number) => moment((rank) => (rank - mean) ** power)
  const [variance, fourth] = [central(2), central(4)]
  const draw = zipfRanks(count, theta, seededRandom(3))
  const ranks = Array.from({ length: DRAWS }, draw)
  const seenMean = ranks.reduce((sum, rank) => sum + rank, 0) / DRAWS
  const seenVariance = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0) / DRAWS
  // Four standard errors of each.
  expect(Math.abs(seenMean - mean)).toBeLessThan(4 * Math.sqrt(variance / DRAWS))
  expect(Math.abs(seenVariance - variance)).toBeLessThan(
    4 * Math.sqrt((fourth - variance ** 2) / DRAWS),
  )
})

test('ranks are whole and within their number, whatever the skew', () => {
  const counts = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2 ** 29 }))
  const thetas = fc.oneof(
    fc.constantFrom(0, 1, 10),
    fc.double({ min: 0, max: 10, noNaN: true }),
    fc.double({ min: 1 - 1e-12, max: 1 + 1e-12, noNaN: true }),
  )
  fc.assert(
    fc.property(counts, thetas, fc.nat(), (count, theta, seed) => {
      const draw = zipfRanks(count, theta, seededRandom(seed))
      for (let i = 0; i < 20; i++) {
        const rank = draw()
        expect(Number.isInteger(rank) && rank >= 0 && rank < count).toBe(true)
      }
    }),
  )
})

/** Gives one number first and the middle ever after, should that one be refused. */
function first(unit: number): Random {
  let next = unit
  return {
    int32: () => 0,
    unit: () => {
      const given = next
      next = 0.5
      return given
    },
  }
}

test.each(THETAS)(
  'the ends of the random numbers give the ends of the ranks at θ = %d',
  (theta) => {
    expect(zipfRanks(50, theta, first(0))()).toBe(49)
    expect(zipfRanks(50, theta, first(1 - 2 ** -53))()).toBe(0)
  },
)

test.each(THETAS)('a draw seldom takes a second random number at θ = %d', (theta) => {
  let taken = 0
  const random = seededRandom(4)
  const counting = { ...random, unit: () => (taken++, random.unit()) }
  const draw = zipfRanks(10_000, theta, counting)
  for (let i = 0; i < 10_000; i++) draw()
  expect(taken).toBeLessThan(11_000)
})

test('each key has a rank of its own, and the hottest key the share of the first rank', () => {
  const count = 1_000
  const law = zipfLaw(count, 0.99)
  const perKey = tally(zipfKeys(count, 0.99, seededRandom(5)), count)
  expect(perKey.every((draws) => draws > 0)).toBe(true)
  const { statistic, point } = chiSquare(perKey.toSorted().reverse(), law, TWENTY_AND_REST)
  expect(statistic).toBeLessThan(point)
})

test('the same keys are hot under any seed and skew, and they lie apart', () => {
  const count = 10_000
  const hottest = (theta: number, seed: number) => {
    const perKey = tally(zipfKeys(count, theta, seededRandom(seed)), count, 100_000)
    return [...perKey.keys()].toSorted((a, b) => perKey[b]! - perKey[a]!).slice(0, 3)
  }
  const expected = hottest(1.2, 6)
  expect(hottest(1.2, 7)).toEqual(expected)
  expect(hottest(0.99, 8)).toEqual(expected)
  expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(count / 10)
})
