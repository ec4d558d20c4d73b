import { expect, test } from 'vitest'
import { fewestPairs, isPrecise, levelPerLook, LOOKS } from '../../harness/stats/verdict.ts'

test('four looks at 98.75 % keep 95 % together', () => {
  expect(levelPerLook(0.95)).toBeCloseTo(0.9875, 12)
  expect(LOOKS.length * (1 - levelPerLook(0.95))).toBeCloseTo(0.05, 12)
})

test('the first look has pairs enough for its level', () => {
  expect(fewestPairs(levelPerLook(0.95))).toBeLessThanOrEqual(LOOKS[0])
})

test.each([
  [0.95, 1.05, 0.99, true],
  [0.92, 1.09, 0.99, true],
  [0.92, 1.11, 0.99, false],
  [0.9, 1.05, 0.99, false],
  [0.95, 1.05, 0.95, false],
])(
  'an interval of %f … %f around 1 at %f is precise to a tenth: %s',
  (lower, upper, level, precise) => {
    expect(isPrecise({ value: 1, lower, upper, level }, 0.1, 0.9875)).toBe(precise)
  },
)

test.each([
  [1.9, 2.1, 0.9875, true],
  // 2.2 and 2 ÷ 1.1 are a tenth away; each bound by itself spoils it.
  [1.9, 2.21, 0.9875, false],
  [1.81, 2.1, 0.9875, false],
  [1.82, 2.19, 0.9875, true],
])(
  'around 2 an interval of %f … %f at %f is precise to a tenth: %s',
  (lower, upper, level, precise) => {
    expect(isPrecise({ value: 2, lower, upper, level }, 0.1, 0.9875)).toBe(precise)
  },
)
