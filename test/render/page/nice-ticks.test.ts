import fc from 'fast-check'
import { expect, test } from 'vitest'
import { niceTicks } from '../../../harness/render/page/axis.ts'

test('ticks are 1, 2, 5 times powers of ten and enclose the values', () => {
  expect(niceTicks(130, 900)).toEqual([100, 200, 500, 1_000])
  expect(niceTicks(100, 200)).toEqual([100, 200])
  expect(niceTicks(100, 100)).toEqual([100, 200])
})

test('enclose any values as tightly as possible', () => {
  const ns = fc.integer({ min: 1, max: 60_000_000_000 })
  fc.assert(
    fc.property(ns, ns, (a, b) => {
      const [lowest, highest] = [Math.min(a, b), Math.max(a, b)]
      const ticks = niceTicks(lowest, highest)
      expect(ticks[0]).toBeLessThanOrEqual(lowest)
      expect(ticks[1]).toBeGreaterThan(lowest)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest)
    }),
  )
})
