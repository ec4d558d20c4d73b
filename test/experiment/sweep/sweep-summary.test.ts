import { expect, test } from 'vitest'
import { summarizeSweep } from '../../../harness/experiment/sweep/summary.ts'
import type { Sweep } from '../../../harness/results/sweep.ts'
import { sampleSweep, type SweepSettings } from '../../render/sample-sweep.ts'

const outcomes = ({ values }: Sweep) => values.map(({ outcome }) => outcome)
const VALUES = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2]

test('where declared waits are too late no winner is named, whatever the ratio', () => {
  const found = outcomes(sampleSweep())
  expect(found).toEqual(['lower', 'lower', 'lower', 'lower', 'undecided', 'higher', 'higher'])
  const sweep = sampleSweep({ timerBoundAt: [0, 1.2] })
  expect(outcomes(sweep)).toEqual(['timer-bound', ...found.slice(1, -1), 'timer-bound'])
  expect(sweep.values[0]?.timerBound).toEqual({ arm: 'staged', askedNs: 1e5, tookNs: 152_000 })
  expect(sweep.values[1]?.timerBound).toBeNull()
})

test('throughput is that of a closed window, whose waits are always late', () => {
  const sweep = sampleSweep({
    metric: 'achievedPerSecond',
    capacityAt: VALUES,
    timerBoundAt: VALUES,
  })
  expect(outcomes(sweep)).not.toContain('timer-bound')
})

test('a value most of whose trials were noisy has no winner', () => {
  const sweep = sampleSweep()
  const trials = sweep.values[1]!.pairs.flatMap((pair) => pair.trials)
  for (const trial of trials.slice(0, trials.length / 2)) trial.failedGates = ['noise']
  summarizeSweep(sweep)
  expect(sweep.values[1]!.outcome).toBe('lower')
  trials.at(-1)!.failedGates = ['noise']
  summarizeSweep(sweep)
  expect(outcomes(sweep).slice(0, 3)).toEqual(['lower', 'undecided', 'lower'])
})

test('a value whose arm does not keep up in most of its trials has no ratio of latencies', () => {
  const sweep = sampleSweep()
  const trials = sweep.values[1]!.pairs.flatMap((pair) =>
    pair.trials.filter(({ arm }) => arm === 'staged'),
  )
  for (const trial of trials.slice(0, 3)) trial.failedGates = ['completed']
  summarizeSweep(sweep)
  expect(sweep.values[1]!.outcome).toBe('lower')
  trials.at(-1)!.failedGates = ['completed']
  summarizeSweep(sweep)
  expect(sweep.values[1]).toMatchObject({ outcome: 'saturated', ratios: { p99: null, p50: null } })
  expect(sweep.values[1]!.ratios.achievedPerSecond).not.toBeNull()
})

/** A sweep with another prediction. */
function predicting(
  prediction: Sweep['scenario']['prediction'],
  settings: SweepSettings = {},
): Sweep {
  const sweep = sampleSweep(settings)
  sweep.scenario.prediction = prediction
  summarizeSweep(sweep)
  return sweep
}
const because = 'of this'

test('throughput, too, has no winner where the machine was too noisy', () => {
  const settings = { metric: 'achievedPerSecond', capacityAt: VALUES, noise: 0.01 } as const
  const sweep = sampleSweep({
    ...settings,
    truth: (_, arm) => ({ p99Ns: 4e5, capacityPerSecond: arm === 'staged' ? 4e5 : 8e5 }),
  })
  // Three pairs reach no more.
  sweep.run.level = 0.7
  summarizeSweep(sweep)
  expect(sweep.values.some(({ outcome }) => outcome === 'lower' || outcome === 'higher')).toBe(true)
  for (const { trials } of sweep.capacityPairs)
    for (const trial of trials) trial.failedGates = ['noise']
  summarizeSweep(sweep)
  expect(sweep.values.map(({ outcome }) => outcome)).toEqual(VALUES.map(() => 'undecided'))
})

test('a prediction is judged value by value, as a run judges it load by load', () => {
  expect(predicting({ winner: 'sharded', because }).predictionOutcome).toEqual({
    confirmed: [0, 0.2, 0.4, 0.6],
    refuted: [1, 1.2],
    undecided: [0.8],
  })
  expect(predicting({ winner: 'staged', because }).predictionOutcome).toEqual({
    confirmed: [1, 1.2],
    refuted: [0, 0.2, 0.4, 0.6],
    undecided: [0.8],
  })
  const throughput = { metric: 'achievedPerSecond', capacityAt: VALUES, noise: 0.01 } as const
  const onThroughput = predicting({ winner: 'sharded', because }, { ...throughput, pairs: 6 })
  expect(onThroughput.predictionOutcome?.undecided).toEqual(VALUES)
})

test('a tie confirms what was predicted or a tie, a timer-bound value nothing', () => {
  const settings: SweepSettings = {
    noise: 0.01,
    truth: () => ({ p99Ns: 4e5, capacityPerSecond: 4e5 }),
    timerBoundAt: [0],
  }
  const rest = VALUES.slice(1)
  const tied = { confirmed: rest, refuted: [], undecided: [0] }
  expect(predicting({ winner: 'none', because }, settings).predictionOutcome).toEqual(tied)
  expect(
    predicting({ winner: 'staged', orTie: true, because }, settings).predictionOutcome,
  ).toEqual(tied)
  expect(predicting({ winner: 'staged', because }, settings).predictionOutcome).toEqual({
    confirmed: [],
    refuted: rest,
    undecided: [0],
  })
})

test('without a prediction, of other arms, or before the first pair nothing was tested', () => {
  expect(predicting(null).predictionOutcome).toBeNull()
  expect(predicting({ winner: 'fused', because }).predictionOutcome).toBeNull()
  const early = predicting({ winner: 'staged', because }, { pairs: 0, capacityAt: [] })
  expect(early.predictionOutcome).toBeNull()
})
