import { expect, test } from 'vitest'
import { percentilePlot } from '../../../harness/render/report/percentiles.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import { formatTime } from '../../../harness/words/format.ts'
import { sampleReport } from '../sample-report.ts'

const report = pairReport(sampleReport())
const load = report.loads[0]!
const plot = percentilePlot(report, load, 'id')!

test('the band reaches from the fastest to the slowest pair around the curve of all', () => {
  for (const [arm, { points }] of plot.curves.entries()) {
    const band = plot.bands[arm]!.points
    expect(band.length).toBeGreaterThan(40)
    for (const [x, lowest, highest] of band) {
      const { y } = points.find((point) => point.x === x)!
      expect(y).toBeGreaterThanOrEqual(lowest)
      expect(y).toBeLessThanOrEqual(highest)
    }
  }
})

test('at p99 the tooltip has the smallest and largest p99 of the pairs', () => {
  const all = load.pairs.map(({ trials }) => trials['staged']!.percentiles.p99.ns)
  const { text } = plot.curves[0]!.points.find(
    ({ heading }) => heading === '99% of requests within',
  )!
  // The histogram keeps three digits.
  const range = [Math.min(...all), Math.max(...all)].map(formatTime).join(' – ')
  expect(text).toContain(` (pairs ${range})`)
})

test('one pair has no band', () => {
  const single = { ...load, pairs: load.pairs.slice(0, 1) }
  expect(percentilePlot(report, single, 'id')!.bands).toEqual([])
})
