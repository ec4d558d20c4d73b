import { expect, test } from 'vitest'
import { capacityOf, overheadOf, spread } from '../../harness/experiment/capacity.ts'

test.each([
  [[5], 5, 5, 5],
  [[3, 1, 2], 2, 1, 3],
  [[4, 1, 3, 2], 2.5, 1, 4],
])('the spread of %j is its median and its range', (values, value, lower, upper) => {
  const expected = { value, lower, upper, level: null, n: values.length, unit: 'ns' }
  expect(spread(values, 'ns')).toEqual(expected)
})

test('a capacity is in requests per second', () => {
  expect(capacityOf([100, 300, 200])).toMatchObject({ value: 200, unit: 'requests/s' })
})

test('overhead is the difference of two costs per request, in time of one core', () => {
  // Two cores: 1,000 ns against 400 ns.
  const capacity = spread([2_000_000], 'requests/s')
  const ceiling = spread([5_000_000], 'requests/s')
  expect(overheadOf(capacity, ceiling, 2)).toMatchObject({ value: 600, lower: 600, upper: 600 })
})

test('the bounds of an overhead enclose every combination', () => {
  const capacity = spread([1e6, 2e6, 4e6], 'requests/s')
  const ceiling = spread([5e6, 8e6], 'requests/s')
  const { value, lower, upper, n, unit } = overheadOf(capacity, ceiling, 1)
  expect([lower, upper]).toEqual([1e9 / 4e6 - 1e9 / 5e6, 1e9 / 1e6 - 1e9 / 8e6])
  expect(value).toBeGreaterThanOrEqual(lower)
  expect(value).toBeLessThanOrEqual(upper)
  expect([n, unit]).toEqual([2, 'ns'])
})
