import { expect, test } from 'vitest'
import { mergeHistograms, percentileDistribution } from '../../harness/results/histogram.ts'
import { sampleReport, troubledReport } from '../render/sample-report.ts'

/** Lines as the plotter reads them: four numbers, no comment. */
function rowsOf(text: string | null): number[][] {
  return (text ?? '')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim().split(/ +/).map(Number))
    .filter((numbers) => numbers.length >= 3 && numbers.every((value) => !Number.isNaN(value)))
}

test('values are microseconds of all trials of the arm, counts end with all of them', () => {
  const report = sampleReport()
  const load = report.loads[1]!
  const trials = load.sets.map(({ trials: { sharded } }) => sharded!)
  const merged = mergeHistograms(trials.map(({ histogram }) => histogram))
  const text = percentileDistribution(report, load, 'sharded')
  const rows = rowsOf(text)
  for (const [valueUs = 0, share = 0, count = 0, oneIn] of rows) {
    // Printed with 12 digits: a share may fall just behind its request.
    const ns = merged.getValueAtPercentile(Math.max(1e-9, share * 100 - 1e-9))
    expect(valueUs).toBeCloseTo(ns / 1_000, 3)
    expect(count).toBeGreaterThanOrEqual(share * merged.totalCount - 1e-6)
    expect(Math.abs((1 - share) * (oneIn ?? Infinity) - 1) < 0.01 || share === 1).toBe(true)
  }
  expect(rows.at(-1)?.[2]).toBe(trials.reduce((sum, { counts }) => sum + counts.completed, 0))
  expect(text).toMatch(/^ {7}Value {5}Percentile TotalCount 1\/\(1-Percentile\)\n\n/)
  expect(text).toMatch(
    /#\[crossover kv-update, arm sharded, load 50%; values in microseconds; 6 trials\]\n/,
  )
})

test('void trials are left out', () => {
  const report = troubledReport()
  expect(percentileDistribution(report, report.loads[0]!, 'sharded')).toContain('; 5 trials]')
  expect(percentileDistribution(report, report.loads[0]!, 'staged')).toContain('; 6 trials]')
})

test('requests that were never answered are told', () => {
  const report = troubledReport()
  const text = percentileDistribution(report, report.loads[1]!, 'staged')
  expect(text).toContain('#[240 requests that were refused or never answered are not in it]\n')
  expect(rowsOf(text).at(-1)?.[2]).toBe(6 * (2_000 - 40))
})

test('without a completed request there is none', () => {
  const report = troubledReport()
  expect(percentileDistribution(report, report.loads[2]!, 'staged')).toBeNull()
})

test('a name from a scenario cannot end the comment that it stands in', () => {
  const report = sampleReport()
  report.scenario.name = 'one\n1 0.5 1 2'
  const text = percentileDistribution(report, report.loads[0]!, 'staged')
  expect(text).toContain('#[crossover one 1 0.5 1 2, arm staged, load 20%;')
})
