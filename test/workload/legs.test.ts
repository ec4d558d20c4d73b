import fc from 'fast-check'
import { expect, test } from 'vitest'
import { legKey } from '../../harness/workload/trace-layout.ts'
import { chiSquare, UNLIKELY } from './goodness-of-fit.ts'

const recordCounts = fc.integer({ min: 1, max: 2 ** 26 })

test('leg 0 is the key that the request names, also one that was inserted', () => {
  fc.assert(
    fc.property(recordCounts, fc.nat(2 ** 28), (recordCount, key) => {
      expect(legKey('neighbours', key, 0, recordCount)).toBe(key)
      expect(legKey('scattered', key, 0, recordCount)).toBe(key)
    }),
  )
})

test('neighbours follow each other and go on at the first record', () => {
  expect([0, 1, 2, 3].map((leg) => legKey('neighbours', 8, leg, 10))).toEqual([8, 9, 0, 1])
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 1_000 }), fc.nat(), (recordCount, from) => {
      const first = from % recordCount
      const keys = Array.from({ length: 100 }, (_, leg) =>
        legKey('neighbours', first, leg, recordCount),
      )
      expect(new Set(keys).size).toBe(100)
    }),
  )
})

test('legs are records, whatever the first key', () => {
  const legs = fc.integer({ min: 1, max: 99 })
  const spreads = fc.constantFrom('neighbours' as const, 'scattered' as const)
  fc.assert(
    fc.property(spreads, recordCounts, fc.nat(2 ** 28), legs, (spread, recordCount, key, leg) => {
      const found = legKey(spread, key, leg, recordCount)
      expect(Number.isInteger(found) && found >= 0 && found < recordCount).toBe(true)
      expect(legKey(spread, key, leg, recordCount)).toBe(found)
    }),
  )
})

test('scattered legs are on all records alike, and seldom twice on one', () => {
  const counts = new Int32Array(1_000)
  for (let first = 0; first < 1_000; first++)
    for (let leg = 1; leg < 100; leg++) counts[legKey('scattered', first, leg, 1_000)]!++
  expect(chiSquare(counts, Array(1_000).fill(1 / 1_000))).toBeGreaterThan(UNLIKELY)
  let repeated = 0
  for (let first = 0; first < 10_000; first++) {
    const keys = Array.from({ length: 16 }, (_, leg) => legKey('scattered', first, leg, 100_000))
    if (new Set(keys).size < 16) repeated++
  }
  // 16 · 15 ÷ 2 ÷ 100,000 of 10,000.
  expect(Math.abs(repeated - 12)).toBeLessThan(4 * Math.sqrt(12))
})
