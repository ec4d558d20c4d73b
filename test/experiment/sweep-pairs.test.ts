import { expect, test } from 'vitest'
import { chooseSweepPairs } from '../../harness/asked/quantities.ts'
import { caughtFailure } from './caught-failure.ts'

test('eight unless more are asked for', () => {
  expect(chooseSweepPairs(undefined, 0.95)).toBe(8)
  expect(chooseSweepPairs(12, 0.99)).toBe(12)
})

test.each([
  [undefined, 0.999, '--pairs 11'],
  [5, 0.95, '--pairs 6 or more, or a lower --level'],
])('%s at %d is refused with the number that would do', (asked, level, cure) => {
  expect(caughtFailure(() => chooseSweepPairs(asked, level))).toMatchObject({ kind: 'usage', cure })
})
