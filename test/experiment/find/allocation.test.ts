import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combineSeeds, type Random, seededRandom } from '../../../harness/base/random.ts'
import {
  END_PAIRS,
  FIRST_PAIRS,
  firstRound,
  type FindStatus,
  nextRound,
  reasonToStop,
  ROUND_PAIRS,
} from '../../../harness/experiment/find/allocation.ts'
import {
  findCrossing,
  judgeCrossing,
  type CrossingOutcome,
  type ValueRatios,
} from '../../../harness/stats/crossing.ts'
import { contaminated, normal } from '../../stats/variates.ts'

const LEVEL = 0.95
const RANGE = { from: 0, to: 1.2, integer: false, values: [0, 0.3, 0.6, 0.9, 1.2] }
const RESAMPLES = 300

function statusOf(
  values: readonly ValueRatios[],
  changes: Partial<FindStatus> = {},
  seed = 1,
): FindStatus {
  const crossing = findCrossing(values, LEVEL, seededRandom(seed), RESAMPLES)
  const outcome = judgeCrossing(crossing, values, LEVEL)
  const status = { range: RANGE, values, crossing, outcome, until: 0.1, anchorPairs: 6 }
  return { ...status, leftOut: [], ...changes }
}

/** Log-ratios around a centre: a spread of about 0.02. */
const around = (value: number, centre: number, pairs: number): ValueRatios => ({
  value,
  logRatios: Array.from({ length: pairs }, (_, pair) => centre + 0.02 * ((pair % 3) - 1)),
})

function counted(values: readonly number[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

test('the first round has two pairs of each value, in an order of its own for each seed', () => {
  const [one, other] = [1, 2].map((seed) => firstRound(RANGE, seededRandom(seed)))
  expect(counted(one!)).toEqual({ 0: 2, 0.3: 2, 0.6: 2, 0.9: 2, 1.2: 2 })
  expect(one).not.toEqual(other)
  expect(one).toEqual(firstRound(RANGE, seededRandom(1)))
})

test('a value is put in the middle of the two between which the crossing is known to lie', () => {
  const status = statusOf(RANGE.values.map((value) => around(value, value - 0.8, 2)))
  const counts = counted(nextRound(status, seededRandom(1)))
  expect(counts[0.75]).toBe(FIRST_PAIRS)
  // An end is anchored; the rest goes to the neighbours of the crossing.
  expect(counts[0]).toBe(1)
  expect((counts[0.6] ?? 0) + (counts[0.9] ?? 0)).toBe(2)
})

test('a value that was measured and says nothing is not put there again', () => {
  const values = RANGE.values.map((value) => around(value, value - 0.8, 2))
  const round = nextRound(statusOf(values, { leftOut: [0.75] }), seededRandom(1))
  expect(round).toHaveLength(ROUND_PAIRS)
  expect(round).not.toContain(0.75)
})

test('no value is added while resamples disagree on where the crossing lies', () => {
  const wild = RANGE.values.map((value) => ({
    value,
    logRatios: [value - 0.6 - 2, value - 0.6 + 2, value - 0.6],
  }))
  const round = nextRound(statusOf(wild), seededRandom(1))
  expect(round.every((value) => RANGE.values.includes(value))).toBe(true)
})

test('integers that are neighbours get nothing between them', () => {
  const range = { from: 1, to: 5, integer: true }
  const values = [1, 2, 3, 4, 5].map((value) => around(value, value - 3.5, 8))
  const status = statusOf(values, { range })
  expect(nextRound(status, seededRandom(1)).every(Number.isInteger)).toBe(true)
  expect(reasonToStop(status)).toBe('precise')
})

test('while nothing crosses, the ends are filled up, the one that is nearer to 1 too', () => {
  const values = RANGE.values.map((value) => around(value, 1 + value, 2))
  const counts = counted(nextRound(statusOf(values), seededRandom(1)))
  expect((counts[0] ?? 0) + (counts[1.2] ?? 0)).toBeGreaterThanOrEqual(ROUND_PAIRS - 1)
})

test('ends that have enough pairs are left alone by a search that crosses elsewhere', () => {
  const values = RANGE.values.map((value) =>
    around(value, value - 0.45, value === 0 || value === 1.2 ? 6 : 2),
  )
  const counts = counted(nextRound(statusOf(values), seededRandom(1)))
  expect(counts[0]).toBeUndefined()
  expect(counts[1.2]).toBeUndefined()
})

test('a round has its pairs, all within the range', () => {
  const ratios = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
    minLength: 1,
    maxLength: 14,
  })
  const all = fc.array(ratios, { minLength: 5, maxLength: 5 })
  fc.assert(
    fc.property(all, fc.integer(), (perValue, seed) => {
      const values = RANGE.values.map((value, at) => ({ value, logRatios: perValue[at]! }))
      const round = nextRound(statusOf(values), seededRandom(seed))
      expect(round).toHaveLength(ROUND_PAIRS)
      expect(round.every((value) => value >= RANGE.from && value <= RANGE.to)).toBe(true)
      expect(round).toEqual(nextRound(statusOf(values), seededRandom(seed)))
    }),
  )
})

