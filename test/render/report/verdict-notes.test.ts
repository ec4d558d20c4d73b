import { expect, test } from 'vitest'
import { precisionText, verdictNotes } from '../../../harness/render/report/notices.ts'
import type { Report } from '../../../harness/results/schema.ts'
import { objectiveReport, sampleReport } from '../sample-report.ts'

const ORIGIN =
  'this machine’s A/A band (20 runs of 6 pairs, measured 2026-11-20, from reports/machine.json)'

function withThresholds(thresholds: readonly number[]): Report {
  const report = sampleReport()
  report.band!.ratios = { '20%': 1, '50%': 1, '80%': 1 }
  for (const [index, load] of report.loads.entries()) {
    load.comparisons[0]!.verdict!.threshold = thresholds[index] ?? 1.05
  }
  return report
}

test.each([
  [[1.05, 1.05, 1.05], []],
  [[1.12, 1.12, 1.12], [`A winner needs a ratio beyond 1.12: ${ORIGIN}`]],
  [[1.05, 1.124, 1.05], [`A winner needs a ratio beyond 1.12 at 50%: ${ORIGIN}`]],
  [[1.2, 1.09, 1.05], [`A winner needs a ratio beyond 1.20 at 20%, 1.09 at 50%: ${ORIGIN}`]],
])('thresholds %j give the notes %j', (thresholds, notes) => {
  expect(verdictNotes(withThresholds(thresholds)).map(({ text }) => text)).toEqual(notes)
})

test('a load that the band does not cover is named', () => {
  expect(verdictNotes(sampleReport())).toContainEqual({
    kind: 'text',
    text: 'this machine’s A/A band has no figure at 80%',
    tone: 'muted',
  })
})

test('without a band the reader learns why', () => {
  const bandNote = 'no A/A band of this machine: run `crossover validate` once'
  expect(verdictNotes({ ...sampleReport(), band: null, bandNote })).toEqual([
    { kind: 'text', text: bandNote, tone: 'muted' },
  ])
  expect(verdictNotes({ ...sampleReport(), band: null })).toEqual([])
})

test('a run without verdicts has no notes on them', () => {
  expect(verdictNotes(objectiveReport())).toEqual([])
})

test('added pairs are told with the precision that they were added for', () => {
  const report = sampleReport()
  expect(precisionText(report)).toBeNull()
  report.run.precision = 0.1
  expect(precisionText(report)).toBe('rounds were added until the interval reached ±10%')
  expect(verdictNotes(report).at(-1)?.text).toBe(precisionText(report))
})

test('that others were at work stands beside the verdicts', () => {
  const report = sampleReport()
  report.warnings.push({
    code: 'busy-machine',
    message: 'other processes took 57 %',
    cure: 'end them',
  })
  expect(verdictNotes(report)[0]).toEqual({
    kind: 'text',
    text: 'Noisy machine: other processes took 57 %',
  })
})

test('a ratio at equal policy stands below the verdicts, beside that by their own policies', () => {
  const report = sampleReport()
  const [load] = report.loads
  const compared = load!.comparisons[0]!
  const own = { value: 0.064, lower: 0.05, upper: 0.08, level: 0.96, n: 8, unit: '×' }
  const parked = { value: 0.21, lower: 0.15, upper: 0.3, level: 0.96, n: 7, unit: '×' }
  compared.ratios = { ...compared.ratios!, p99: own, p50: null }
  compared.atEqualPolicy = { ...compared.ratios, p99: parked }
  expect(verdictNotes(report).map(({ text }) => text)).toContain(
    'At equal policy (threads of both park at once), at 20%: sharded ÷ staged: p99 0.21× (0.15–0.30), by their own policies 0.064× (0.050–0.080): what differs is polling',
  )
})
