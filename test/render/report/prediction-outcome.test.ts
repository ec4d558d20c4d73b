import { expect, test } from 'vitest'
import { predictionOutcome, predictionText } from '../../../harness/render/report/notices.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import type { Report } from '../../../harness/results/schema.ts'
import { sampleReport } from '../sample-report.ts'

function predicting(winner: string): Report {
  const report = sampleReport()
  report.scenario.prediction = { winner, because: 'of its nature' }
  return report
}

test('is not tested by a run that has too few pairs for any verdict', () => {
  const report = predicting('sharded')
  const smoke = { ...report, run: { ...report.run, plannedRounds: 1 } }
  expect(predictionOutcome(pairReport(smoke))).toBe('not tested: too few pairs for a verdict')
})

test('tells load by load what became of it', () => {
  expect(predictionOutcome(pairReport(predicting('sharded')))).toBe(
    'confirmed at 20%, 50%; undecided at 80%',
  )
  expect(predictionOutcome(pairReport(predicting('staged')))).toBe(
    'refuted at 20%, 50%; undecided at 80%',
  )
  expect(predictionOutcome(pairReport(predicting('none')))).toBe(
    'refuted at 20%, 50%; undecided at 80%',
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
  expect(predictionOutcome(pairReport(report))).toBe('not tested: it is not about these two arms')
})

test('without a verdict nothing was tested, without a prediction there is no outcome', () => {
  const report = predicting('sharded')
  for (const load of report.loads) load.comparisons[0]!.verdict = null
  expect(predictionOutcome(pairReport(report))).toBe('not tested: no verdict was reached')
  report.scenario.prediction = null
  expect(predictionOutcome(pairReport(report))).toBeNull()
})

test('reads as a sentence', () => {
  expect(predictionText({ winner: 'none', because: 'x' })).toBe('neither wins, because x')
})
