import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { renderTerminal } from '../../harness/render/report/terminal.ts'
import type { Report } from '../../harness/results/schema.ts'
import { objectiveReport, sampleReport, troubledReport } from './sample-report.ts'
import { threeArmReport } from './three-arm-report.ts'

const plainText = { color: false, columns: 80 }

test('a whole report', async () => {
  await expect(renderTerminal(sampleReport(), plainText)).toMatchFileSnapshot(
    './snapshots/terminal.txt',
  )
})

test('a report of a run in which things went wrong', async () => {
  await expect(renderTerminal(troubledReport(), plainText)).toMatchFileSnapshot(
    './snapshots/terminal-troubled.txt',
  )
})

test('a report of three arms: the verdicts of the other comparison stand below the first ones', async () => {
  await expect(renderTerminal(threeArmReport(), plainText)).toMatchFileSnapshot(
    './snapshots/terminal-three-arms.txt',
  )
})

test('a search of the highest load within an objective, on virtual cores', async () => {
  await expect(renderTerminal(objectiveReport(), plainText)).toMatchFileSnapshot(
    './snapshots/terminal-objective.txt',
  )
})

test('a verdict on another metric than p99 marks its row', () => {
  const report = sampleReport()
  report.loads[0]!.comparisons[0]!.verdict!.metric = 'achievedPerSecond'
  const text = renderTerminal(report, { color: false, columns: 72 })
  expect(text).toMatch(/^Load 20%, .*, medians over pairs, verdict on achieved throughput$/m)
  expect(text).toMatch(/^ achieved throughput ← +800\/s/m)
})

test('colours change nothing but colours', () => {
  const colored = renderTerminal(sampleReport(), { color: true, columns: 80 })
  expect(colored).toContain('\u001b[')
  expect(stripVTControlCharacters(colored)).toBe(renderTerminal(sampleReport(), plainText))
})

test.each([72, 80, 100])('fits %d columns, long labels too', (columns) => {
  for (const report of [sampleReport(), threeArmReport()]) {
    const text = renderTerminal(withLongLabel(report), { color: false, columns })
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns)
  }
})

test('a run that measured nothing says so', () => {
  const report: Report = {
    ...sampleReport(),
    loads: [],
    rounds: [],
    capacity: null,
    warnings: [],
  }
  expect(renderTerminal(report, plainText)).toMatch(/^Nothing was measured\./)
})

test('a load without verdict gets a plain sentence', () => {
  const report = sampleReport()
  const [load] = report.loads
  report.loads = [{ ...load!, label: 'max', offeredPerSecond: null, comparisons: [] }]
  expect(renderTerminal(report, plainText)).toMatch(/^max {2}No verdict: at this load latency only/)
})

test('a report cannot send control sequences to the terminal', () => {
  const report = sampleReport()
  report.loads[0]!.comparisons[0]!.verdict!.sentence = '\u001b[2Jgone\r\u0007\u202e'
  report.warnings[0]!.cure = '\u009b31mred'
  expect(renderTerminal(report, plainText).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

/** The report with its first arm renamed everywhere. */
function withLongLabel(report: Report): Report {
  const label = 'staged:layout=fused,threads=8,batch=64,locks=reader-writer'
  return JSON.parse(JSON.stringify(report).replaceAll('"staged":', `"${label}":`), (key, value) =>
    ['label', 'first'].includes(key) && value === 'staged' ? label : value,
  ) as Report
}
