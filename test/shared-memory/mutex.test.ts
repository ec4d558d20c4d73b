import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import {
  lockMutex,
  Mutex,
  MUTEX_CONTENDED,
  MUTEX_FREE,
  MUTEX_LOCKED,
  MUTEX_STATE_WORD,
  MUTEX_WORDS,
  unlockMutex,
} from '../../harness/shared-memory/mutex.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { clockOf } from '../base/clock-of.ts'
import { oneThread } from './thread-parts.ts'

const MUTEXES = 4

afterEach(() => vi.restoreAllMocks())

/** A lock that reads the clock has met another thread. */
const noClock = clockOf(() => {
  throw new Error('an uncontended lock read the clock')
})

function createMutexes(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(MUTEXES * MUTEX_WORDS * 4))
}

test('locking and releasing change the state word of the mutex in question only', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(MUTEXES - 1), { maxLength: 50 }), (toggled) => {
      const words = createMutexes()
      const model = new Int32Array(words.length)
      const { counters } = oneThread()
      let acquisitions = 0
      for (const mutex of toggled) {
        const at = mutex * MUTEX_WORDS
        const state = at + MUTEX_STATE_WORD
        if (model[state] === MUTEX_FREE) {
          lockMutex(words, at, noClock, counters.locks)
          model[state] = MUTEX_LOCKED
          acquisitions++
        } else {
          unlockMutex(words, at)
          model[state] = MUTEX_FREE
        }
        expect(words).toEqual(model)
        expect(counters.read()).toMatchObject({
          lockAcquisitions: acquisitions,
          contendedLockAcquisitions: 0,
          lockWaitNs: 0,
        })
      }
    }),
    { numRuns: 50 },
  )
})

test('releasing a mutex that somebody waits for leaves it free', () => {
  const words = createMutexes()
  words[MUTEX_STATE_WORD] = MUTEX_CONTENDED
  unlockMutex(words, 0)
  expect(words[MUTEX_STATE_WORD]).toBe(MUTEX_FREE)
})

test('a wait is counted with its length', () => {
  const words = createMutexes()
  const { counters } = oneThread()
  words[MUTEX_STATE_WORD] = MUTEX_LOCKED
  let nowNs = 0
  // The owner releases while the waiter reads its clock for the first time.
  const clock = clockOf(() => {
    words[MUTEX_STATE_WORD] = MUTEX_FREE
    return (nowNs += 700)
  })
  const mutex = new Mutex(words, 0, clock, counters.queueLocks)
  mutex.lock()
  expect(counters.read()).toMatchObject({
    queueLockAcquisitions: 1,
    contendedQueueLockAcquisitions: 1,
    queueLockWaitNs: 700,
    lockAcquisitions: 0,
  })
  mutex.unlock()
  expect(words[MUTEX_STATE_WORD]).toBe(MUTEX_FREE)
})

test('a waiter parks in state 2, so that the release wakes it, and owns the mutex in state 2: others may be parked', () => {
  const words = createMutexes()
  const { counters } = oneThread()
  words[MUTEX_STATE_WORD] = MUTEX_LOCKED
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    expect(words[MUTEX_STATE_WORD]).toBe(MUTEX_CONTENDED)
    unlockMutex(words, 0)
    return 'ok'
  })
  lockMutex(words, 0, new ManualClock(), counters.locks)
  expect(wait).toHaveBeenCalledExactlyOnceWith(words, MUTEX_STATE_WORD, MUTEX_CONTENDED, 1_000)
  expect(words[MUTEX_STATE_WORD]).toBe(MUTEX_CONTENDED)
  expect(counters.read().lostLockWakeUps).toBe(0)
})

test('a slice that ran out while the mutex was free is a lost wake-up', () => {
  const words = createMutexes()
  const { counters } = oneThread()
  words[MUTEX_STATE_WORD] = MUTEX_LOCKED
  let slices = 0
  vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    if (++slices === 2) Atomics.store(words, MUTEX_STATE_WORD, MUTEX_FREE)
    return 'timed-out'
  })
  lockMutex(words, 0, new ManualClock(), counters.queueLocks)
  expect(slices).toBe(2)
  expect(counters.read()).toMatchObject({ lostQueueLockWakeUps: 1, lostLockWakeUps: 0 })
})

test('whoever waits for a dead owner gives up with an error', () => {
  const words = createMutexes()
  const { counters } = oneThread()
  words[MUTEX_STATE_WORD] = MUTEX_LOCKED
  vi.spyOn(Atomics, 'wait').mockImplementation(() => 'timed-out')
  expect(() => lockMutex(words, 0, new ManualClock(), counters.locks)).toThrow(
    'lock not released: word=0 waitedSeconds=20',
  )
})
