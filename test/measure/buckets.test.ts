import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  COARSE_BUCKETS,
  coarseBucket,
  coarseBucketStart,
  coarseBucketValue,
  FINE_BUCKETS,
  fineBucket,
  fineBucketValue,
  LARGEST_LATENCY_NS,
} from '../../harness/measure/buckets.ts'
import { emptyHistogram } from '../../harness/results/histogram.ts'

/** Latencies of every magnitude, and those around the powers of two. */
const latencies = fc.oneof(
  fc.nat(5_000),
  fc.double({ min: 0, max: 36, noNaN: true }).map((exponent) => Math.floor(2 ** exponent)),
  fc
    .tuple(fc.integer({ min: 1, max: 35 }), fc.integer({ min: -2, max: 2 }))
    .map(([exponent, offset]) => Math.max(0, 2 ** exponent + offset)),
  fc.integer({ min: 0, max: LARGEST_LATENCY_NS }),
)

test('a longer latency never has a smaller bucket', () => {
  fc.assert(
    fc.property(latencies, latencies, (one, other) => {
      const [shorter, longer] = [Math.min(one, other), Math.max(one, other)]
      expect(fineBucket(shorter)).toBeLessThanOrEqual(fineBucket(longer))
    }),
    { numRuns: 1_000 },
  )
})

test('neighbouring latencies have the same fine bucket or neighbouring ones', () => {
  fc.assert(
    fc.property(latencies, (ns) => {
      expect(fineBucket(ns + 1) - fineBucket(ns)).toBeLessThanOrEqual(1)
    }),
    { numRuns: 1_000 },
  )
})

test('fine buckets stand for their latencies within 1/1,024', () => {
  fc.assert(
    fc.property(latencies, (latency) => {
      const ns = Math.min(latency, LARGEST_LATENCY_NS)
      const bucket = fineBucket(ns)
      const value = fineBucketValue(bucket)
      expect(Math.abs(value - ns)).toBeLessThanOrEqual(ns / 1_024)
      // The value lies in the bucket that it stands for.
      expect(fineBucket(value)).toBe(bucket)
      expect(bucket).toBeLessThan(FINE_BUCKETS)
    }),
    { numRuns: 1_000 },
  )
})

test('coarse buckets stand for their latencies within 1/16, or 32 ns below 2 µs', () => {
  fc.assert(
    fc.property(latencies, (latency) => {
      const ns = Math.min(latency, LARGEST_LATENCY_NS)
      const bucket = coarseBucket(fineBucket(ns))
      const value = coarseBucketValue(bucket)
      expect(Math.abs(value - ns)).toBeLessThanOrEqual(Math.max(ns / 16, 32))
      expect(coarseBucket(fineBucket(value))).toBe(bucket)
    }),
    { numRuns: 1_000 },
  )
})

test('every fine bucket lies in a coarse one, in the same order', () => {
  const coarse = Array.from({ length: FINE_BUCKETS }, (_, fine) => coarseBucket(fine))
  expect(coarse.toSorted((a, b) => a - b)).toEqual(coarse)
  expect([coarse[0], coarse.at(-1)]).toEqual([0, COARSE_BUCKETS - 1])
  expect(new Set(coarse).size).toBe(COARSE_BUCKETS)
})

test('latencies share a fine bucket exactly if HdrHistogram takes them for equal', () => {
  const histogram = emptyHistogram()
  fc.assert(
    fc.property(latencies, fc.integer({ min: -2_000, max: 2_000 }), (latency, distance) => {
      const ns = Math.min(latency, LARGEST_LATENCY_NS)
      const other = Math.min(Math.max(0, ns + distance), LARGEST_LATENCY_NS)
      const lowest = [ns, other].map((value) => histogram.lowestEquivalentValue(value))
      expect(fineBucket(ns) === fineBucket(other)).toBe(lowest[0] === lowest[1])
      expect(histogram.medianEquivalentValue(ns)).toBe(fineBucketValue(fineBucket(ns)))
    }),
    { numRuns: 1_000 },
  )
})

test('fractions of a nanosecond are dropped', () => {
  fc.assert(
    fc.property(latencies, fc.double({ min: 0, max: 0.999, noNaN: true }), (ns, fraction) => {
      expect(fineBucket(ns + fraction)).toBe(fineBucket(ns))
    }),
  )
})

test('latencies below zero count as zero, too long ones as the longest', () => {
  expect([fineBucket(-1), fineBucket(-0.5), fineBucket(-(2 ** 31))]).toEqual([0, 0, 0])
  expect(fineBucket(1e15)).toBe(fineBucket(LARGEST_LATENCY_NS))
})

test('a coarse bucket holds what lies from its start to the next one’s', () => {
  fc.assert(
    fc.property(latencies, (latency) => {
      const ns = Math.min(latency, LARGEST_LATENCY_NS)
      const bucket = coarseBucket(fineBucket(ns))
      expect(coarseBucketStart(bucket)).toBeLessThanOrEqual(ns)
      expect(coarseBucketStart(bucket + 1)).toBeGreaterThan(ns)
    }),
    { numRuns: 1_000 },
  )
})

test('the starts of coarse buckets ascend from zero, and lie in their own buckets', () => {
  const starts = Array.from({ length: COARSE_BUCKETS + 1 }, (_, bucket) =>
    coarseBucketStart(bucket),
  )
  expect(starts[0]).toBe(0)
  for (const [bucket, start] of starts.slice(1).entries())
    expect(start).toBeGreaterThan(starts[bucket]!)
  for (const [bucket, start] of starts.entries()) {
    if (start > LARGEST_LATENCY_NS) break
    expect(coarseBucket(fineBucket(start))).toBe(bucket)
    const value = coarseBucketValue(bucket)
    expect(value).toBeGreaterThanOrEqual(start)
    expect(value).toBeLessThan(starts[bucket + 1]!)
  }
})
