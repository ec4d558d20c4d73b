import { ThreadClock } from '../../harness/base/clock.ts'
import {
  Mutex,
  MUTEX_CONTENDED,
  MUTEX_FREE,
  MUTEX_STATE_WORD,
} from '../../harness/shared-memory/mutex.ts'
import { answer, dataOfThread, dawdle, LONG_SLEEP_MS, waitForOthers } from './start-line.ts'
import { attachThreadParts, type ThreadPartsMemory } from './thread-parts.ts'

/** Two threads that hand a mutex over: the waiter parks before the owner releases. */
export interface MutexThread {
  readonly role: 'owner' | 'waiter'
  /** Whether a release wakes nobody. */
  readonly silent: boolean
  readonly mutex: Int32Array
  /** Word 0: rounds begun by the owner. Word 1: rounds ended by the waiter. */
  readonly progress: Int32Array
  readonly parts: ThreadPartsMemory
  readonly thread: number
  readonly originNs: bigint
  readonly rounds: number
}

const BEGUN = 0
const ENDED = 1

const {
  role,
  silent,
  mutex: words,
  progress,
  parts,
  thread,
  originNs,
  rounds,
} = dataOfThread<MutexThread>()
const { counters } = attachThreadParts(parts, thread)
const mutex = new Mutex(words, 0, new ThreadClock(originNs), counters.locks)

function waitFor(word: number, round: number): void {
  while (Atomics.load(progress, word) < round) {
    Atomics.wait(progress, word, round - 1, LONG_SLEEP_MS)
  }
}

function advance(word: number, round: number): void {
  Atomics.store(progress, word, round)
  Atomics.notify(progress, word)
}

waitForOthers()
for (let round = 1; round <= rounds; round++) {
  if (role === 'owner') {
    mutex.lock()
    advance(BEGUN, round)
    while (Atomics.load(words, MUTEX_STATE_WORD) !== MUTEX_CONTENDED) Atomics.pause()
    // The waiter is about to sleep, or sleeps already.
    dawdle(round)
    if (silent) Atomics.store(words, MUTEX_STATE_WORD, MUTEX_FREE)
    else mutex.unlock()
    waitFor(ENDED, round)
  } else {
    waitFor(BEGUN, round)
    mutex.lock()
    mutex.unlock()
    advance(ENDED, round)
  }
}
answer(counters.read().contendedLockAcquisitions)
