import type { Clock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { ISOLATION_WORDS, NS_PER_SECOND } from '../base/units.ts'
import type { LockCounters } from './thread-counters.ts'

/*
 * One reader-writer lock, alone on its pair of cache lines:
 *
 *   word 0        state: −1 one writer · 0 free · n > 0 readers
 *   word 1        writers waiting: new readers step back while it is not 0, so that writers do not starve
 *   word 2        threads parked on the state word
 *   words 3 … 31  padding
 *
 * Protocol. State changes by compare-exchange only: reader n ≥ 0 → n + 1, writer 0 → −1; released by add and store.
 * A thread that fails spins, then adds itself to `parked`, reads the state again and waits while it has that value.
 * No lost wake-up: whoever releases changes the state first and reads `parked` second; whoever parks writes `parked`
 * first and compares the state second (inside `wait`). All four are sequentially consistent, so one of them sees the
 * other. Every release that makes the lock free wakes all, since readers and writers wait on the same word. A waiting
 * writer withdraws nothing when it times out: it stays in the loop until it has the lock.
 */
const STATE = 0
const WRITERS_WAITING = 1
const PARKED = 2
export const READER_WRITER_WORDS = ISOLATION_WORDS

const WRITER = -1
const SPIN_TRIES = 100
const PARK_SLICE_MS = 1
const PATIENCE_NS = 20 * NS_PER_SECOND

/** Takes the lock for reading; many readers may hold it. @throws when it is not released within 20 s. */
export function lockShared(
  words: Int32Array,
  at: number,
  clock: Clock,
  counters: LockCounters,
): void {
  counters.acquired()
  if (tryShared(words, at)) return
  counters.beginWait(clock)
  for (let tries = 0; !tryShared(words, at); tries++)
    waitForChange(words, at, tries, counters, clock)
  counters.endWait(clock)
}

/** Takes the lock for writing, alone. @throws when it is not released within 20 s. */
export function lockWriter(
  words: Int32Array,
  at: number,
  clock: Clock,
  counters: LockCounters,
): void {
  counters.acquired()
  if (Atomics.compareExchange(words, at + STATE, 0, WRITER) === 0) return
  counters.beginWait(clock)
  Atomics.add(words, at + WRITERS_WAITING, 1)
  for (let tries = 0; Atomics.compareExchange(words, at + STATE, 0, WRITER) !== 0; tries++) {
    waitForChange(words, at, tries, counters, clock)
  }
  Atomics.sub(words, at + WRITERS_WAITING, 1)
  // Readers that stepped back for this writer wait on the state, which the writer's own unlock will change.
  counters.endWait(clock)
}

/** Releases a reading hold. */
export function unlockShared(words: Int32Array, at: number): void {
  if (Atomics.sub(words, at + STATE, 1) === 1) wakeAll(words, at)
}

/** Releases the writing hold. */
export function unlockWriter(words: Int32Array, at: number): void {
  Atomics.store(words, at + STATE, 0)
  wakeAll(words, at)
}

function tryShared(words: Int32Array, at: number): boolean {
  if (Atomics.load(words, at + WRITERS_WAITING) !== 0) return false
  for (;;) {
    const state = Atomics.load(words, at + STATE)
    if (state === WRITER) return false
    if (Atomics.compareExchange(words, at + STATE, state, state + 1) === state) return true
  }
}

function waitForChange(
  words: Int32Array,
  at: number,
  tries: number,
  counters: LockCounters,
  clock: Clock,
): void {
  if (tries < SPIN_TRIES) return Atomics.pause()
  if (counters.hasWaitedFor(PATIENCE_NS, clock))
    throw runError('lock-stuck', `reader-writer lock not released: word=${at}`)
  Atomics.add(words, at + PARKED, 1)
  const state = Atomics.load(words, at + STATE)
  // A reader that steps back for a waiting writer on a free lock must not sleep: the writer is about to take it.
  if (state === 0) Atomics.pause()
  else Atomics.wait(words, at + STATE, state, PARK_SLICE_MS)
  Atomics.sub(words, at + PARKED, 1)
}

function wakeAll(words: Int32Array, at: number): void {
  if (Atomics.load(words, at + PARKED) !== 0) Atomics.notify(words, at + STATE)
}
