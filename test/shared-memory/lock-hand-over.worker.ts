import { type Clock, ThreadClock } from '../../harness/base/clock.ts'
import {
  lockMutex,
  MUTEX_CONTENDED,
  MUTEX_STATE_WORD,
  unlockMutex,
} from '../../harness/shared-memory/mutex.ts'
import {
  lockShared,
  lockWriter,
  READER_WRITER_STATE_WORD,
  READERS_PARKED,
  unlockShared,
  unlockWriter,
  WRITERS_PARKED,
} from '../../harness/shared-memory/reader-writer-lock.ts'
import {
  lockSequence,
  SEQUENCE_CONTENDED,
  unlockSequence,
} from '../../harness/shared-memory/sequence-lock.ts'
import type { LockCounters } from '../../harness/shared-memory/thread-counters.ts'
import { answer, dataOfThread, dawdle, LONG_SLEEP_MS, waitForOthers } from './start-line.ts'
import { attachThreadParts, type ThreadPartsMemory } from './thread-parts.ts'

/** How a thread holds a lock. */
export type Hold = 'mutex' | 'reader' | 'writer' | 'sequence'

/** An owner and waiters that hand a lock over: the waiters park before the owner releases. */
export interface HandOverThread {
  readonly role: 'owner' | 'waiter'
  readonly hold: Hold
  /** How the waiters hold it. */
  readonly awaited: Hold
  readonly waiters: number
  readonly lock: Int32Array
  /** Word 0: rounds begun by the owner. Word 1: rounds ended by waiters. */
  readonly progress: Int32Array
  readonly parts: ThreadPartsMemory
  readonly thread: number
  readonly originNs: bigint
  readonly rounds: number
}

interface Holding {
  readonly lock: (words: Int32Array, at: number, clock: Clock, counters: LockCounters) => void
  readonly unlock: (words: Int32Array, at: number) => void
  /** Whether the state says that somebody who wants to hold it so is parked, or about to be. */
  readonly isAwaited: (words: Int32Array) => boolean
}

const HOLDINGS: Readonly<Record<Hold, Holding>> = {
  mutex: {
    lock: lockMutex,
    unlock: unlockMutex,
    isAwaited: (words) => Atomics.load(words, MUTEX_STATE_WORD) === MUTEX_CONTENDED,
  },
  reader: {
    lock: lockShared,
    unlock: unlockShared,
    isAwaited: (words) => (Atomics.load(words, READER_WRITER_STATE_WORD) & READERS_PARKED) !== 0,
  },
  writer: {
    lock: lockWriter,
    unlock: unlockWriter,
    isAwaited: (words) => (Atomics.load(words, READER_WRITER_STATE_WORD) & WRITERS_PARKED) !== 0,
  },
  sequence: {
    lock: lockSequence,
    unlock: (words, at) => unlockSequence(words, at, true),
    isAwaited: (words) => (Atomics.load(words, 0) & SEQUENCE_CONTENDED) !== 0,
  },
}

const BEGUN = 0
const ENDED = 1
/** Each costs a second: a thread of a lock with a fault ends after so many, and the others are stuck. */
const MOST_LOST = 5

const own = dataOfThread<HandOverThread>()
const { progress, rounds, waiters } = own
const words = own.lock
const clock = new ThreadClock(own.originNs)
const { counters } = attachThreadParts(own.parts, own.thread)

function waitFor(word: number, count: number): void {
  for (;;) {
    const reached = Atomics.load(progress, word)
    if (reached >= count) return
    Atomics.wait(progress, word, reached, LONG_SLEEP_MS)
  }
}

function advance(word: number): void {
  Atomics.add(progress, word, 1)
  Atomics.notify(progress, word)
}

function handOver(round: number): void {
  const { lock, unlock } = HOLDINGS[own.hold]
  const { isAwaited } = HOLDINGS[own.awaited]
  lock(words, 0, clock, counters.locks)
  advance(BEGUN)
  while (!isAwaited(words)) Atomics.pause()
  // A waiter is about to sleep, or sleeps already.
  dawdle(round)
  unlock(words, 0)
  waitFor(ENDED, round * waiters)
}

function takeOver(round: number): void {
  const { lock, unlock } = HOLDINGS[own.awaited]
  waitFor(BEGUN, round)
  lock(words, 0, clock, counters.locks)
  // Held for a while, so that a waiter that is woken behind it has to wait once more.
  dawdle(round + own.thread)
  unlock(words, 0)
  advance(ENDED)
}

waitForOthers()
for (let round = 1; round <= rounds; round++) {
  if (counters.read().lostLockWakeUps === MOST_LOST) break
  if (own.role === 'owner') handOver(round)
  else takeOver(round)
}
const { contendedLockAcquisitions, lostLockWakeUps } = counters.read()
answer({ contended: contendedLockAcquisitions, lost: lostLockWakeUps })
