import { expect, test } from 'vitest'
import { rankPercentile } from '../../harness/stats/intervals.ts'

const tens = Float64Array.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100)

test.each([
  [0, 10],
  [0.1, 10],
  [0.11, 20],
  [0.5, 50],
  [0.51, 60],
  [0.99, 100],
  [1, 100],
])('the share %f of ten values ends at %i', (fraction, value) => {
  expect(rankPercentile(tens, fraction)).toBe(value)
})

test('a single value is every percentile', () => {
  for (const fraction of [0, 0.5, 1]) expect(rankPercentile(Float64Array.of(7), fraction)).toBe(7)
})

test('refuses nothing at all and fractions outside 0 … 1', () => {
  expect(() => rankPercentile(new Float64Array(0), 0.5)).toThrow('n=0')
  for (const fraction of [-0.1, 1.1, Number.NaN]) {
    expect(() => rankPercentile(tens, fraction)).toThrow(`fraction=${fraction}`)
  }
})
