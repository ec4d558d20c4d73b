import { expect, test } from 'vitest'
import { latencySections } from '../../../harness/render/report/percentiles.ts'
import { intervalLevel, summaryRows } from '../../../harness/render/report/summary-rows.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import type { ComparisonName } from '../../../harness/results/schema.ts'
import { sampleReport } from '../sample-report.ts'

const report = pairReport(sampleReport())
const load = report.loads[1]!

/** Rows that the section of the load points out. */
function marked(metric: ComparisonName): readonly string[] {
  const verdict = { ...load.verdict!, metric }
  const pair = { ...report, loads: [{ ...load, verdict }] }
  return latencySections({ report: sampleReport(), pair, medium: 'markdown' })
    .flatMap((section) => ('blocks' in section ? section.blocks : []))
    .flatMap((block) => (block?.kind === 'tables' ? block.tables : []))
    .flatMap(({ judged }) => judged ?? [])
}

test.each([
  ['p99', []],
  ['p50', ['p50']],
  ['p99_9', ['p99.9']],
  ['achievedPerSecond', ['achieved throughput']],
  ['cpuPerRequest', ['CPU per request']],
] as const)('a verdict on %s marks the rows %j', (metric, rows) => {
  expect(marked(metric)).toEqual(rows)
})

test('the heading has the level of the metric judged, a row with another one its own', () => {
  const comparison = { ...load.comparison!, p99: { ...load.comparison!.p99!, level: 0.9375 } }
  const judged = { ...load, comparison, verdict: { ...load.verdict!, metric: 'p50' as const } }
  expect(intervalLevel(judged)).toBe(0.96875)
  const rows = new Map(summaryRows(report, judged).map(([label, , , ratio]) => [label, ratio]))
  expect(rows.get('p50')).toBe('0.29× (0.27–0.29)')
  expect(rows.get('p99')).toBe('0.13× (93.8%: 0.11–0.14)')
})
