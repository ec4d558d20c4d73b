import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histogramFromBuckets, percentileCurve } from '../../harness/results/histogram.ts'

// Values below 2,048 have buckets of their own: nothing is rounded.
const values = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 300 })

test('every point is the order statistic of its rank, unfinished requests being last', () => {
  fc.assert(
    fc.property(values, fc.nat({ max: 50 }), (latencies, unfinished) => {
      const sorted = latencies.toSorted((a, b) => a - b)
      const population = sorted.length + unfinished
      const curve = percentileCurve(histogramFromBuckets(sorted.map((v) => [v, 1])), unfinished)
      for (const { oneIn, latencyNs } of curve.slice(0, -1)) {
        const rank = Math.max(1, Math.ceil((1 - 1 / oneIn) * population - 1e-9))
        expect(latencyNs).toBe(sorted[rank - 1])
      }
      expect(curve.at(-1)).toEqual({
        oneIn: population / Math.max(1, unfinished),
        latencyNs: sorted.at(-1),
      })
    }),
  )
})

test('a curve ends where the refused and unanswered requests begin', () => {
  const curve = percentileCurve(histogramFromBuckets([[500, 90]]), 10)
  expect(curve.at(-1)).toEqual({ oneIn: 10, latencyNs: 500 })
})

test('holds the percentiles people ask for', () => {
  const curve = percentileCurve(histogramFromBuckets([[500, 100_000]]), 0)
  const oneIns = curve.map((point) => point.oneIn)
  expect(oneIns).toEqual(expect.arrayContaining([2, 4, 10, 20, 100, 1_000, 10_000, 100_000]))
})

test('nothing recorded, no curve', () => {
  expect(percentileCurve(histogramFromBuckets([]), 7)).toEqual([])
})
