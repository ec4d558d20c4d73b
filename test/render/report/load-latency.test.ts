import { expect, test } from 'vitest'
import { loadLatencies } from '../../../harness/render/report/load-latency.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import { sampleReport, troubledReport } from '../sample-report.ts'

test('loads come in the order of what was offered', () => {
  const report = sampleReport()
  report.loads.reverse()
  expect(loadLatencies(pairReport(report)).map(({ load }) => load.label)).toEqual([
    '20%',
    '50%',
    '80%',
  ])
})

test('a latency is the median over pairs, from the fastest to the slowest one', () => {
  const report = sampleReport()
  const [at] = loadLatencies(pairReport(report))
  const all = report.loads[0]!.sets.map(({ trials }) => trials['staged']!.percentiles.p99.ns)
  const p99 = at!.arms[0][1]!
  expect(p99.lowestNs).toBe(Math.min(...all))
  expect(p99.highestNs).toBe(Math.max(...all))
  expect(p99.lowestNs).toBeLessThan(p99.ns)
  expect(p99.ns).toBeLessThan(p99.highestNs)
  expect(p99.text).toMatch(/^649 µs \(range \d+–\d+\)$/)
})

test('saturation has no offered load, and what was not measured no latency', () => {
  const report = troubledReport()
  report.loads[1]!.offeredPerSecond = null
  expect(loadLatencies(pairReport(report)).map(({ load }) => load.label)).toEqual(['20%'])
})

test('a percentile on unanswered requests is at least that much', () => {
  const [, at] = loadLatencies(pairReport(troubledReport()))
  expect(at!.arms[0][1]!.text).toMatch(/^> 1\.00 s/)
})
