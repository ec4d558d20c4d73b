import { expect, test } from 'vitest'
import { signedRankCut } from '../../harness/stats/intervals.ts'
import { fewestPairs, judge, SMALLEST_RATIO } from '../../harness/stats/verdict.ts'

test.each([
  [1.06, 1.2, 'second-larger'],
  [1.05, 1.2, 'inconclusive'],
  [1, 1.2, 'inconclusive'],
  [0.5, 2, 'inconclusive'],
  [1, 1.04, 'none'],
  [1 / 1.05, 1.05, 'none'],
  [0.96, 1.04, 'none'],
  [0.94, 1.04, 'inconclusive'],
  [0.8, 1, 'inconclusive'],
  [0.8, 0.95, 'first-larger'],
  [0.8, 1 / 1.05, 'inconclusive'],
] as const)('a ratio between %f and %f is judged %s', (lower, upper, outcome) => {
  const value = (lower + upper) / 2
  expect(judge({ value, lower, upper, level: 0.96875 }, 0.95)).toBe(outcome)
})

test('too few pairs for the level leave everything open', () => {
  const clear = { value: 2, lower: 1.9, upper: 2.1, level: 0.9375 }
  expect(judge(clear, 0.95)).toBe('inconclusive')
  expect(judge(clear, 0.9)).toBe('second-larger')
})

test('the fewest pairs are the smallest n whose interval reaches the level', () => {
  for (const level of [0.5, 0.75, 0.8, 0.9, 0.95, 0.96875, 0.99, 0.999]) {
    const n = fewestPairs(level)
    expect(signedRankCut(n, level).level).toBeGreaterThanOrEqual(level)
    expect(signedRankCut(n - 1, level).level).toBeLessThan(level)
  }
  expect(fewestPairs(0.95)).toBe(6)
})

test.each([
  [1.06, 1.2, 1.1, 'inconclusive'],
  [1.11, 1.2, 1.1, 'second-larger'],
  [0.8, 0.94, 1.1, 'inconclusive'],
  [0.8, 0.9, 1.1, 'first-larger'],
  [0.96, 1.04, 1.1, 'none'],
  [0.96, 1.08, 1.1, 'inconclusive'],
  [1.02, 1.04, 1.01, 'none'],
  [1.06, 1.2, 1, 'second-larger'],
] as const)(
  'a ratio between %f and %f on a machine with the band %f is judged %s',
  (lower, upper, band, outcome) => {
    expect(judge({ value: lower, lower, upper, level: 0.96875 }, 0.95, band)).toBe(outcome)
  },
)

test('the threshold is the smallest ratio that matters unless a band says more', () => {
  const ratio = { value: 1.1, lower: 1.051, upper: 1.2, level: 0.96875 }
  expect(judge(ratio, 0.95)).toBe(judge(ratio, 0.95, SMALLEST_RATIO))
})
