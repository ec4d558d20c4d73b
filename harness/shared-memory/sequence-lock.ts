import type { Clock } from '../base/clock.ts'
import { ISOLATION_WORDS } from '../base/units.ts'
import { parkForLock, SPIN_TRIES } from './mutex.ts'
import type { LockCounters } from './thread-counters.ts'

/**
 * One sequence lock, alone on its pair of cache lines: a mutex whose word also says which version its data have, so that
 * readers can do without the mutex.
 *
 *   word 0        bits 0 … 1   0 free · 1 locked · 2 locked and someone may be parked
 *                 bits 2 … 31  version, one more with each release by a writer, wrapping
 *   words 1 … 31  padding
 */
export const SEQUENCE_LOCK_WORDS = ISOLATION_WORDS
export const SEQUENCE_HELD_BITS = 3
const LOCKED = 1
export const SEQUENCE_CONTENDED = 2
export const SEQUENCE_VERSION_STEP = 4

/*
 * Protocol of writers: a mutex (Drepper's mutex 2, as in mutex.ts), the version above its state.
 *   lock    free → locked by compare-exchange, the version unchanged; after SPIN_TRIES failures whatever it is → 2 by
 *           compare-exchange: whoever found it free owns the lock, in state 2 since it cannot know whether others are parked;
 *           else wait while the word is what it was made. Another version ends the wait as another state does.
 *   unlock  exchange(next version, free); if the state was 2, wake one waiter.
 *
 * Protocol of readers, who take nothing:
 *   (1) first = Atomics.load(word); if it is held, there is a writer at work: look again later.
 *   (2) read the data, plainly, into memory of one's own; use none of it yet.
 *   (3) second check: the word once more. If it is `first`, what was read is what the data were at (1), whole; else nothing
 *       is known of it: it is thrown away and read anew.
 * Whoever reads must come to an end whatever it reads in (2), write nothing but its own memory, and give nothing away
 * before (3): see optimistic-records.ts.
 *
 * Why what passes the check is whole, for R, a plain read of (2), and W, a plain write of an owner between its lock and its
 * unlock. The word is only ever changed by read-modify-writes, each of which reads from the one before it: in the
 * ECMAScript memory model (29.10, "Memory Model") each synchronizes with the next, so all are in one order of
 * happens-before. Call the one that (1) read from X: it left the lock free.
 *   - W of an owner whose lock is before X: its unlock is X or before it, since X left the lock free. W happens before X,
 *     and X synchronizes with (1): R sees W or what overwrote it, also before X. That is as it should be.
 *   - W of an owner whose lock L is after X. If the second check is a read-modify-write S that returns `first`, S is
 *     before L: behind L the word is held, then of a later version, since this owner wrote. So R happens before S, S before L, L before W, and
 *     the model forbids that R reads W ("coherent reads"). The snapshot is that of X. (Boehm, "Can Seqlocks Get Along
 *     With Programming Language Memory Models?", 2012, calls it read-don't-modify-write.)
 *   - If the second check is an Atomics.load, the model does not forbid it. Nothing synchronizes from a load to a later
 *     lock, so R and W race, and the model lets R read W though it comes first in its thread: plain reads may move down past
 *     an Atomics.load. Nor is that theory: on ARM64 V8 emits `ldar` for it, past which loads in front of it may be delayed.
 *     On x64 it cannot happen. V8 (14.6, looked at by --print-opt-code) calls a builtin for every Atomics operation, which no
 *     plain access moves across (and its compiler takes an atomic load for a write, should it inline one). The processor
 *     keeps loads in order and stores in order (TSO), and the lock is a `lock cmpxchg`: if R saw W, L was visible before it,
 *     and the load of the second check, which comes after R, sees L or something later: not `first`.
 * So the second check is an Atomics.load on x64 and an addition of 0 elsewhere: the latter is right by the language, and
 * costs readers the cache line for themselves, as a reader-writer lock does. Data are words that the model does not tear
 * (Int32), or are not looked at before (3).
 * The version wraps after 2³⁰ writes to a stripe: a reader that sleeps between (1) and (3) for exactly so many, minutes at
 * least, would be fooled.
 */

/** How readers look a second time: `load` is right where the processor keeps loads and stores in order, `add` everywhere. */
export type SecondCheck = 'load' | 'add'

/** The cheapest one that is right here. */
export const SECOND_CHECK: SecondCheck = process.arch === 'x64' ? 'load' : 'add'

/** Takes the lock. Uncontended: one compare-exchange, no clock. @throws when nobody releases it within 20 s: its owner died. */
export function lockSequence(
  words: Int32Array,
  at: number,
  clock: Clock,
  counters: LockCounters,
): void {
  counters.acquired()
  if (tryLock(words, at)) return
  counters.beginWait(clock)
  for (let tries = 0; tries < SPIN_TRIES; tries++) {
    Atomics.pause()
    if (tryLock(words, at)) return counters.endWait(clock)
  }
  for (;;) {
    const seen = Atomics.load(words, at)
    const wanted = (seen & ~SEQUENCE_HELD_BITS) | SEQUENCE_CONTENDED
    if (Atomics.compareExchange(words, at, seen, wanted) !== seen) continue
    if ((seen & SEQUENCE_HELD_BITS) === 0) return counters.endWait(clock)
    parkForLock(words, at, wanted, at, SEQUENCE_HELD_BITS, counters)
  }
}

/** A plain look first: its value is only a guess, and a failing compare-exchange takes the line away from the owner. */
function tryLock(words: Int32Array, at: number): boolean {
  const seen = words[at]!
  if ((seen & SEQUENCE_HELD_BITS) !== 0) return false
  return Atomics.compareExchange(words, at, seen, seen | LOCKED) === seen
}

/** Releases the lock; only its owner may call it. @param wrote false where nothing was changed: readers need not look again. */
export function unlockSequence(words: Int32Array, at: number, wrote: boolean): void {
  // The version is the owner's: nobody else changes it meanwhile.
  const version = words[at]! & ~SEQUENCE_HELD_BITS
  const next = wrote ? (version + SEQUENCE_VERSION_STEP) | 0 : version
  if ((Atomics.exchange(words, at, next) & SEQUENCE_HELD_BITS) === SEQUENCE_CONTENDED)
    Atomics.notify(words, at, 1)
}

/** What the second check of a reader sees. */
export function checkAgain(words: Int32Array, at: number, check: SecondCheck): number {
  return check === 'load' ? Atomics.load(words, at) : Atomics.add(words, at, 0)
}
