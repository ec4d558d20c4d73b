import { expect, test } from 'vitest'
import { medianLatency, medianOf } from '../../../harness/render/report/pair-figures.ts'

test('of an even number of values it is the mean of the middle two', () => {
  expect(medianOf([4, 1, 3, 2])).toBe(2.5)
  expect(medianOf([3, 1, 2])).toBe(2)
  expect(medianOf([])).toBeNull()
})

test('a latency known only to be "at least" is later than every known one', () => {
  const known = (ns: number) => ({ ns, atLeast: false })
  const atLeast = (ns: number) => ({ ns, atLeast: true })
  expect(medianLatency([atLeast(1), known(5), known(9)])).toEqual(known(9))
  expect(medianLatency([atLeast(7), known(5), atLeast(8)])).toEqual(atLeast(7))
  expect(medianLatency([atLeast(7), known(5)])).toEqual(atLeast(6))
  expect(medianLatency([])).toBeNull()
})
