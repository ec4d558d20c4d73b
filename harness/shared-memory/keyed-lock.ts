import type { Clock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { BYTES_PER_WORD, isPowerOfTwo } from '../base/units.ts'
import type { RecordGuard } from '../contract/architecture.ts'
import type { Records } from '../contract/request.ts'
import type { HashTableMemory } from './hash-table-layout.ts'
import { lockMutex, MUTEX_WORDS, unlockMutex } from './mutex.ts'
import { OptimisticRecords } from './optimistic-records.ts'
import {
  lockShared,
  lockWriter,
  READER_WRITER_WORDS,
  unlockShared,
  unlockWriter,
} from './reader-writer-lock.ts'
import {
  lockSequence,
  SECOND_CHECK,
  type SecondCheck,
  SEQUENCE_LOCK_WORDS,
  unlockSequence,
} from './sequence-lock.ts'
import type { LockCounters } from './thread-counters.ts'

/** `optimistic`: many mutexes, which reads do without. `broken` guards nothing: it exists so that tests can see a trial become void. */
export type KeyedLockKind = 'striped' | 'reader-writer' | 'optimistic' | 'single' | 'broken'

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
  const count = kind === 'single' || kind === 'broken' ? 1 : stripes
  const words = WORDS[kind] * count
  return { buffer: new SharedArrayBuffer(words * BYTES_PER_WORD), kind, stripes: count }
}

const WORDS: Readonly<Record<KeyedLockKind, number>> = {
  striped: MUTEX_WORDS,
  'reader-writer': READER_WRITER_WORDS,
  optimistic: SEQUENCE_LOCK_WORDS,
  single: MUTEX_WORDS,
  broken: MUTEX_WORDS,
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
  if (memory.kind === 'broken') return { snapshots: null, lock() {}, unlock() {} }
  return new StripedMutex(words, mask, clock, counters)
}

/** The same for the records of a table, which requests that only read may read without a lock where the kind says so. */
export function attachRecordGuard(
  memory: KeyedLockMemory,
  table: HashTableMemory,
  clock: Clock,
  counters: LockCounters,
  check: SecondCheck = SECOND_CHECK,
): RecordGuard {
  if (memory.kind !== 'optimistic') return attachKeyedLock(memory, clock, counters)
  const words = new Int32Array(memory.buffer)
  const mask = memory.stripes - 1
  const snapshots = new OptimisticRecords(table, words, mask, check, clock, counters)
  return new StripedSequenceLock(words, mask, clock, counters, snapshots)
}

/** What the striped forms have alike: one thread's view of the stripes, one per `hash & mask`. */
class Stripes {
  protected readonly words: Int32Array
  protected readonly mask: number
  protected readonly clock: Clock
  protected readonly counters: LockCounters
  readonly snapshots: Records | null

  constructor(
    words: Int32Array,
    mask: number,
    clock: Clock,
    counters: LockCounters,
    snapshots: Records | null = null,
  ) {
    this.words = words
    this.mask = mask
    this.clock = clock
    this.counters = counters
    this.snapshots = snapshots
  }
}

class StripedMutex extends Stripes implements RecordGuard {
  lock(hash: number): void {
    lockMutex(this.words, (hash & this.mask) * MUTEX_WORDS, this.clock, this.counters)
  }

  unlock(hash: number): void {
    unlockMutex(this.words, (hash & this.mask) * MUTEX_WORDS)
  }
}

class StripedReaderWriterLock extends Stripes implements RecordGuard {
  lock(hash: number, write: boolean): void {
    const at = (hash & this.mask) * READER_WRITER_WORDS
    if (write) lockWriter(this.words, at, this.clock, this.counters)
    else lockShared(this.words, at, this.clock, this.counters)
  }

  unlock(hash: number, write: boolean): void {
    const at = (hash & this.mask) * READER_WRITER_WORDS
    if (write) unlockWriter(this.words, at)
    else unlockShared(this.words, at)
  }
}

class StripedSequenceLock extends Stripes implements RecordGuard {
  lock(hash: number): void {
    lockSequence(this.words, (hash & this.mask) * SEQUENCE_LOCK_WORDS, this.clock, this.counters)
  }

  unlock(hash: number, write: boolean): void {
    unlockSequence(this.words, (hash & this.mask) * SEQUENCE_LOCK_WORDS, write)
  }
}
