import { expect, test } from 'vitest'
import type { MeasuredCriterion } from '../../../harness/contract/claim.ts'
import { measureByMeasurement } from '../../../harness/experiment/claims/by-measurement.ts'
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
      rows: [{ difference: -error * (1 + (seed % 3) / 100) }, { difference: 0.01 }],
    })
  const criterion = MEASURED('queueing', '%', 5)
  const request = await sampleRequest(criterion)
  const { claim } = begunMeasurement(request)
  await measureByMeasurement(request, criterion, claim, HOOKS, { validate } as never)
  expect(claim).toMatchObject({ outcome })
  expect(claim.figures[0]!.estimate!.n).toBe(6)
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
