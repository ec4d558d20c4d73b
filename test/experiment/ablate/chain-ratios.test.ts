import { expect, test } from 'vitest'
import {
  agree,
  armFigures,
  type ChainFigures,
  endRatios,
  stepRatios,
} from '../../../harness/experiment/ablate/summary.ts'
import { compareArms } from '../../../harness/experiment/run/judge.ts'
import type { ChainTrial, Round } from '../../../harness/results/ablate.ts'
import type { Estimate, TrialSet } from '../../../harness/results/schema.ts'
import { sampleTrial } from '../sample-trial.ts'

const NOTHING = { rounds: [], ends: [] }

function trialOf(arm: number, p99Ns: number): ChainTrial {
  return {
    arm,
    startedAtSeconds: 0,
    p50: { ns: p99Ns / 2, atLeast: false },
    p99: { ns: p99Ns, atLeast: false },
    cpuPerRequestNs: null,
    achievedPerSecond: 1e9 / p99Ns,
    failedGates: [],
    void: null,
  }
}

/** Rounds from their arms' p99, in nanoseconds; undefined for an arm that was not measured. */
function roundsOf(...rounds: readonly (readonly (number | undefined)[])[]): Round[] {
  return rounds.map((values, index) => ({
    index,
    seed: index,
    order: [...values.keys()],
    discarded: [],
    trials: values.flatMap((ns, arm) => (ns === undefined ? [] : [trialOf(arm, ns)])),
  }))
}

const latencies = (...rounds: readonly (readonly (number | undefined)[])[]): ChainFigures => ({
  latency: { rounds: roundsOf(...rounds), ends: [] },
  capacity: NOTHING,
})

test('a step’s ratio is that of its arms, whatever the others do', () => {
  const { p99, p50 } = stepRatios(latencies([100, 50, 7], [200, 100, 9]), [0], 0.5)
  expect(p99).toMatchObject({ value: expect.closeTo(0.5), n: 2, unit: '×' })
  expect(p50?.value).toBeCloseTo(0.5)
})

test('it is what a run’s pairs of the same trials would say', () => {
  const figures = [
    [100, 61],
    [110, 50],
    [90, 52],
    [105, 49],
    [97, 57],
    [120, 63],
  ] as const
  const pairs: TrialSet[] = figures.map(([first, second], index) => ({
    round: index,
    seed: 0,
    traceHash: {},
    order: [],
    trials: { a: sampleTrial({}, first), b: sampleTrial({}, second) },
    discarded: [],
  }))
  const { p99 } = stepRatios(latencies(...figures), [0], 0.95)
  expect(p99).toEqual(compareArms(pairs, 'a', 'b', 0.95)?.p99)
})

test('the product of all steps is per round the ratio of the ends, however wild the arms between', () => {
  const rounds = [
    [100, 9, 5_000, 20],
    [100, 700, 1, 22],
    [100, 3, 33, 18],
  ]
  const { p99 } = stepRatios(latencies(...rounds), [0, 1, 2], 0.5)
  const ends = stepRatios(latencies(...rounds.map(([a, , , d]) => [a, d])), [0], 0.5)
  expect(p99?.value).toBeCloseTo(ends.p99!.value, 12)
  expect(p99?.lower).toBeCloseTo(ends.p99!.lower, 12)
  expect(p99?.upper).toBeCloseTo(ends.p99!.upper, 12)
})

test('steps of one mechanism multiply within a round before anything is estimated', () => {
  const { p99 } = stepRatios(latencies([100, 50, 10, 5], [100, 25, 10, 10]), [0, 2], 0.5)
  expect([p99?.lower, p99?.upper]).toEqual([expect.closeTo(0.25), expect.closeTo(0.25)])
})

test('throughput comes from the rounds at capacity', () => {
  const figures = {
    capacity: { rounds: roundsOf([100, 50]), ends: roundsOf([100, 25]) },
    latency: NOTHING,
  }
  expect(stepRatios(figures, [0], 0.95)).toMatchObject({
    p99: null,
    throughput: { value: expect.closeTo(2), level: null, n: 1 },
  })
  expect(endRatios(figures, 2, 0.95).throughput?.value).toBeCloseTo(4)
  expect(armFigures(figures, 1).throughput).toMatchObject({ value: 2e7, unit: 'requests/s' })
})

test('a round that was cut short still counts for the steps that it has', () => {
  const figures = latencies([100, 50, 25], [100, 50, undefined])
  expect(stepRatios(figures, [0], 0.5).p99?.n).toBe(2)
  expect(stepRatios(figures, [1], 0.5).p99?.n).toBe(1)
  expect(stepRatios(figures, [0, 1], 0.5).p99?.n).toBe(1)
})

test('one percentile that was never answered opens what rests on it, and no more', () => {
  const figures = latencies([100, 50, 25], [100, 50, 25])
  figures.latency.rounds[1]!.trials[2]!.p99 = { ns: 1e9, atLeast: true }
  expect(stepRatios(figures, [0], 0.5).p99?.value).toBeCloseTo(0.5)
  expect(stepRatios(figures, [1], 0.5)).toMatchObject({
    p99: { upper: Infinity, n: 2 },
    cpuPerRequest: null,
  })
  expect(stepRatios(figures, [0, 1], 0.5).p99).toMatchObject({ upper: Infinity, n: 2 })
  expect(stepRatios(figures, [1], 0.5).p50?.value).toBeCloseTo(0.5)
  expect(armFigures(figures, 2)).toMatchObject({ p99: null, p50: { value: 12.5, n: 2 } })
})

test('an arm between the ends cancels, answered or not', () => {
  const figures = latencies([100, 50, 25], [100, 50, 25])
  figures.latency.rounds[1]!.trials[1]!.p99 = { ns: 1e9, atLeast: true }
  expect(stepRatios(figures, [0], 0.5).p99).toMatchObject({ upper: Infinity })
  expect(stepRatios(figures, [0, 1], 0.5).p99).toMatchObject({ value: 0.25, upper: 0.25, n: 2 })
  for (const round of figures.latency.rounds) round.trials[1]!.failedGates.push('completed')
  expect(stepRatios(figures, [0, 1], 0.5).p99?.value).toBeCloseTo(0.25)
})

test('an arm that does not keep up has no ratio of latencies', () => {
  const figures = latencies([100, 50, 25], [100, 50, 25])
  for (const round of figures.latency.rounds) round.trials[2]!.failedGates.push('completed')
  expect(stepRatios(figures, [0], 0.5).p99?.value).toBeCloseTo(0.5)
  expect(stepRatios(figures, [1], 0.5)).toMatchObject({ p50: null, p99: null })
})

test('a trial with wrong answers counts nowhere', () => {
  const figures = latencies([100, 50], [100, 1])
  figures.latency.rounds[1]!.trials[1]!.void = 'lost update'
  expect(stepRatios(figures, [0], 0.5).p99).toMatchObject({ value: expect.closeTo(0.5), n: 1 })
})

test('estimates agree when their intervals overlap, and cannot without intervals', () => {
  const estimate = (lower: number, upper: number, level: number | null = 0.95): Estimate => ({
    value: (lower + upper) / 2,
    lower,
    upper,
    level,
    n: 6,
    unit: '×',
  })
  expect(agree(estimate(1, 2), estimate(1.9, 3))).toBe(true)
  expect(agree(estimate(1, 2), estimate(2.1, 3))).toBe(false)
  expect(agree(estimate(2.1, 3), estimate(1, 2))).toBe(false)
  expect(agree(estimate(1, 2), estimate(1, 1, null))).toBeNull()
  expect(agree(null, estimate(1, 2))).toBeNull()
})
