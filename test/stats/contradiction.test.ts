import { expect, test } from 'vitest'
import { contradiction } from '../../harness/stats/crossing.ts'

/** Six log-ratios around a centre: enough for 95 %. */
const around = (value: number, centre: number) => ({
  value,
  logRatios: [-0.02, -0.01, 0, 0, 0.01, 0.02].map((noise) => centre + noise),
})

test('a curve that goes up and down again contradicts both directions', () => {
  const values = [around(0, 0), around(1, 0.5), around(2, 0.1)]
  expect(contradiction(values, 'increasing', 0.95)).toEqual([1, 2])
  expect(contradiction(values, 'decreasing', 0.95)).toEqual([0, 1])
})

test('of several the two that are furthest apart are told', () => {
  const values = [around(0, 0.3), around(1, 1), around(2, 0.5), around(3, 0)]
  expect(contradiction(values, 'increasing', 0.95)).toEqual([1, 3])
})

test('neither a monotone curve nor noise is a contradiction', () => {
  expect(contradiction([around(0, 0), around(1, 0.5)], 'increasing', 0.95)).toBeNull()
  expect(contradiction([around(0, 0.01), around(1, 0)], 'increasing', 0.95)).toBeNull()
})

test('too few pairs contradict nothing', () => {
  const few = [
    { value: 0, logRatios: [1, 1, 1, 1, 1] },
    { value: 1, logRatios: [0, 0, 0, 0, 0] },
  ]
  expect(contradiction(few, 'increasing', 0.95)).toBeNull()
})

test('one arm that leaves requests unanswered throughout contradicts, too', () => {
  const unanswered = { value: 0, logRatios: Array.from({ length: 6 }, () => Infinity) }
  expect(contradiction([unanswered, around(1, 0)], 'increasing', 0.95)).toEqual([0, 1])
})
