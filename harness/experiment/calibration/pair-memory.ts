import { BYTES_PER_WORD, ISOLATION_WORDS } from '../../base/units.ts'
import { AWAKE_THREADS_WORDS } from '../../shared-memory/awake-threads.ts'
import { type BoundedQueueMemory, createBoundedQueue } from '../../shared-memory/bounded-queue.ts'
import { MUTEX_WORDS } from '../../shared-memory/mutex-layout.ts'
import { ringWords } from '../../shared-memory/spsc-ring-layout.ts'
import { createThreadCounters } from '../../shared-memory/thread-counters.ts'

/**
 * The words of the exercises without a structure of their own, 128 bytes a row:
 *
 *   row 0   there    written by the leader, 0 between turns
 *   row 1   back     written by the follower, 0 between turns
 *   row 2   sleep    never written: what a thread waits on for its time-out
 *   row 3   total    acquisitions of both threads, written under the mutex
 */
export const THERE_WORD = 0
export const BACK_WORD = ISOLATION_WORDS
export const SLEEP_WORD = 2 * ISOLATION_WORDS
export const TOTAL_WORD = 3 * ISOLATION_WORDS
const WORDS = 4 * ISOLATION_WORDS

/** Places of the rings and queues: one value is under way at a time. */
export const PAIR_CAPACITY = 16

/** Ends a turn of the follower; no trip has this number. */
export const STOP = -1

/** What the two threads of the exercises share. */
export interface PairMemory {
  readonly words: Int32Array
  readonly mutex: Int32Array
  readonly ringThere: Int32Array
  readonly ringBack: Int32Array
  readonly queueThere: BoundedQueueMemory
  readonly queueBack: BoundedQueueMemory
  readonly awake: Int32Array
  readonly counters: SharedArrayBuffer
}

/** Memory for both threads, which count as awake. About 10 KB. */
export function createPairMemory(): PairMemory {
  const awake = sharedWords(AWAKE_THREADS_WORDS)
  awake[0] = 2
  return {
    words: sharedWords(WORDS),
    mutex: sharedWords(MUTEX_WORDS),
    ringThere: sharedWords(ringWords(PAIR_CAPACITY)),
    ringBack: sharedWords(ringWords(PAIR_CAPACITY)),
    queueThere: createBoundedQueue(PAIR_CAPACITY),
    queueBack: createBoundedQueue(PAIR_CAPACITY),
    awake,
    counters: createThreadCounters(2),
  }
}

function sharedWords(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * BYTES_PER_WORD))
}
