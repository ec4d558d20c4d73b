import type { Clock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { alignedWordsFor, BYTES_PER_WORD, wordsFor } from '../base/units.ts'
import { NO_RECORD, type RecordHandle, type Records } from '../contract/request.ts'
import {
  type HashTableMemory,
  RECORD_CHECKSUM,
  RECORD_KEY,
  RECORD_VERSION,
} from './hash-table-layout.ts'
import { HashTable } from './hash-table.ts'
import { SPIN_TRIES } from './mutex.ts'
import { SLOT_HASH, SLOT_KEY, SLOT_KEY_BYTES, SLOT_REPLY_BYTES } from './request-slab-layout.ts'
import type { RequestView } from './request-view.ts'
import {
  checkAgain,
  lockSequence,
  type SecondCheck,
  SEQUENCE_HELD_BITS,
  SEQUENCE_LOCK_WORDS,
  unlockSequence,
} from './sequence-lock.ts'
import type { LockCounters } from './thread-counters.ts'

/** Copies that may come to nothing before a read takes the lock. */
const MOST_TRIES = 8

/*
 * Protocol. `find` copies the record into memory of the thread's own, between the two looks of sequence-lock.ts at the word
 * of the key's stripe, which covers the key's bucket, its chain and its records. Only a copy that passed the second look is
 * answered, and the other methods read that copy: a stage never sees a record that is torn, runs once however often the
 * copy was tried, and works on what the record was when it was found, whoever writes it meanwhile. A stripe that is held,
 * or changed `MOST_TRIES` times, makes the read take the lock, and wait as a writer would.
 *
 * What the copying may meet while a writer is at work, and why it comes to an end and stays inside the table:
 *   - Links. A bucket's first word and a record's `next` are Int32, which the memory model does not tear: whatever is read
 *     is 0 or what some insertion wrote there, the first word of a record. A record's `next` is written once, before it is
 *     linked, and names what was first in the bucket then: a record that was inserted earlier. So every way through links,
 *     new or old, leads to ever earlier records and ends. A link that is seen before what it leads to shows zeros there: a
 *     key of 0 bytes, which no request has, and the end of the chain.
 *   - Sizes. One Int32, read once by the copy, and cut to what a record has room for.
 *   - Keys are written before the record is linked, and never again.
 * Between trials tables are put back to their beginning; no thread is at work then.
 */

/** Records that can only be read: each write ends the trial. */
export abstract class ReadOnlyRecords {
  /** @param touch what the stage did, e.g. `writes a record`. */
  protected abstract refuse(touch: string): never

  insert(): RecordHandle {
    return this.refuse('inserts a record')
  }

  replaceValue(): void {
    this.refuse('writes a record')
  }

  exchangeValue(): void {
    this.refuse('writes a record')
  }

  setHead(): void {
    this.refuse('writes a record')
  }
}

/** The records as a thread sees them that reads without a lock: each a copy, valid until the next `find`. */
export class OptimisticRecords extends ReadOnlyRecords implements Records {
  readonly #table: HashTable
  readonly #locks: Int32Array
  readonly #stripeMask: number
  readonly #check: SecondCheck
  readonly #clock: Clock
  readonly #counters: LockCounters
  /** The copy: laid out as in the table, without a key. */
  readonly #copy: Int32Array
  readonly #copyLongs: BigInt64Array
  #payloadBytes = 0

  /** @param locks of the sequence locks. @param stripeMask their number − 1. */
  constructor(
    memory: HashTableMemory,
    locks: Int32Array,
    stripeMask: number,
    check: SecondCheck,
    clock: Clock,
    counters: LockCounters,
  ) {
    super()
    this.#table = new HashTable(memory)
    this.#locks = locks
    this.#stripeMask = stripeMask
    this.#check = check
    this.#clock = clock
    this.#counters = counters
    const buffer = new ArrayBuffer((RECORD_KEY + memory.payloadWords) * BYTES_PER_WORD)
    this.#copy = new Int32Array(buffer)
    this.#copyLongs = new BigInt64Array(buffer)
  }

  // Measured path from here to the end of the class.
  /** Copies the record of the request's key, as it is now. `NO_RECORD` when there is none. */
  find(request: RequestView): RecordHandle {
    const locks = this.#locks
    const at = this.#stripeOf(request)
    const first = Atomics.load(locks, at)
    if ((first & SEQUENCE_HELD_BITS) === 0) {
      const record = this.#copyOut(request)
      if (checkAgain(locks, at, this.#check) === first) return record
    }
    return this.#tryAgain(request, at)
  }

  #stripeOf(request: RequestView): number {
    return (request.words[request.base + SLOT_HASH]! & this.#stripeMask) * SEQUENCE_LOCK_WORDS
  }

  #tryAgain(request: RequestView, at: number): RecordHandle {
    const locks = this.#locks
    const counters = this.#counters
    const clock = this.#clock
    counters.beginWait(clock)
    let looks = 0
    for (let tries = 1; tries < MOST_TRIES; tries++) {
      let first = Atomics.load(locks, at)
      for (; (first & SEQUENCE_HELD_BITS) !== 0 && looks < SPIN_TRIES; looks++) {
        Atomics.pause()
        first = Atomics.load(locks, at)
      }
      if ((first & SEQUENCE_HELD_BITS) !== 0) {
        counters.endRetries(tries, clock)
        return this.#copyUnderLock(request, at)
      }
      const record = this.#copyOut(request)
      if (checkAgain(locks, at, this.#check) === first) {
        counters.endRetries(tries, clock)
        return record
      }
    }
    counters.endRetries(MOST_TRIES, clock)
    return this.#copyUnderLock(request, at)
  }

  #copyUnderLock(request: RequestView, at: number): RecordHandle {
    lockSequence(this.#locks, at, this.#clock, this.#counters)
    const record = this.#copyOut(request)
    unlockSequence(this.#locks, at, false)
    return record
  }

  /** Whatever it copies is to be believed only after the second look. */
  #copyOut(request: RequestView): RecordHandle {
    const record = this.#table.find(request)
    if (record !== NO_RECORD)
      this.#payloadBytes = this.#table.copyRecord(record, this.#copy, this.#copyLongs)
    return record
  }

  version(): number {
    return this.#copy[RECORD_VERSION]!
  }

  checksum(): number {
    return this.#copy[RECORD_CHECKSUM]!
  }

  copyValueTo(_: RecordHandle, request: RequestView): void {
    const slab = request.words
    const slot = request.base
    const from = this.#copyLongs
    const to = request.longs
    const toAt = (slot + SLOT_KEY + alignedWordsFor(slab[slot + SLOT_KEY_BYTES]!)) >>> 1
    const count = alignedWordsFor(this.#payloadBytes) >>> 1
    for (let long = 0; long < count; long++) to[toAt + long] = from[(RECORD_KEY >>> 1) + long]!
    slab[slot + SLOT_REPLY_BYTES] = this.#payloadBytes
  }

  readValue(_: RecordHandle, target: Int32Array): number {
    const copy = this.#copy
    const count = Math.min(wordsFor(this.#payloadBytes), target.length)
    for (let word = 0; word < count; word++) target[word] = copy[RECORD_KEY + word]!
    return count
  }

  protected refuse(touch: string): never {
    throw runError(
      'undeclared-access',
      `a stage ${touch} for a request that reads`,
      'declare access write, or ask for an update',
    )
  }
}
