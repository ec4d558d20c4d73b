import { afterEach, expect, test, vi } from 'vitest'
import {
  checkAgain,
  lockSequence,
  SEQUENCE_CONTENDED,
  SEQUENCE_HELD_BITS,
  SEQUENCE_LOCK_WORDS,
  SEQUENCE_VERSION_STEP,
  unlockSequence,
} from '../../harness/shared-memory/sequence-lock.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { oneThread } from './thread-parts.ts'

// Threads that meet: lock-hand-over.stress.test.ts, keyed-lock.stress.test.ts and optimistic-records.stress.test.ts.

afterEach(() => vi.restoreAllMocks())

function createLock(first = 0) {
  const words = new Int32Array(new SharedArrayBuffer(SEQUENCE_LOCK_WORDS * 4))
  words[0] = first
  const { counters } = oneThread()
  const lock = () => lockSequence(words, 0, new ManualClock(), counters.locks)
  return { words, counters, lock }
}

/** The largest version; the one behind it is the smallest. */
const LAST_VERSION = ~SEQUENCE_HELD_BITS

test.each([
  ['0', 0, SEQUENCE_VERSION_STEP],
  ['the largest', LAST_VERSION, 0],
])('a writer is seen at work, and its release is the version behind %s', (_, before, after) => {
  const { words, counters, lock } = createLock(before)
  lock()
  expect(words[0]! & SEQUENCE_HELD_BITS).not.toBe(0)
  expect(words[0]! & ~SEQUENCE_HELD_BITS).toBe(before)
  unlockSequence(words, 0, true)
  expect(words[0]).toBe(after)
  expect(counters.read()).toMatchObject({ lockAcquisitions: 1, contendedLockAcquisitions: 0 })
})

test('an owner that changed nothing leaves the version as it was', () => {
  const { words, lock } = createLock(8)
  lock()
  unlockSequence(words, 0, false)
  expect(words[0]).toBe(8)
})

test('a waiter parks in state 2 and owns the lock in state 2, at the version that it was left with', () => {
  const { words, counters, lock } = createLock(8)
  lock()
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    unlockSequence(words, 0, true)
    return 'ok'
  })
  lock()
  expect(wait).toHaveBeenCalledExactlyOnceWith(words, 0, 8 | SEQUENCE_CONTENDED, 1_000)
  expect(words[0]).toBe((8 + SEQUENCE_VERSION_STEP) | SEQUENCE_CONTENDED)
  expect(counters.read()).toMatchObject({ contendedLockAcquisitions: 1, lostLockWakeUps: 0 })
})

test('a slice that ran out while the lock was free is a lost wake-up', () => {
  const { words, counters, lock } = createLock()
  lock()
  vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    Atomics.store(words, 0, SEQUENCE_VERSION_STEP)
    return 'timed-out'
  })
  lock()
  expect(counters.read().lostLockWakeUps).toBe(1)
})

test.each(['load', 'add'] as const)('a second check by %s changes nothing', (check) => {
  const { words } = createLock(12)
  expect(checkAgain(words, 0, check)).toBe(12)
  expect(words[0]).toBe(12)
})
