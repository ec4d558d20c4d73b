import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
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
import { ManualClock } from '../../harness/base/clock.ts'
import { clockOf } from '../base/clock-of.ts'
import { oneThread } from './thread-parts.ts'

const MUTEXES = 4

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

test.each([
  { outcome: 'timed-out', lostWakeUps: 1 },
  { outcome: 'ok', lostWakeUps: 0 },
  { outcome: 'not-equal', lostWakeUps: 0 },
] as const)(
  'a mutex that is free behind a sleep that ended $outcome: $lostWakeUps wake-ups lost',
  ({ outcome, lostWakeUps }) => {
    const words = createMutexes()
    words[MUTEX_STATE_WORD] = MUTEX_LOCKED
    const { counters } = oneThread()
    const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      words[MUTEX_STATE_WORD] = MUTEX_FREE
      return outcome
    })
    lockMutex(words, 0, new ManualClock(), counters.locks)
    wait.mockRestore()
    expect(words[MUTEX_STATE_WORD]).toBe(MUTEX_CONTENDED)
    expect(counters.read()).toMatchObject({ contendedLockAcquisitions: 1, lostWakeUps })
  },
)
