import type { Clock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { ISOLATION_WORDS } from '../base/units.ts'
import type { LockCounters } from './thread-counters.ts'

/*
 * How a thread waits for a lock, the same for every kind of lock: it looks `SPIN_TRIES` times, a pause before each, and then
 * parks on a word that whoever releases the lock changes, in slices. A slice only bounds how long a dead owner goes unseen;
 * no protocol relies on it. A slice is far longer than any section that a lock guards, so one that runs out while nobody
 * holds the lock is a wake-up that was lost: it is counted (`lostLockWakeUps`, `lostQueueLockWakeUps`), and stress tests say
 * that there are none. (A lock that is released in the microseconds between the end of a slice and the look would be
 * counted, too; that takes an owner that kept it for a second. So would one that was released, with a wake-up, while the waiter
 * waits for a processor, should the kernel tell that waiter of its time-out; a thread that gets no processor for a second.)
 */

/** Tries while spinning: about as long as the short sections that locks guard, well below a thread switch. */
export const SPIN_TRIES = 100
const PARK_SLICE_MS = 1_000
const PARK_SLICES = 20

/**
 * Parks on `words[word]` until notified, as long as it has that value, or until a slice has run out. Answers whether one ran
 * out while the lock was free.
 * @param state where the lock's state is; it is free while none of `heldBits` is set there.
 * @throws when nobody releases it within 20 s: its owner died.
 */
export function parkForLock(
  words: Int32Array,
  word: number,
  value: number,
  state: number,
  heldBits: number,
  counters: LockCounters,
): boolean {
  if (Atomics.wait(words, word, value, PARK_SLICE_MS) !== 'timed-out') return false
  const isFree = (Atomics.load(words, state) & heldBits) === 0
  const slices = counters.sliceRanOut(isFree)
  if (slices >= PARK_SLICES)
    throw runError('lock-stuck', `lock not released: word=${state} waitedSeconds=${slices}`)
  return isFree
}

/**
 * One mutex, alone on its pair of cache lines:
 *
 *   word 0        state: 0 free · 1 locked · 2 locked and someone may be parked
 *   words 1 … 31  padding
 */
export const MUTEX_STATE_WORD = 0
export const MUTEX_WORDS = ISOLATION_WORDS

export const MUTEX_FREE = 0
export const MUTEX_LOCKED = 1
export const MUTEX_CONTENDED = 2

const HELD_BITS = MUTEX_LOCKED | MUTEX_CONTENDED

/*
 * Protocol. Every thread reads and writes the state word, by compare-exchange and exchange only.
 *   lock    0 → 1 by compare-exchange; after SPIN_TRIES failures exchange(2): whoever got 0 back owns the lock, in state 2
 *           since it cannot know whether others are parked; else wait while the word is 2.
 *   unlock  exchange(0); if the word was 2, wake one waiter.
 * Mutual exclusion: only the change 0 → 1 or 0 → 2 takes the lock, and both are atomic.
 * No lost wake-up: a waiter parks only while the word is 2, and whoever turns 2 into 0 notifies; a waiter that comes to
 * `wait` after that sees another value and does not sleep. (Drepper, "Futexes Are Tricky", 2011, mutex 2.)
 * The exchange on unlock is sequentially consistent, so everything written inside is seen by the next owner.
 */

/**
 * Takes the mutex whose first word is `words[at]`. Uncontended: one compare-exchange, no clock.
 * @throws when nobody releases it within 20 s: its owner died.
 */
export function lockMutex(
  words: Int32Array,
  at: number,
  clock: Clock,
  counters: LockCounters,
): void {
  counters.acquired()
  if (
    Atomics.compareExchange(words, at + MUTEX_STATE_WORD, MUTEX_FREE, MUTEX_LOCKED) === MUTEX_FREE
  )
    return
  lockContended(words, at + MUTEX_STATE_WORD, clock, counters)
}

function lockContended(
  words: Int32Array,
  state: number,
  clock: Clock,
  counters: LockCounters,
): void {
  counters.beginWait(clock)
  for (let tries = 0; tries < SPIN_TRIES; tries++) {
    Atomics.pause()
    // Look before trying: a failing compare-exchange takes the line away from the owner.
    if (
      words[state] === MUTEX_FREE &&
      Atomics.compareExchange(words, state, MUTEX_FREE, MUTEX_LOCKED) === MUTEX_FREE
    ) {
      counters.endWait(clock)
      return
    }
  }
  while (Atomics.exchange(words, state, MUTEX_CONTENDED) !== MUTEX_FREE)
    parkForLock(words, state, MUTEX_CONTENDED, state, HELD_BITS, counters)
  counters.endWait(clock)
}

/** Releases the mutex; only its owner may call it. */
export function unlockMutex(words: Int32Array, at: number): void {
  if (Atomics.exchange(words, at + MUTEX_STATE_WORD, MUTEX_FREE) === MUTEX_CONTENDED) {
    Atomics.notify(words, at + MUTEX_STATE_WORD, 1)
  }
}

/** One mutex as one thread sees it. */
export class Mutex {
  readonly #words: Int32Array
  readonly #at: number
  readonly #clock: Clock
  readonly #counters: LockCounters

  /** @param at first of `MUTEX_WORDS` words that are this mutex's own, all zero at the start. */
  constructor(words: Int32Array, at: number, clock: Clock, counters: LockCounters) {
    this.#words = words
    this.#at = at
    this.#clock = clock
    this.#counters = counters
  }

  lock(): void {
    lockMutex(this.#words, this.#at, this.#clock, this.#counters)
  }

  unlock(): void {
    unlockMutex(this.#words, this.#at)
  }
}
