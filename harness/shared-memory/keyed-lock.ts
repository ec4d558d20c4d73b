import type { Clock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { isPowerOfTwo } from '../base/units.ts'
import type { RecordGuard } from '../contract/architecture.ts'
import { lockMutex, MUTEX_WORDS, unlockMutex } from './mutex.ts'
import {
  lockShared,
  lockWriter,
  READER_WRITER_WORDS,
  unlockShared,
  unlockWriter,
} from './reader-writer-lock.ts'
import type { LockCounters } from './thread-counters.ts'

/** `broken` guards nothing: it exists so that tests can see a trial become void. */
export type KeyedLockKind = 'striped' | 'reader-writer' | 'single' | 'broken'

/** What threads share of a keyed lock. */
export interface KeyedLockMemory {
  readonly buffer: SharedArrayBuffer
  readonly kind: KeyedLockKind
  /** A power of two; stripe = hash & (stripes − 1). */
  readonly stripes: number
}

/** @param stripes locks of the striped forms, a power of two; `single` and `broken` take one. */
export function createKeyedLock(kind: KeyedLockKind, stripes: number): KeyedLockMemory {
  if (!isPowerOfTwo(stripes))
    throw runError('stripes', `lock stripes must be a power of two: stripes=${stripes}`)
  const count = kind === 'striped' || kind === 'reader-writer' ? stripes : 1
  const words = kind === 'reader-writer' ? READER_WRITER_WORDS : MUTEX_WORDS
  return { buffer: new SharedArrayBuffer(count * words * 4), kind, stripes: count }
}

/** One thread's view of a keyed lock; counts its own acquisitions and waits. */
export function attachKeyedLock(
  memory: KeyedLockMemory,
  clock: Clock,
  counters: LockCounters,
): RecordGuard {
  const words = new Int32Array(memory.buffer)
  const mask = memory.stripes - 1
  if (memory.kind === 'reader-writer')
    return new StripedReaderWriterLock(words, mask, clock, counters)
  if (memory.kind === 'broken') return { lock() {}, unlock() {} }
  return new StripedMutex(words, mask, clock, counters)
}

class StripedMutex implements RecordGuard {
  readonly #words: Int32Array
  readonly #mask: number
  readonly #clock: Clock
  readonly #counters: LockCounters

  constructor(words: Int32Array, mask: number, clock: Clock, counters: LockCounters) {
    this.#words = words
    this.#mask = mask
    this.#clock = clock
    this.#counters = counters
  }

  lock(hash: number): void {
    lockMutex(this.#words, (hash & this.#mask) * MUTEX_WORDS, this.#clock, this.#counters)
  }

  unlock(hash: number): void {
    unlockMutex(this.#words, (hash & this.#mask) * MUTEX_WORDS)
  }
}

class StripedReaderWriterLock implements RecordGuard {
  readonly #words: Int32Array
  readonly #mask: number
  readonly #clock: Clock
  readonly #counters: LockCounters

  constructor(words: Int32Array, mask: number, clock: Clock, counters: LockCounters) {
    this.#words = words
    this.#mask = mask
    this.#clock = clock
    this.#counters = counters
  }

  lock(hash: number, write: boolean): void {
    const at = (hash & this.#mask) * READER_WRITER_WORDS
    if (write) lockWriter(this.#words, at, this.#clock, this.#counters)
    else lockShared(this.#words, at, this.#clock, this.#counters)
  }

  unlock(hash: number, write: boolean): void {
    const at = (hash & this.#mask) * READER_WRITER_WORDS
    if (write) unlockWriter(this.#words, at)
    else unlockShared(this.#words, at)
  }
}
