import { expect, test } from 'vitest'
import {
  predictedWinner,
  predictionLoads,
  predictionOutcome,
  predictionText,
} from '../../../harness/render/report/notices.ts'
import type { Report } from '../../../harness/results/schema.ts'
import { sampleReport } from '../sample-report.ts'
import { threeArmReport } from '../three-arm-report.ts'

function predicting(winner: string): Report {
  const report = sampleReport()
  report.scenario.prediction = { winner, because: 'of its nature' }
  return report
}

test('is not tested by a run that has too few pairs for any verdict', () => {
  const report = predicting('sharded')
  const smoke = { ...report, run: { ...report.run, plannedRounds: 1 } }
  expect(predictionOutcome(smoke)).toBe('not tested: too few pairs for a verdict')
})

test('tells load by load what became of it', () => {
  expect(predictionOutcome(predicting('sharded'))).toBe(
    'confirmed at 2 of 3 loads (20%, 50%), undecided at one (80%)',
  )
  expect(predictionOutcome(predicting('staged'))).toBe(
    'refuted at 2 of 3 loads (20%, 50%), undecided at one (80%)',
  )
  expect(predictionOutcome(predicting('none'))).toBe(
    'refuted at 2 of 3 loads (20%, 50%), undecided at one (80%)',
  )
})

test('a prediction about architectures is not tested by two arms of one of them', () => {
  const report = predicting('staged')
  report.arms = report.arms.map((arm, index) => ({
    ...arm,
    label: `staged:${index}`,
    architecture: 'staged',
  }))
  report.comparisons = [{ first: 'staged:0', second: 'staged:1' }]
  expect(predictionOutcome(report)).toBe('not tested: it is not about these arms')
})

test('speaks of several arms only where it holds against each of them', () => {
  const report = threeArmReport()
  const predict = (about?: 'classic' | 'fused' | 'both') => {
    report.scenario.prediction = { winner: 'sharded', because: 'of its nature', about }
    return predictionOutcome(report)
  }
  // The second comparison, with fused, is won by sharded at every load.
  expect(predict('fused')).toBe('confirmed at all 3 loads')
  expect(predict('classic')).toBe('confirmed at 2 of 3 loads (20%, 50%), undecided at one (80%)')
  expect(predict()).toBe(
    'confirmed at 2 of 3 loads (20%, 50%), undecided at one (80%); staged and sharded: confirmed at 2 of 3 loads (20%, 50%), undecided at one (80%); sharded and staged:layout=fused: confirmed at all 3 loads',
  )
  report.loads[0]!.comparisons[1]!.verdict!.winner = 'staged:layout=fused'
  expect(predictionLoads(report)).toEqual({
    confirmed: ['50%'],
    refuted: ['20%'],
    undecided: ['80%'],
  })
})

test('is not confirmed while a load has no verdict yet, nor tested by a layout that it does not speak of', () => {
  const report = predicting('sharded')
  report.loads[0]!.comparisons[0]!.verdict = null
  expect(predictionOutcome(report)).toBe(
    'confirmed at one of 3 loads (50%), undecided at 2 (20%, 80%)',
  )
  report.scenario.prediction!.about = 'fused'
  expect(predictionOutcome(report)).toBe('not tested: it is not about these arms')
})

test('without a verdict nothing was tested, without a prediction there is no outcome', () => {
  const report = predicting('sharded')
  for (const load of report.loads) load.comparisons[0]!.verdict = null
  expect(predictionOutcome(report)).toBe('not tested: no verdict was reached')
  report.scenario.prediction = null
  expect(predictionOutcome(report)).toBeNull()
})

test('reads as a sentence', () => {
  expect(predictionText({ winner: 'none', because: 'x' })).toBe('neither wins, because x')
  const winners = (['classic', 'fused', 'both'] as const).map((about) =>
    ['staged', 'sharded', 'none'].map((winner) => predictedWinner({ winner, about, because: '' })),
  )
  expect(winners).toEqual([
    [
      'staged’s classic layout wins',
      'sharded wins against staged’s classic layout',
      'neither sharded nor staged’s classic layout wins',
    ],
    [
      'staged’s fused layout wins',
      'sharded wins against staged’s fused layout',
      'neither sharded nor staged’s fused layout wins',
    ],
    ['staged wins', 'sharded wins', 'neither wins'],
  ])
})
