import { expect, test } from 'vitest'
import { judgeLimits, overlap, roundsToDecide } from '../../harness/stats/limits.ts'

const LIMITS = { confirmed: { above: 1.25 }, refuted: { below: 1.1 } }

test.each([
  [1.3, 1.4, 'confirmed'],
  [1.0, 1.05, 'refuted'],
  [1.12, 1.2, 'between'],
  [1.2, 1.3, 'undecided'],
  [1.05, 1.2, 'undecided'],
  [0.5, Infinity, 'undecided'],
  [1.3, Infinity, 'confirmed'],
] as const)('an interval from %d to %d is %s', (lower, upper, outcome) => {
  expect(judgeLimits({ lower, upper }, LIMITS)).toBe(outcome)
})

test('within and outside are the two sides of a band', () => {
  const limits = { confirmed: { within: [-5, 5] }, refuted: { outside: [-10, 10] } } as const
  const outcomes = [
    [-4, 3],
    [11, 12],
    [-30, -20],
    [6, 9],
    [4, 6],
  ].map(([lower, upper]) => judgeLimits({ lower: lower!, upper: upper! }, limits))
  expect(outcomes).toEqual(['confirmed', 'refuted', 'refuted', 'between', 'undecided'])
})

test('a single limit decides on its side alone', () => {
  const limits = { confirmed: { above: 0 } }
  expect(judgeLimits({ lower: -2, upper: -1 }, limits)).toBe('between')
  expect(judgeLimits({ lower: -1, upper: 1 }, limits)).toBe('undecided')
  expect(judgeLimits({ lower: -2, upper: -1 }, {})).toBe('between')
})

test('limits that an interval could satisfy both overlap; those that touch do not', () => {
  expect(overlap({ above: 1 }, { below: 1.1 })).toBe(true)
  expect(overlap({ above: 1.1 }, { below: 1.1 })).toBe(false)
  expect(overlap({ within: [1, 2] }, { outside: [1, 2] })).toBe(false)
  expect(overlap({ within: [1, 3] }, { outside: [1, 2] })).toBe(true)
})

test('the rounds that would decide grow with the square of spread over distance', () => {
  const values = [-1, 1, -1, 1, -1, 1, -1, 1]
  const near = roundsToDecide(values, [0.5], 0.95)!
  const far = roundsToDecide(values, [1, 5], 0.95)!
  expect(far).toBeGreaterThanOrEqual(6)
  expect(near / far).toBeCloseTo(4, 0)
  expect(roundsToDecide(values, [0.001], 0.95)).toBeNull()
  expect(roundsToDecide([1], [0.5], 0.95)).toBeNull()
})
