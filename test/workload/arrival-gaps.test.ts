import { mean, variance } from 'simple-statistics'
import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../../harness/base/random.ts'
import type { ArrivalProcess } from '../../harness/contract/workload.ts'
import { kolmogorovSmirnov, UNLIKELY } from './goodness-of-fit.ts'
import { gapDrawer } from '../../harness/workload/trace.ts'

/** Its exact probabilities take seconds for many more. */
const DRAWS = 4_000
const MANY = 400_000
const ETC_SHAPE = 0.154971

function gaps(arrivals: ArrivalProcess, seed: number, count = DRAWS): Float64Array {
  const next = gapDrawer(arrivals, seededRandom(seed))
  return Float64Array.from({ length: count }, next)
}

const exponentialLaw = (x: number): number => 1 - Math.exp(-x)

/** From location 0, with mean 1. */
function paretoLaw(shape: number): (x: number) => number {
  return (x) => 1 - (1 + (shape * x) / (1 - shape)) ** (-1 / shape)
}

/** Gaps of an interrupted Poisson process are hyperexponential: Kuczura 1973, equations 2 to 4. */
function burstLaw(onShare: number, requests: number): (x: number) => number {
  const rate = 1 / onShare
  const ending = rate / requests
  const beginning = 1 / (requests * (1 - onShare))
  const sum = rate + beginning + ending
  const root = Math.sqrt(sum ** 2 - 4 * rate * beginning)
  const [fast, slow] = [(sum + root) / 2, (sum - root) / 2]
  const weight = (rate - slow) / (fast - slow)
  return (x) => weight * (1 - Math.exp(-fast * x)) + (1 - weight) * (1 - Math.exp(-slow * x))
}

test('Poisson gaps are exponential', () => {
  expect(kolmogorovSmirnov(gaps({ kind: 'poisson' }, 1), exponentialLaw)).toBeGreaterThan(UNLIKELY)
})

test.each([0.05, ETC_SHAPE, 0.5])('gaps of shape %d follow the generalised Pareto law', (shape) => {
  expect(
    kolmogorovSmirnov(gaps({ kind: 'generalized-pareto', shape }, 2), paretoLaw(shape)),
  ).toBeGreaterThan(UNLIKELY)
})

test('a shape of 0 is the exponential law', () => {
  expect(
    kolmogorovSmirnov(gaps({ kind: 'generalized-pareto', shape: 0 }, 3), exponentialLaw),
  ).toBeGreaterThan(UNLIKELY)
})

test('the test that accepts gaps of one shape refuses them for another one', () => {
  const drawn = gaps({ kind: 'generalized-pareto', shape: ETC_SHAPE }, 2)
  expect(kolmogorovSmirnov(drawn, paretoLaw(0.3))).toBeLessThan(0.001)
  expect(kolmogorovSmirnov(drawn, exponentialLaw)).toBeLessThan(0.001)
})

test('gaps of ETC’s shape have a mean of 1, and their own variance', () => {
  const drawn = [...gaps({ kind: 'generalized-pareto', shape: ETC_SHAPE }, 4, MANY)]
  // 1 ÷ (1 − 2 shape); the fourth moment is finite below a shape of 1/4.
  const exact = 1 / (1 - 2 * ETC_SHAPE)
  expect(Math.abs(mean(drawn) - 1)).toBeLessThan(4 * Math.sqrt(exact / MANY))
  expect(variance(drawn)).toBeCloseTo(exact, 1)
})

const BURSTS = [
  [0.5, 1],
  [0.2, 20],
  [0.05, 500],
  [0.9, 3],
] as const

test.each(BURSTS)(
  'bursts in %d of the time, of %i requests each, have the gaps of an interrupted Poisson process',
  (onShare, requests) => {
    expect(
      kolmogorovSmirnov(
        gaps({ kind: 'bursts', onShare, requests }, 5),
        burstLaw(onShare, requests),
      ),
    ).toBeGreaterThan(UNLIKELY)
  },
)

test.each(BURSTS)(
  'with bursts in %d of the time, of %i requests each, the mean gap is 1',
  (onShare, requests) => {
    const drawn = [...gaps({ kind: 'bursts', onShare, requests }, 6, MANY)]
    expect(Math.abs(mean(drawn) - 1)).toBeLessThan(4 * Math.sqrt(variance(drawn) / MANY))
  },
)

test('one gap in a burst’s requests and one has a silence in it', () => {
  const [onShare, requests] = [0.001, 50]
  const drawn = gaps({ kind: 'bursts', onShare, requests }, 7, MANY)
  // So long a gap is 1,250 of a burst’s own: it has a silence in it. One silence in forty is shorter.
  const silences = drawn.filter((gap) => gap > 0.025 * requests).length
  const share = Math.exp(-0.025 / (1 - onShare)) / (requests + 1)
  expect(Math.abs(silences - share * MANY)).toBeLessThan(5 * Math.sqrt(share * MANY))
})

test('bursts all of the time are no bursts', () => {
  expect(
    kolmogorovSmirnov(gaps({ kind: 'bursts', onShare: 1, requests: 10 }, 8), exponentialLaw),
  ).toBeGreaterThan(UNLIKELY)
})

test.each([
  { kind: 'poisson' },
  { kind: 'generalized-pareto', shape: 0.5 },
  { kind: 'bursts', onShare: 0.1, requests: 10 },
] as const)('the ends of the random numbers give gaps that are finite: %o', (arrivals) => {
  let unit = 0
  const ends: Random = { int32: () => 0, unit: () => (unit === 0 ? (unit = 1 - 2 ** -53) : 0) }
  const next = gapDrawer(arrivals, ends)
  for (let draw = 0; draw < 4; draw++) {
    const gap = next()
    expect(Number.isFinite(gap) && gap >= 0).toBe(true)
  }
})
