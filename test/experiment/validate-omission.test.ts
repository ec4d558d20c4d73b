import { expect, test } from 'vitest'
import { omissionSeconds } from '../../harness/experiment/validate-omission.ts'

test('a quick validation freezes a shorter steady state, which still has room before and after', () => {
  expect(omissionSeconds(true)).toBeLessThan(omissionSeconds(false))
  expect(omissionSeconds(true) / 2).toBeGreaterThan(4 * 0.2)
})
