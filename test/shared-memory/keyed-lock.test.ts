import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHashTable } from '../../harness/shared-memory/hash-table-layout.ts'
import {
  attachRecordGuard,
  createKeyedLock,
  type KeyedLockKind,
} from '../../harness/shared-memory/keyed-lock.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { oneThread } from './thread-parts.ts'

const STRIPES = 8

function lockOf(kind: KeyedLockKind) {
  const memory = createKeyedLock(kind, STRIPES)
  const { counters } = oneThread()
  const table = createHashTable(1, 4, 8)
  const lock = attachRecordGuard(memory, table, new ManualClock(), counters.locks)
  return { memory, words: new Int32Array(memory.buffer), lock, counters }
}

/** Words whose state is not zero: the stripes that are held. */
function held(words: Int32Array): number {
  return words.filter((word) => (word & 3) !== 0).length
}

test.each(['striped', 'reader-writer', 'optimistic'] as const)(
  'a %s lock holds one stripe per value of the lower bits of the hash',
  (kind) => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 30 }), (hashes) => {
        const { words, lock, counters } = lockOf(kind)
        const byStripe = new Map(hashes.map((hash) => [hash & (STRIPES - 1), hash]))
        for (const hash of byStripe.values()) lock.lock(hash, true)
        expect(held(words)).toBe(byStripe.size)
        expect(counters.read().lockAcquisitions).toBe(byStripe.size)
        for (const hash of byStripe.values()) lock.unlock(hash, true)
        expect(held(words)).toBe(0)
      }),
      { numRuns: 30 },
    )
  },
)

test('a single lock is the same for every hash', () => {
  const { memory, words, lock } = lockOf('single')
  expect(memory.stripes).toBe(1)
  lock.lock(3, true)
  expect(held(words)).toBe(1)
  lock.unlock(4, true)
  expect(held(words)).toBe(0)
})

test('readers of a stripe share a reader-writer lock', () => {
  const { words, lock } = lockOf('reader-writer')
  lock.lock(5, false)
  lock.lock(5 + STRIPES, false)
  expect([...words].filter((word) => word !== 0)).toEqual([2])
  lock.unlock(5, false)
  lock.unlock(5, false)
  expect(held(words)).toBe(0)
})

test.each([
  ['optimistic', true],
  ['striped', false],
  ['reader-writer', false],
  ['single', false],
  ['broken', false],
] as const)('with %s locks requests that read do without: %s', (kind, without) => {
  expect(lockOf(kind).lock.snapshots !== null).toBe(without)
})

test('the broken lock guards nothing and counts nothing', () => {
  const { lock, counters } = lockOf('broken')
  lock.lock(1, true)
  lock.lock(1, true)
  lock.unlock(1, true)
  expect(counters.read().lockAcquisitions).toBe(0)
})

test('refuses a number of stripes that is not a power of two', () => {
  expect(() => createKeyedLock('striped', 6)).toThrow(
    'lock stripes must be a power of two: stripes=6',
  )
})
