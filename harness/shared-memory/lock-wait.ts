import { runError } from '../base/errors.ts'
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
