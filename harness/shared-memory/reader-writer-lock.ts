import type { Clock } from '../base/clock.ts'
import { ISOLATION_WORDS } from '../base/units.ts'
import { parkForLock, SPIN_TRIES } from './mutex.ts'
import type { LockCounters } from './thread-counters.ts'

/**
 * One reader-writer lock, alone on its pair of cache lines:
 *
 *   word 0        state:   bits 0 … 27  readers that hold it; all ones: a writer does
 *                          bit 28       readers may be parked, on this word
 *                          bit 29       writers may be parked, on word 1
 *   word 1        wake-ups of writers, wrapping
 *   words 2 … 31  padding
 */
export const READER_WRITER_STATE_WORD = 0
const WRITER_WAKE_UPS = 1
export const READER_WRITER_WORDS = ISOLATION_WORDS

/** All holders of a state; no other state is as large but one with a bit for those who are parked. */
export const READER_WRITER_HELD_BY_WRITER = 2 ** 28 - 1
export const READERS_PARKED = 2 ** 28
export const WRITERS_PARKED = 2 ** 29

const HELD_BITS = READER_WRITER_HELD_BY_WRITER

/*
 * Protocol (Rust's standard library, `sys/sync/rwlock/futex.rs`).
 *   lock    a reader adds 1 where the state has neither writer nor bit: as soon as somebody is parked new readers park, too,
 *           so that writers do not starve. A writer takes a state without holders, and leaves the bits as they are. Who fails
 *           spins for `SPIN_TRIES`, sets its bit and parks: a reader while the state is the one that it saw, a writer while
 *           nobody has been woken since it saw lock and bit.
 *   unlock  subtracts the holder. Whoever leaves a lock without holders in which a bit is set wakes: one writer, if there
 *           may be some, and only if none was there to be woken, all readers. It takes the bit away before it wakes.
 * Only the state decides, changed by compare-exchange and subtraction: readers and a writer never hold it together.
 * No lost wake-up. A reader parks only while the state still has its bit, and whoever takes that away notifies. A writer
 * reads word 1, then sees its bit set in a held lock, then waits for word 1 as it was: whoever takes the bit away later adds
 * to word 1 before it notifies, so the writer does not fall asleep, or is woken. Woken writers put the bit back while they
 * lock, since they cannot know whether others are parked. Readers that stay parked behind a writer that was woken keep
 * their bit, and its own unlock finds it. If another thread takes the lock between an unlock and its waking, the
 * compare-exchange fails, and that thread's unlock does it. All accesses are sequentially consistent.
 * A thread whose slice ran out while the lock was free does what the unlock should have done.
 */

/** Takes the lock for reading; many readers may hold it. @throws when it is not released within 20 s. */
export function lockShared(
  words: Int32Array,
  at: number,
  clock: Clock,
  counters: LockCounters,
): void {
  counters.acquired()
  const state = Atomics.load(words, at)
  if (mayShare(state) && Atomics.compareExchange(words, at, state, state + 1) === state) return
  lockSharedContended(words, at, clock, counters)
}

/** Takes the lock for writing, alone. @throws when it is not released within 20 s. */
export function lockWriter(
  words: Int32Array,
  at: number,
  clock: Clock,
  counters: LockCounters,
): void {
  counters.acquired()
  if (Atomics.compareExchange(words, at, 0, READER_WRITER_HELD_BY_WRITER) === 0) return
  lockWriterContended(words, at, clock, counters)
}

/** Releases a reading hold. */
export function unlockShared(words: Int32Array, at: number): void {
  const state = Atomics.sub(words, at, 1) - 1
  // Readers park behind writers only: without a parked writer there is nobody.
  if (!isHeld(state) && (state & WRITERS_PARKED) !== 0) wake(words, at, state)
}

/** Releases the writing hold. */
export function unlockWriter(words: Int32Array, at: number): void {
  const held = READER_WRITER_HELD_BY_WRITER
  const state = Atomics.sub(words, at, held) - held
  if (state !== 0) wake(words, at, state)
}

