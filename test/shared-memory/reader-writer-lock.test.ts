import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Clock, ManualClock } from '../../harness/base/clock.ts'
import { NS_PER_SECOND } from '../../harness/base/units.ts'
import {
  lockShared,
  lockWriter,
  READER_WRITER_WORDS,
  unlockShared,
  unlockWriter,
} from '../../harness/shared-memory/reader-writer-lock.ts'
import { clockOf } from '../base/clock-of.ts'
import { oneThread } from './thread-parts.ts'

// Words of the drawing in reader-writer-lock.ts.
const STATE = 0
const WRITERS_WAITING = 1
const WRITER = -1

function createLock(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(READER_WRITER_WORDS * 4))
}

/** A clock whose first reading does something, as another thread would during the wait. */
function clockThat(act: () => void): Clock {
  let readings = 0
  return clockOf(() => {
    if (readings++ === 0) act()
    return readings * 100
  })
}

test('counts readers, or one writer, and leaves nothing behind', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('read', 'write', 'release')), (steps) => {
      const words = createLock()
      const clock = new ManualClock()
      const { counters } = oneThread()
      let state = 0
      let acquisitions = 0
      for (const step of steps) {
        if (step === 'read' && state >= 0) {
          lockShared(words, 0, clock, counters.locks)
          state++
          acquisitions++
        } else if (step === 'write' && state === 0) {
          lockWriter(words, 0, clock, counters.locks)
          state = WRITER
          acquisitions++
        } else if (step === 'release' && state === WRITER) {
          unlockWriter(words, 0)
          state = 0
        } else if (step === 'release' && state > 0) {
          unlockShared(words, 0)
          state--
        }
        expect([...words]).toEqual([state, ...Array(READER_WRITER_WORDS - 1).fill(0)])
      }
      expect(counters.read()).toMatchObject({
        lockAcquisitions: acquisitions,
        contendedLockAcquisitions: 0,
      })
    }),
    { numRuns: 50 },
  )
})

test('a reader waits for the writer, and the wait is counted', () => {
  const words = createLock()
  const { counters } = oneThread()
  lockWriter(words, 0, new ManualClock(), counters.locks)
  const clock = clockThat(() => unlockWriter(words, 0))
  lockShared(words, 0, clock, counters.locks)
  expect(words[STATE]).toBe(1)
  expect(counters.read()).toMatchObject({ contendedLockAcquisitions: 1, lockWaitNs: 100 })
})

test('a writer waits for the last reader and withdraws its claim once it has the lock', () => {
  const words = createLock()
  const { counters } = oneThread()
  lockShared(words, 0, new ManualClock(), counters.locks)
  const clock = clockThat(() => unlockShared(words, 0))
  lockWriter(words, 0, clock, counters.locks)
  expect(words[STATE]).toBe(WRITER)
  expect(words[WRITERS_WAITING]).toBe(0)
})

test('a reader steps back while a writer waits, though other readers hold the lock', () => {
  const words = createLock()
  const { counters } = oneThread()
  lockShared(words, 0, new ManualClock(), counters.locks)
  words[WRITERS_WAITING] = 1
  let seenReaders = 0
  const clock = clockThat(() => {
    seenReaders = words[STATE]!
    words[WRITERS_WAITING] = 0
  })
  lockShared(words, 0, clock, counters.locks)
  expect(seenReaders).toBe(1)
  expect(words[STATE]).toBe(2)
})

test('whoever waits for a dead owner gives up with an error', () => {
  const words = createLock()
  const { counters } = oneThread()
  let nowNs = 0
  const hastyClock = clockOf(() => (nowNs += 21 * NS_PER_SECOND))
  lockWriter(words, 0, hastyClock, counters.locks)
  expect(() => lockShared(words, 0, hastyClock, counters.locks)).toThrow('not released: word=0')
  expect(() => lockWriter(words, 0, hastyClock, counters.locks)).toThrow('not released: word=0')
})