test('it ends when twelve pairs at each end agree that nothing crosses, and not sooner', () => {
  const withEnds = (pairs: number): FindStatus =>
    statusOf([around(0, 1, pairs), around(0.6, 1, 2), around(1.2, 1, pairs)])
  expect(reasonToStop(withEnds(END_PAIRS - 1))).toBeNull()
  expect(reasonToStop(withEnds(END_PAIRS))).toBe('no-crossing')
})

test('it ends when the interval is narrow, both neighbours have eight pairs and lie close enough', () => {
  const withNeighbours = (below: number, above: number, pairs: number): FindStatus =>
    statusOf([
      around(0, -0.8, 6),
      around(below, 4 * (below - 0.8), pairs),
      around(above, 4 * (above - 0.8), 8),
      around(1.2, 1.6, 6),
    ])
  expect(reasonToStop(withNeighbours(0.79, 0.81, 8))).toBe('precise')
  expect(reasonToStop(withNeighbours(0.79, 0.81, 7))).toBeNull()
  expect(reasonToStop(withNeighbours(0.6, 0.9, 8))).toBeNull()
  // Close enough for the interval that was asked for, not for the one that there is.
  expect(reasonToStop(withNeighbours(0.75, 0.85, 8))).toBeNull()
})

interface Searched {
  readonly covers: boolean
  readonly outcome: CrossingOutcome
  readonly pairs: number
}

/** A whole search on simulated pairs. */
function search(
  curve: (value: number) => number,
  noise: (random: Random) => number,
  seed: number,
  trueCrossing: number,
): Searched {
  const [orders, source] = [1, 2].map((part) => seededRandom(combineSeeds(seed, part)))
  const ratios = new Map<number, number[]>()
  let pairs = 0
  let round = firstRound(RANGE, orders!)
  for (;;) {
    for (const value of round.slice(0, 58 - pairs)) {
      ratios.set(value, [...(ratios.get(value) ?? []), curve(value) + noise(source!)])
      pairs++
    }
    const values = [...ratios]
      .toSorted(([a], [b]) => a - b)
      .map(([value, logRatios]) => ({ value, logRatios }))
    const status = statusOf(values, {}, combineSeeds(seed, 3))
    if (reasonToStop(status) !== null || pairs >= 58) {
      const { lower, upper } = status.crossing
      return {
        covers: lower <= trueCrossing && trueCrossing <= upper,
        outcome: status.outcome,
        pairs,
      }
    }
    round = nextRound(status, orders!)
  }
}

const SEARCHES = 100
const BOUND = LEVEL - 3 * Math.sqrt((LEVEL * (1 - LEVEL)) / SEARCHES)
const line = (value: number): number => 1.5 * (value - 0.8)
/** As latency near saturation: flat at first, then steep. */
const steep = (value: number): number => Math.exp(4 * (value - 0.8)) - 1

test.each([
  ['a line under small noise', line, 0.05, normal],
  ['a line under large noise', line, 0.2, normal],
  ['a steep curve', steep, 0.05, normal],
  ['a line under contaminated noise', line, 0.1, contaminated],
] as const)(
  'whole searches on %s cover the crossing as often as their level says, though they stop when it looks precise',
  { timeout: 60_000 },
  (_, curve, deviation, noise) => {
    const results = Array.from({ length: SEARCHES }, (_run, seed) =>
      search(curve, (random) => deviation * noise(random), seed, 0.8),
    )
    expect(results.filter(({ covers }) => covers).length / SEARCHES).toBeGreaterThan(BOUND)
    const crossed = results.filter(({ outcome }) => outcome === 'crosses')
    expect(crossed.length / SEARCHES).toBeGreaterThan(0.95)
  },
)

test.each([
  ['equals', 0, normal],
  ['equals under contaminated noise', 0, contaminated],
  ['a ratio that is hardly above 1', 0.05, normal],
] as const)(
  'whole searches on %s report a crossing in at most five per cent',
  { timeout: 60_000 },
  (_, logRatio, noise) => {
    const results = Array.from({ length: SEARCHES }, (_run, seed) =>
      search(
        () => logRatio,
        (random) => 0.2 * noise(random),
        seed,
        Number.NaN,
      ),
    )
    const reported = results.filter(({ outcome }) => outcome === 'crosses')
    expect(reported.length / SEARCHES).toBeLessThanOrEqual(1 - LEVEL)
  },
)

test(
  'a difference throughout is found, with fewer pairs than there are',
  { timeout: 60_000 },
  () => {
    const results = Array.from({ length: 50 }, (_, seed) =>
      search(
        () => -0.3,
        (random) => 0.1 * normal(random),
        seed,
        Number.NaN,
      ),
    )
    expect(results.every(({ outcome }) => outcome === 'second-smaller')).toBe(true)
    expect(results.every(({ pairs }) => pairs < 50)).toBe(true)
  },
)