function mayShare(state: number): boolean {
  return state < READER_WRITER_HELD_BY_WRITER - 1
}

function isHeld(state: number): boolean {
  return (state & HELD_BITS) !== 0
}

function lockSharedContended(
  words: Int32Array,
  at: number,
  clock: Clock,
  counters: LockCounters,
): void {
  counters.beginWait(clock)
  let state = spinShared(words, at)
  for (;;) {
    const isFree = mayShare(state)
    const wanted = isFree ? state + 1 : state | READERS_PARKED
    if (wanted !== state) {
      const found = Atomics.compareExchange(words, at, state, wanted)
      if (found !== state) {
        state = found
        continue
      }
      if (isFree) return counters.endWait(clock)
    }
    if (parkForLock(words, at, wanted, at, HELD_BITS, counters))
      wake(words, at, Atomics.load(words, at))
    state = spinShared(words, at)
  }
}

function lockWriterContended(
  words: Int32Array,
  at: number,
  clock: Clock,
  counters: LockCounters,
): void {
  counters.beginWait(clock)
  let state = spinWriter(words, at)
  /** Others may be parked beside this one: the bit stays. */
  let othersParked = 0
  for (;;) {
    if (!isHeld(state)) {
      const wanted = state | READER_WRITER_HELD_BY_WRITER | othersParked
      const found = Atomics.compareExchange(words, at, state, wanted)
      if (found === state) return counters.endWait(clock)
      state = found
      continue
    }
    if ((state & WRITERS_PARKED) === 0) {
      const found = Atomics.compareExchange(words, at, state, state | WRITERS_PARKED)
      if (found !== state) {
        state = found
        continue
      }
    }
    othersParked = WRITERS_PARKED
    const wakeUps = Atomics.load(words, at + WRITER_WAKE_UPS)
    state = Atomics.load(words, at)
    if (!isHeld(state) || (state & WRITERS_PARKED) === 0) continue
    if (parkForLock(words, at + WRITER_WAKE_UPS, wakeUps, at, HELD_BITS, counters))
      wake(words, at, Atomics.load(words, at))
    state = spinWriter(words, at)
  }
}

/** Looks until there is no writer, or somebody is parked, or the tries are used up; answers the state that it saw last. */
function spinShared(words: Int32Array, at: number): number {
  let state = Atomics.load(words, at)
  for (let tries = 0; tries < SPIN_TRIES && state === READER_WRITER_HELD_BY_WRITER; tries++) {
    Atomics.pause()
    state = Atomics.load(words, at)
  }
  return state
}

/** Looks until nobody holds it, or another writer is parked, or the tries are used up; answers the state that it saw last. */
function spinWriter(words: Int32Array, at: number): number {
  let state = Atomics.load(words, at)
  for (let tries = 0; tries < SPIN_TRIES; tries++) {
    if (!isHeld(state) || (state & WRITERS_PARKED) !== 0) return state
    Atomics.pause()
    state = Atomics.load(words, at)
  }
  return state
}

/** Wakes whoever is parked on a lock that was seen without holders, unless somebody took it since. */
function wake(words: Int32Array, at: number, seen: number): void {
  let state = seen
  if (state === WRITERS_PARKED) {
    const found = Atomics.compareExchange(words, at, state, 0)
    if (found === state) {
      wakeWriter(words, at)
      return
    }
    // Readers may have come to be parked meanwhile.
    state = found
  }
  if (state === READERS_PARKED + WRITERS_PARKED) {
    if (Atomics.compareExchange(words, at, state, READERS_PARKED) !== state) return
    if (wakeWriter(words, at)) return
    // No writer was asleep: nobody whose unlock would find the readers.
    state = READERS_PARKED
  }
  if (state === READERS_PARKED && Atomics.compareExchange(words, at, state, 0) === state)
    Atomics.notify(words, at)
}

/** Answers whether one was asleep. */
function wakeWriter(words: Int32Array, at: number): boolean {
  Atomics.add(words, at + WRITER_WAKE_UPS, 1)
  return Atomics.notify(words, at + WRITER_WAKE_UPS, 1) > 0
}
