import { expect, test } from 'vitest'
import type { Totals } from '../../harness/contract/scenario.ts'
import { eachAnswerRight } from '../../harness/workload/handlers.ts'

/** Three keys with 0, 1 and 2 answered updates, all as it should be but for what `wrong` says. */
function totals(wrong: Partial<Totals> = {}): Totals {
  return {
    recordCount: 3,
    answeredUpdates: (key) => key,
    largestVersion: (key) => key,
    finalVersion: (key) => key,
    finalChecksum: (key) => 100 * key + key,
    expectedChecksum: (key, version) => 100 * key + version,
    ...wrong,
  }
}

test('finds nothing to complain about when versions, updates and checksums agree', () => {
  expect(eachAnswerRight(totals())).toBeUndefined()
})

test('replies need not have carried the final version', () => {
  expect(eachAnswerRight(totals({ largestVersion: () => 0 }))).toBeUndefined()
})

test.each([
  [{ answeredUpdates: () => 1 }, 'lost or doubled update: key=0 finalVersion=0 answeredUpdates=1'],
  [
    { finalChecksum: (key: number) => (key === 2 ? 7 : 101 * key) },
    'torn value: key=2 version=2 has a checksum of another value',
  ],
  [
    { largestVersion: (key: number) => key + Number(key === 1) },
    'reply from nowhere: key=1 largestVersion=2 finalVersion=1',
  ],
])('says what is wrong first, and with which key: %#', (wrong, sentence) => {
  expect(eachAnswerRight(totals(wrong))).toBe(sentence)
})
