import { expect, test } from 'vitest'
import { overheadOf, overRounds, ratioOfRounds, spread } from '../../harness/experiment/capacity.ts'

test.each([
  [[5], 5, 5, 5],
  [[3, 1, 2], 2, 1, 3],
  [[4, 1, 3, 2], 2.5, 1, 4],
])('the spread of %j is its median and its range', (values, value, lower, upper) => {
  const expected = { value, lower, upper, level: null, n: values.length, unit: 'ns' }
  expect(spread(values, 'ns')).toEqual(expected)
})

test('over rounds it is the median with its interval, and a range while there are too few', () => {
  expect(overRounds([100, 300, 200], 0.95, 'requests/s')).toEqual(
    spread([100, 300, 200], 'requests/s'),
  )
  expect(overRounds([1, 2, 3, 4, 5, 6], 0.95, 'ns')).toMatchObject({ value: 3.5, level: 0.96875 })
})

test('a ratio of rounds rests on those in which both are known', () => {
  expect(ratioOfRounds([100, null, 100], [200, 200, null], 0.95)).toEqual({
    value: expect.closeTo(2),
    lower: expect.closeTo(2),
    upper: expect.closeTo(2),
    level: null,
    n: 1,
    unit: '×',
  })
  expect(ratioOfRounds([100], [null], 0.95)).toBeNull()
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
