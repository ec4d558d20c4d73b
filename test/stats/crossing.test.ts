import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../../harness/base/random.ts'
import { findCrossing, judgeCrossing, type ValueRatios } from '../../harness/stats/crossing.ts'
import { contaminated, normal } from './variates.ts'

const LEVEL = 0.95
const random = (): Random => seededRandom(1)
/** The same log-ratio in each of six pairs: no noise. */
const exact = (value: number, logRatio: number, pairs = 6): ValueRatios => ({
  value,
  logRatios: Array.from({ length: pairs }, () => logRatio),
})

test('the crossing lies between two values as the line between them does', () => {
  const crossing = findCrossing([exact(0, -0.3), exact(1, -0.1), exact(2, 0.3)], LEVEL, random())
  expect(crossing).toMatchObject({ direction: 'increasing', fit: [-0.3, -0.1, 0.3] })
  expect(crossing.position).toBeCloseTo(1.25, 12)
  expect(crossing.lower).toBe(crossing.position)
  expect(crossing.upper).toBe(crossing.position)
  expect(crossing.shares).toEqual({ crossing: 1, secondSmaller: 0, secondLarger: 0 })
})

test('a curve that comes down crosses, too', () => {
  const crossing = findCrossing([exact(0, 0.4), exact(1, -0.4)], LEVEL, random())
  expect(crossing).toMatchObject({ direction: 'decreasing', position: 0.5 })
})

test('a curve that lies at 1 from one value to another crosses in the middle', () => {
  const values = [exact(0, -1), exact(1, 0), exact(2, 0), exact(3, 1)]
  expect(findCrossing(values, LEVEL, random()).position).toBe(1.5)
})

test.each([
  ['below 1, rising', [-0.5, -0.1], Infinity, 'second-smaller'],
  ['below 1, falling', [-0.1, -0.5], -Infinity, 'second-smaller'],
  ['above 1, rising', [0.1, 0.5], -Infinity, 'second-larger'],
  ['above 1, falling', [0.5, 0.1], Infinity, 'second-larger'],
] as const)(
  'a curve %s points to a crossing beyond the range',
  (_, [first, last], end, outcome) => {
    const values = [exact(0, first), exact(1, last)]
    const crossing = findCrossing(values, LEVEL, random())
    expect([crossing.position, crossing.lower, crossing.upper]).toEqual([end, end, end])
    expect(judgeCrossing(crossing, values, LEVEL)).toBe(outcome)
  },
)

test('a resample that does not cross leaves the interval open', () => {
  const wavering = { value: 1, logRatios: [-0.4, -0.1, 0.1, 0.2, 0.3, -0.2, 0.15, 0.12] }
  const crossing = findCrossing([exact(0, -1), wavering], LEVEL, random())
  expect(Number.isFinite(crossing.position)).toBe(true)
  expect(Number.isFinite(crossing.lower)).toBe(true)
  expect(crossing.upper).toBe(Infinity)
  expect(crossing.shares.crossing).toBeLessThan(0.99)
})

test('a resample has one ratio fewer than were measured: with two it is one of them, never their middle', () => {
  const pairs = (value: number, middle: number) => ({
    value,
    logRatios: [middle - 0.5, middle + 0.5],
  })
  const { positions } = findCrossing([pairs(0, -1), pairs(1, 1)], LEVEL, random())
  // −1.5 or −0.5 on one side, 0.5 or 1.5 on the other.
  expect(new Set(positions.map((position) => Number(position.toFixed(6))))).toEqual(
    new Set([0.25, 0.5, 0.75]),
  )
})

test('few pairs decide nothing, however well they agree', () => {
  const few = [exact(0, -1, 5), exact(1, 1, 6)]
  expect(judgeCrossing(findCrossing(few, LEVEL, random()), few, LEVEL)).toBe('inconclusive')
  const enough = [exact(0, -1, 6), exact(1, 1, 6)]
  expect(judgeCrossing(findCrossing(enough, LEVEL, random()), enough, LEVEL)).toBe('crosses')
  const oneEnd = [exact(0, 1, 6), exact(1, 1, 5)]
  expect(judgeCrossing(findCrossing(oneEnd, LEVEL, random()), oneEnd, LEVEL)).toBe('inconclusive')
})

test('a pair without bound counts as the outermost, whatever its size would be', () => {
  const values = (outlier: number): ValueRatios[] => [
    { value: 0, logRatios: [-0.2, -0.3, -0.1] },
    { value: 1, logRatios: [0.1, 0.2, outlier] },
  ]
  const [infinite, large] = [Infinity, 5].map((outlier) =>
    findCrossing(values(outlier), LEVEL, random()),
  )
  expect(infinite!.position).toBe(large!.position)
  expect(infinite!.fit.every(Number.isFinite)).toBe(true)
  const throughout = [exact(0, -0.5), { value: 1, logRatios: [Infinity, Infinity, Infinity] }]
  const crossing = findCrossing(throughout, LEVEL, random())
  expect(crossing.position).toBeGreaterThan(0)
  expect(crossing.position).toBeLessThan(1)
})

