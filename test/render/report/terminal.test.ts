import { expect, test } from 'vitest'
import type { Report } from '../../../harness/results/schema.ts'
import { sampleReport } from '../sample-report.ts'
import { renderTerminal } from '../../../harness/render/report/render.ts'

const plainText = { color: false, columns: 80 }

test('a verdict on another metric than p99 marks its row', () => {
  const report = sampleReport()
  report.loads[0]!.comparisons[0]!.verdict!.metric = 'achievedPerSecond'
  const text = renderTerminal(report, { color: false, columns: 72 })
  expect(text).toMatch(/^Load 20%, .*, medians over pairs, verdict on achieved\s+throughput$/m)
  expect(text).toMatch(/^ achieved throughput ← +800\/s/m)
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
