import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import type { Clock } from '../../harness/base/clock.ts'
import {
  lockShared,
  lockWriter,
  READER_WRITER_HELD_BY_WRITER as WRITER,
  READER_WRITER_STATE_WORD as STATE,
  READER_WRITER_WORDS,
  READERS_PARKED,
  unlockShared,
  unlockWriter,
  WRITERS_PARKED,
} from '../../harness/shared-memory/reader-writer-lock.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { clockOf } from '../base/clock-of.ts'
import { oneThread } from './thread-parts.ts'

// Who parks and who is woken on real threads: lock-hand-over.stress.test.ts and keyed-lock.stress.test.ts.

afterEach(() => vi.restoreAllMocks())

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
        if (step === 'read' && state !== WRITER) {
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
        } else if (step === 'release' && state !== 0) {
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

test('a writer waits for the last reader', () => {
  const words = createLock()
  const { counters } = oneThread()
  lockShared(words, 0, new ManualClock(), counters.locks)
  const clock = clockThat(() => unlockShared(words, 0))
  lockWriter(words, 0, clock, counters.locks)
  expect(words[STATE]).toBe(WRITER)
})

test('a reader steps back while a writer is parked, though other readers hold the lock', () => {
  const words = createLock()
  const { counters } = oneThread()
  lockShared(words, 0, new ManualClock(), counters.locks)
  Atomics.or(words, STATE, WRITERS_PARKED)
  let seen = 0
  const clock = clockThat(() => {
    seen = words[STATE]!
    Atomics.and(words, STATE, ~WRITERS_PARKED)
  })
  lockShared(words, 0, clock, counters.locks)
  expect(seen).toBe(1 | WRITERS_PARKED)
  expect(words[STATE]).toBe(2)
})

/** Instead of parking, the next thread to park lets something happen, as if it slept meanwhile. It may not spin for ever. */
function insteadOfParking(...acts: (() => 'ok' | 'timed-out')[]): void {
  let looks = 0
  const load = Atomics.load.bind(Atomics)
  vi.spyOn(Atomics, 'load').mockImplementation(((words: Int32Array, at: number) => {
    if (++looks > 10_000) throw new Error('it spins without bound')
    return load(words, at)
  }) as typeof Atomics.load)
  vi.spyOn(Atomics, 'wait').mockImplementation(() => acts.shift()?.() ?? 'timed-out')
}

test('a reader that stepped back from a free lock parks, too: a writer may be preempted before it takes the lock', () => {
  const words = createLock()
  const { counters } = oneThread()
  words[STATE] = WRITERS_PARKED
  let parked = 0
  insteadOfParking(() => {
    parked++
    expect(words[STATE]).toBe(WRITERS_PARKED | READERS_PARKED)
    Atomics.store(words, STATE, 0)
    return 'ok'
  })
  lockShared(words, 0, new ManualClock(), counters.locks)
  expect(parked).toBe(1)
  expect(words[STATE]).toBe(1)
  expect(counters.read().lostLockWakeUps).toBe(0)
})

test('a writer that was parked leaves the bit of those beside it', () => {
  const words = createLock()
  const { counters } = oneThread()
  lockShared(words, 0, new ManualClock(), counters.locks)
  insteadOfParking(() => {
    unlockShared(words, 0)
    return 'ok'
  })
  lockWriter(words, 0, new ManualClock(), counters.locks)
  expect(words[STATE]).toBe(WRITER | WRITERS_PARKED)
})

test.each(['reader', 'writer'])('a %s that was not woken counts it, and has the lock', (role) => {
  const words = createLock()
  const { counters } = oneThread()
  const clock = new ManualClock()
  lockWriter(words, 0, clock, counters.locks)
  // The lock becomes free, and nobody is notified.
  insteadOfParking(() => {
    Atomics.sub(words, STATE, WRITER)
    return 'timed-out'
  })
  if (role === 'reader') lockShared(words, 0, clock, counters.locks)
  else lockWriter(words, 0, clock, counters.locks)
  expect(counters.read()).toMatchObject({ lostLockWakeUps: 1, contendedLockAcquisitions: 1 })
  if (role === 'reader') unlockShared(words, 0)
  else unlockWriter(words, 0)
  expect(words[STATE]).toBe(0)
})

test('whoever waits for a dead owner gives up with an error after 20 slices', () => {
  const words = createLock()
  const { counters } = oneThread()
  const clock = new ManualClock()
  insteadOfParking()
  lockWriter(words, 0, clock, counters.locks)
  const message = 'lock not released: word=0 waitedSeconds=20'
  expect(() => lockShared(words, 0, clock, counters.locks)).toThrow(message)
  expect(() => lockWriter(words, 0, clock, counters.locks)).toThrow(message)
  expect(counters.read().lostLockWakeUps).toBe(0)
})

test.each([
  [1, READERS_PARKED],
  [0, 0],
])(
  'behind a writer, %d of the parked writers is woken: readers stay parked for one only',
  (woken, state) => {
    const words = createLock()
    words[STATE] = WRITER | READERS_PARKED | WRITERS_PARKED
    const notified: number[] = []
    vi.spyOn(Atomics, 'notify').mockImplementation((_, at) => {
      notified.push(at)
      return woken
    })
    unlockWriter(words, 0)
    expect(words[STATE]).toBe(state)
    expect(notified.at(-1) === STATE).toBe(woken === 0)
  },
)