test('one wild pair in five moves the crossing no further than its neighbours in rank', () => {
  const calm = { value: 1, logRatios: [0.1, 0.2, 0.3, 0.2, 0.25] }
  const wild = { value: 1, logRatios: [0.1, 0.2, 0.3, 0.2, 50] }
  const [before, after] = [calm, wild].map(
    (value) => findCrossing([exact(0, -0.2), value], LEVEL, random()).position,
  )
  expect(after).toBe(before)
})

test('exchanging first and second, or turning the axis round, finds the same crossing', () => {
  const ratios = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
    minLength: 1,
    maxLength: 6,
  })
  fc.assert(
    fc.property(fc.array(ratios, { minLength: 2, maxLength: 6 }), (all) => {
      const values = all.map((logRatios, value) => ({ value, logRatios }))
      const { position, direction } = findCrossing(values, LEVEL, random(), 1)
      const exchanged = values.map(({ value, logRatios }) => ({
        value,
        logRatios: logRatios.map((logRatio) => 0 - logRatio),
      }))
      const mirrored = findCrossing(exchanged, LEVEL, random(), 1)
      // Data without a direction fits both equally well.
      fc.pre(mirrored.direction !== direction)
      // A fit that touches 1 at an end is on either side of it.
      fc.pre(mirrored.fit.every((fitted) => fitted !== 0))
      const isFound = Number.isFinite(position)
      const distance = isFound ? Math.abs(mirrored.position - position) : 0
      expect(distance).toBeLessThan(1e-9)
      expect(isFound ? position : mirrored.position).toBe(position)
    }),
  )
})

test('shares add up, bounds are in order, and the same seed gives the same result', () => {
  const ratios = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 8,
  })
  fc.assert(
    fc.property(fc.array(ratios, { minLength: 2, maxLength: 6 }), fc.integer(), (all, seed) => {
      const values = all.map((logRatios, value) => ({ value, logRatios }))
      const crossing = findCrossing(values, LEVEL, seededRandom(seed), 50)
      const { shares, lower, upper } = crossing
      expect(shares.crossing + shares.secondSmaller + shares.secondLarger).toBeCloseTo(1, 9)
      expect(lower).toBeLessThanOrEqual(upper)
      expect(findCrossing(values, LEVEL, seededRandom(seed), 50)).toEqual(crossing)
    }),
    { numRuns: 50 },
  )
})

test('refuses what has no two values, or a value without pairs', () => {
  expect(() => findCrossing([exact(0, 1)], LEVEL, random())).toThrow('n=1')
  const empty = [exact(0, 1), { value: 1, logRatios: [] }]
  expect(() => findCrossing(empty, LEVEL, random())).toThrow('value=1')
})

const RUNS = 400
const RESAMPLES = 300
const VALUES = [0, 0.3, 0.6, 0.75, 0.9, 1.2]
const TRUE_CROSSING = 0.8

test.each([
  [6, 'log-normal', normal],
  [12, 'log-normal', normal],
  [6, 'contaminated', contaminated],
  [12, 'contaminated', contaminated],
] as const)(
  'with %i pairs at each value and %s noise the interval covers the crossing as often as its level says',
  (pairs, _, noise) => {
    const source = seededRandom(pairs)
    let covered = 0
    for (let run = 0; run < RUNS; run++) {
      const values = VALUES.map((value) => ({
        value,
        logRatios: Array.from(
          { length: pairs },
          () => 1.5 * (value - TRUE_CROSSING) + 0.2 * noise(source),
        ),
      }))
      const { lower, upper } = findCrossing(values, LEVEL, source, RESAMPLES)
      covered += Number(lower <= TRUE_CROSSING && TRUE_CROSSING <= upper)
    }
    const error = Math.sqrt((LEVEL * (1 - LEVEL)) / RUNS)
    expect(covered / RUNS).toBeGreaterThan(LEVEL - 3 * error)
  },
)

test.each([
  [6, normal],
  [12, normal],
  [6, contaminated],
  [12, contaminated],
] as const)(
  '%i pairs of equals throughout are not reported as a crossing too often',
  (pairs, noise) => {
    const source = seededRandom(pairs)
    let reported = 0
    for (let run = 0; run < RUNS; run++) {
      const values = VALUES.map((value) => ({
        value,
        logRatios: Array.from({ length: pairs }, () => 0.2 * noise(source)),
      }))
      const crossing = findCrossing(values, LEVEL, source, RESAMPLES)
      reported += Number(judgeCrossing(crossing, values, LEVEL) === 'crosses')
    }
    expect(reported / RUNS).toBeLessThanOrEqual(1 - LEVEL)
  },
)
