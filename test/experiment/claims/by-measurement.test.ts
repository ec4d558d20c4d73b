import { expect, test } from 'vitest'
import type { MeasuredCriterion } from '../../../harness/contract/claim.ts'
import { seededRandom } from '../../../harness/base/random.ts'
import {
  largestError,
  measureByMeasurement,
} from '../../../harness/experiment/claims/by-measurement.ts'
import { begunMeasurement, sampleRequest } from './sample-claim.ts'

const HOOKS = {
  tell: () => {},
  save: () => {},
  signal: new AbortController().signal,
  secondsLeft: () => Infinity,
}

const MEASURED = (
  by: 'calibrate' | 'queueing',
  unit: '×' | '%',
  limit: number,
): MeasuredCriterion => ({
  id: 'C15',
  claim: 'It is so.',
  by,
  figures: [
    {
      name: 'figure',
      unit,
      ...(by === 'calibrate'
        ? { confirmed: { above: limit }, refuted: { below: limit } }
        : { confirmed: { within: [0, limit] }, refuted: { above: 2 * limit } }),
    },
  ],
})

test.each([
  [10, 'confirmed'],
  [60, 'refuted'],
  [30, 'undecided'],
] as const)('calibration: the smallest ratio must be above %d: %s', async (limit, outcome) => {
  const ratio = (value: number) => ({
    ratio: { value, lower: value / 1.5, upper: value * 1.5, level: 0.97, n: 13, unit: '×' },
  })
  const calibrate = () =>
    Promise.resolve({ warnings: [], claims: [{ comparisons: [ratio(90), ratio(30)] }] })
  const criterion = MEASURED('calibrate', '×', limit)
  const request = await sampleRequest(criterion)
  const { claim } = begunMeasurement(request)
  await measureByMeasurement(request, criterion, claim, HOOKS, { calibrate } as never)
  expect(claim).toMatchObject({ outcome })
  expect(claim.figures[0]!.estimate).toMatchObject({ value: 30, lower: 20, upper: 45 })
})

test.each([
  [0.03, 'confirmed'],
  [0.12, 'refuted'],
  [0.07, 'between'],
] as const)('recursions: an error of %d is %s', async (error, outcome) => {
  const validate = ({ seed }: { seed: number }) =>
    Promise.resolve({
      warnings: [],
      rows: [
        { subject: 'staged', figure: 'p50', difference: -error * (1 + (seed % 3) / 100) },
        { subject: 'staged', figure: 'p99', difference: 0.01 },
      ],
    })
  const criterion = MEASURED('queueing', '%', 5)
  const request = await sampleRequest(criterion)
  const { claim } = begunMeasurement(request)
  await measureByMeasurement(request, criterion, claim, HOOKS, { validate } as never)
  expect(claim).toMatchObject({ outcome })
  expect(claim.figures[0]!.estimate!.n).toBe(6)
  expect(claim.errors).toMatchObject({ 'staged, p99': Array.from({ length: 6 }, () => 0.01) })
})

/** Forty cells of a harness that errs by `error` in one of them, over six rounds of so much noise, on either side of it. */
function noisyCells(random: ReturnType<typeof seededRandom>, error: number, noise: number) {
  return Array.from({ length: 40 }, (_, cell) =>
    Array.from(
      { length: 6 },
      () => (cell === 7 ? error : 0) + noise * (random.unit() + random.unit() - 1),
    ),
  )
}

test('noise of many cells is not taken for an error, whose interval holds it', () => {
  const random = seededRandom(20)
  for (const error of [0, -6, 12]) {
    let held = 0
    for (let run = 0; run < 200; run++) {
      const { estimate, values } = largestError(noisyCells(random, error, 4), 0.95)
      expect(estimate.level).toBeCloseTo(0.953, 3)
      expect(values).toHaveLength(6)
      if (estimate.lower <= Math.abs(error) && Math.abs(error) <= estimate.upper) held++
      expect(estimate.lower).toBeLessThanOrEqual(estimate.value)
      expect(estimate.value).toBeLessThanOrEqual(estimate.upper)
    }
    expect(held / 200).toBeGreaterThanOrEqual(0.92)
  }
  // The largest of each round's forty is 3.5 on average where there is no error at all.
  const centres = Array.from(
    { length: 50 },
    () => largestError(noisyCells(random, 0, 4), 0.95).estimate,
  )
  expect(Math.max(...centres.map(({ value }) => value))).toBeLessThan(3)
  expect(Math.max(...centres.map(({ lower }) => lower))).toBeLessThan(1.5)
})

test('an error is one in either direction, and a single round has no interval', () => {
  const six = (error: number) => [1, 2, 3, 4, 5, 6].map((at) => error + at / 1_000)
  for (const sign of [-1, 1]) {
    const { estimate } = largestError([six(1), six(sign * 12), six(-3)], 0.95)
    expect(estimate.value).toBeCloseTo(12, 1)
    expect(estimate.lower).toBeGreaterThan(11.9)
    expect(estimate.upper).toBeLessThan(12.1)
  }
  expect(largestError([[2], [-4]], 0.95)).toEqual({
    estimate: { value: 4, lower: 4, upper: 4, level: null, n: 1 },
    values: [4],
  })
})

test('what was measured on a busy machine decides nothing', async () => {
  const warnings = [{ code: 'busy-machine', message: 'others were at work', cure: '' }]
  const ratio = { value: 90, lower: 80, upper: 100, level: 0.97, n: 13, unit: '×' }
  const calibrate = () => Promise.resolve({ warnings, claims: [{ comparisons: [{ ratio }] }] })
  const criterion = MEASURED('calibrate', '×', 10)
  const request = await sampleRequest(criterion)
  const { claim } = begunMeasurement(request)
  await measureByMeasurement(request, criterion, claim, HOOKS, { calibrate } as never)
  expect(claim).toMatchObject({ outcome: 'not-testable', reason: 'figure: others were at work' })
})
