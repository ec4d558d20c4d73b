import { expect, test } from 'vitest'
import {
  objectiveRatioText,
  objectiveRows,
  objectiveTitle,
  probeTexts,
} from '../../../harness/render/report/objective-rows.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import { objectiveReport } from '../sample-report.ts'

test('the title names the objective', () => {
  const objective = {
    ...objectiveReport().objective!,
    percentile: 'p99_9',
    limitNs: 250_000,
  } as const
  expect(objectiveTitle(objective)).toBe('Highest load within p99.9 ≤ 250 µs')
})

test('an arm that keeps the objective nowhere has no figures', () => {
  const report = objectiveReport()
  report.objective!.arms['staged'] = null
  report.objective!.ratio = null
  expect(objectiveRows(pairReport(report), report.objective!)).toEqual([
    ['staged', 'none of those tried', '–', '–'],
    ['sharded', '442k/s (range 430–451)', '2 of 3', '933 µs (range 871–1010)'],
  ])
  expect(objectiveRatioText(pairReport(report), report.objective!)).toBeNull()
})

test('a load that no trial confirmed has no range, one that a single trial confirmed says so', () => {
  const report = objectiveReport()
  const { staged, sharded } = report.objective!.arms
  staged!.perSecond.n = 0
  sharded!.perSecond.n = 1
  report.objective!.ratio!.n = 0
  expect(objectiveRows(pairReport(report), report.objective!).map(([, load]) => load)).toEqual([
    '152k/s (not confirmed)',
    '442k/s (n = 1)',
  ])
  expect(objectiveRatioText(pairReport(report), report.objective!)).toBe(
    'sharded ÷ staged: 2.91× (not confirmed)',
  )
})

test('an arm that the search did not reach is left out', () => {
  const report = objectiveReport()
  delete report.objective!.arms['sharded']
  expect(objectiveRows(pairReport(report), report.objective!).map(([label]) => label)).toEqual([
    'staged',
  ])
})

test('every load that was tried is told in a line', () => {
  const objective = objectiveReport().objective!
  objective.probes[2]!.failedGates = ['noise', 'halves']
  expect(probeTexts(objective)).toEqual([
    'staged at 100k/s: p99 640 µs, kept',
    'staged at 200k/s: p99 > 48.0 ms, not kept',
    'sharded at 400k/s: p99 870 µs, kept, failed noise, halves',
  ])
})
