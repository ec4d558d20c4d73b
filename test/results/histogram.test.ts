import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  answeredWithin,
  decodeHistogram,
  emptyHistogram,
  encodeHistogram,
  HIGHEST_NS,
  histogramFromBuckets,
  mergeHistograms,
  recordedBuckets,
} from '../../harness/results/histogram.ts'

const buckets = fc.array(
  fc.tuple(fc.integer({ min: 0, max: HIGHEST_NS }), fc.integer({ min: 1, max: 2 ** 34 })),
  { maxLength: 50 },
)

test('encoding and decoding keep every count and value', () => {
  fc.assert(
    fc.property(buckets, (entries) => {
      const original = histogramFromBuckets(entries)
      const decoded = decodeHistogram(encodeHistogram(original))
      expect([...recordedBuckets(decoded)]).toEqual([...recordedBuckets(original)])
      expect(decoded.totalCount).toBe(entries.reduce((sum, [, count]) => sum + count, 0))
    }),
    { numRuns: 50 },
  )
})

test('merging encoded histograms gives the histogram of all their values', () => {
  fc.assert(
    fc.property(fc.array(buckets, { maxLength: 4 }), (trials) => {
      const merged = mergeHistograms(
        trials.map((entries) => encodeHistogram(histogramFromBuckets(entries))),
      )
      const expected = histogramFromBuckets(trials.flat())
      expect([...recordedBuckets(merged)]).toEqual([...recordedBuckets(expected)])
      expect(merged.totalCount).toBe(expected.totalCount)
    }),
    { numRuns: 30 },
  )
})

test('recorded values keep three significant digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: HIGHEST_NS }), (value) => {
      const [bucket] = [...recordedBuckets(histogramFromBuckets([[value, 1]]))]
      expect(Math.abs((bucket?.[0] ?? 0) - value)).toBeLessThanOrEqual(value / 1_000)
    }),
  )
})

test('an empty histogram survives the round trip', () => {
  const decoded = decodeHistogram(encodeHistogram(emptyHistogram()))
  expect(decoded.totalCount).toBe(0)
  expect(mergeHistograms([encodeHistogram(decoded)]).totalCount).toBe(0)
})

test('counts beyond 32 bits do not wrap', () => {
  const encoded = encodeHistogram(histogramFromBuckets([[1_000, 2 ** 32 - 1]]))
  expect(mergeHistograms([encoded, encoded]).totalCount).toBe(2 ** 33 - 2)
})

test('a latency above 60 s counts as 60 s', () => {
  const histogram = histogramFromBuckets([[2 * HIGHEST_NS, 1]])
  expect(histogram.getValueAtPercentile(100)).toBeGreaterThanOrEqual(HIGHEST_NS)
})

test.each([Number.NaN, -1, 0.5])('refuses the value %d', (value) => {
  expect(() => histogramFromBuckets([[value, 1]])).toThrow(`valueNs=${value}`)
})

test('refuses a count that is not whole', () => {
  expect(() => histogramFromBuckets([[1, 1.5]])).toThrow('count=1.5')
})

test.each(['', 'not base64!', 'HISTFAAAAA=='])('says that "%s" is no histogram', (encoded) => {
  expect(() => decodeHistogram(encoded)).toThrow('not in the compressed V2 encoding')
})

test('so many were answered within a time: exact but for the bucket that it cuts', () => {
  fc.assert(
    fc.property(buckets, fc.integer({ min: 1, max: HIGHEST_NS }), (entries, limitNs) => {
      const sumUpTo = (ns: number) =>
        entries.reduce((sum, [value, count]) => (value <= ns ? sum + count : sum), 0)
      const count = answeredWithin(encodeHistogram(histogramFromBuckets(entries)), limitNs)
      expect(count).toBeLessThanOrEqual(sumUpTo(limitNs))
      expect(count).toBeGreaterThanOrEqual(sumUpTo(limitNs * (1 - 1 / 1_024) - 1))
    }),
  )
})
