import { expect, test } from 'vitest'
import {
  COUNT,
  formatDifference,
  formatEstimate,
  formatLatency,
  formatPercentile,
  formatQuantity,
  formatRoundTime,
  formatShare,
  formatThreshold,
  formatTime,
  PER_SECOND,
  RATIO,
  TIME,
} from '../../harness/words/format.ts'
import type { Estimate } from '../../harness/results/schema.ts'

test.each([
  [0, '0 ns'],
  [5, '5 ns'],
  [0.5, '0.50 ns'],
  [812, '812 ns'],
  [1_234, '1.23 µs'],
  [45_600_000, '45.6 ms'],
  [999_600, '1.00 ms'],
  [1_200_000_000, '1.20 s'],
  [120_000_000_000, '120 s'],
  [-1_500, '−1.50 µs'],
])('a time of %d ns is printed as %s', (ns, text) => {
  expect(formatTime(ns)).toBe(text)
})

test.each([
  [1_000_000, '1 ms'],
  [1_500_000, '1.5 ms'],
  [24_000, '24 µs'],
  [84_200, '84.2 µs'],
  [200_000, '200 µs'],
  [100, '100 ns'],
  [1_050_000, '1.05 ms'],
])('a time of %d ns that somebody chose is printed as %s', (ns, text) => {
  expect(formatRoundTime(ns)).toBe(text)
})

test('a difference always has its sign, a bound of a ratio none', () => {
  expect([0.0121, -0.034, 0.0004, -0.0004, 1.5].map(formatDifference)).toEqual([
    '+1.2 %',
    '−3.4 %',
    '0.0 %',
    '0.0 %',
    '+150.0 %',
  ])
  expect(formatThreshold(1.124)).toBe('1.12')
})

test('counts and rates carry k and M', () => {
  expect(formatQuantity(212_345, PER_SECOND)).toBe('212k/s')
  expect(formatQuantity(1_234_567, PER_SECOND)).toBe('1.23M/s')
  expect(formatQuantity(87, COUNT)).toBe('87')
  expect(formatQuantity(0.0123, COUNT)).toBe('0.012')
})

test.each([
  [0.31, '0.31×'],
  [1, '1.00×'],
  [0.0042, '0.0042×'],
  [12.34, '12.3×'],
  [123.4, '123×'],
])('a ratio of %d is printed as %s', (ratio, text) => {
  expect(formatQuantity(ratio, RATIO)).toBe(text)
})

test('a percentile that fell on an unanswered request says that it is later', () => {
  expect(formatLatency({ ns: 12_300_000, atLeast: true })).toBe('> 12.3 ms')
  expect(formatLatency({ ns: 12_300_000, atLeast: false })).toBe('12.3 ms')
})

test('where all were refused there is no bound to tell', () => {
  expect(formatLatency({ ns: 0, atLeast: true })).toBe('unanswered')
})

const ratio: Estimate = { value: 0.31, lower: 0.26, upper: 0.38, level: 0.969, n: 6, unit: '×' }

test('an estimate never travels without its interval, in the unit of its value', () => {
  expect(formatEstimate(ratio, RATIO)).toBe('0.31× (0.26–0.38)')
  const latency = { ...ratio, value: 1_230_000, lower: 980_000, upper: 1_400_000 }
  expect(formatEstimate(latency, TIME)).toBe('1.23 ms (0.98–1.40)')
})

test('bounds without a confidence level are called a range, a single value is called one', () => {
  expect(formatEstimate({ ...ratio, level: null, n: 3 }, RATIO)).toBe('0.31× (range 0.26–0.38)')
  expect(formatEstimate({ ...ratio, level: null, n: 1 }, RATIO)).toBe('0.31× (n = 1)')
})

test('an interval that reaches below zero cannot be misread', () => {
  const overhead = { ...ratio, value: 120, lower: -35, upper: 260 }
  expect(formatEstimate(overhead, TIME)).toBe('120 ns (−35 to 260)')
})

test('percentiles of the curve get as many digits as they need', () => {
  expect([1, 2, 10, 100, 1_000, 10_000, 4].map(formatPercentile)).toEqual([
    '0%',
    '50%',
    '90%',
    '99%',
    '99.9%',
    '99.99%',
    '75%',
  ])
  expect(formatShare(0.96875)).toBe('96.9%')
  expect(formatShare(0.5)).toBe('50%')
})
