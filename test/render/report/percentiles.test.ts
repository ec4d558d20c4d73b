import { expect, test } from 'vitest'
import { chartData } from '../../../harness/render/report/percentiles.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import { sampleReport } from '../sample-report.ts'

const report = pairReport(sampleReport())
const load = report.loads[0]!
const data = chartData(report, load, 'id')!

test('the band reaches from the fastest to the slowest pair around the curve of all', () => {
  for (const { merged, band } of data.arms) {
    expect(band.length).toBeGreaterThan(40)
    for (const [oneIn, lowest, highest] of band) {
      const latency = merged.find(([place]) => place === oneIn)?.[1] ?? Number.NaN
      expect(latency).toBeGreaterThanOrEqual(lowest)
      expect(latency).toBeLessThanOrEqual(highest)
    }
  }
})

test('at p99 the band has the smallest and largest p99 of the pairs', () => {
  const all = load.pairs.map(({ trials }) => trials['staged']!.percentiles.p99.ns)
  const [, lowest, highest] = data.arms[0]!.band.find(([oneIn]) => oneIn === 100)!
  // The histogram keeps three digits.
  expect(lowest / Math.min(...all)).toBeCloseTo(1, 2)
  expect(highest / Math.max(...all)).toBeCloseTo(1, 2)
})

test('one pair has no band', () => {
  const single = { ...load, pairs: load.pairs.slice(0, 1) }
  expect(chartData(report, single, 'id')!.arms.map(({ band }) => band)).toEqual([[], []])
})
