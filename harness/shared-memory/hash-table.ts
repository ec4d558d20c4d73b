import { alignedWordsFor, BYTES_PER_WORD, wordsFor } from '../base/units.ts'
import type { FetchableRecords } from '../contract/architecture.ts'
import { NO_RECORD, type RecordHandle } from '../contract/request.ts'
import {
  CACHE_LINE_WORDS,
  type HashTableMemory,
  keyBytesOf,
  packSizes,
  RECORD_CHECKSUM,
  RECORD_KEY,
  RECORD_NEXT,
  RECORD_SIZES,
  RECORD_VERSION,
  recordWordsFor,
  TABLE_BUCKETS_WORD,
  TABLE_FITTED_WORD,
  TABLE_USED_WORD,
  VALUE_HEAD_BYTES,
  valueBytesOf,
} from './hash-table-layout.ts'
import {
  SLOT_HASH,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_REPLY_BYTES,
  SLOT_VALUE_BYTES,
} from './request-slab-layout.ts'
import type { RequestView } from './request-view.ts'

/** Requests whose buckets are fetched before their records are: more misses than a processor has under way. */
const FETCHED_AT_ONCE = 64

/*
 * Protocol. The table has no synchronisation of its own: it is used by its owner alone (sharded), or under a lock that
 * covers the record's bucket (staged: stripes are a power of two, not more than buckets, and both take the hash's lower
 * bits, so a stripe covers whole buckets). Reading a chain, changing a record and linking a new one touch one bucket
 * only; a new record's place comes from one counter by atomic addition, so inserting threads never get the same one.
 * Readers without a lock (optimistic-records.ts) use `find` and `copyRecord` while others write, and rely on this: a link is
 * written once, before its record is linked, and leads to a record that was inserted earlier.
 */

/** One thread's view of a table. */
export class HashTable implements FetchableRecords {
  readonly #words: Int32Array
  readonly #longs: BigInt64Array
  readonly #bucketMask: number
  /** Words from a record's start to its payload. */
  readonly #payloadAt: number
  /** Bytes of payload that a record has room for. */
  readonly #payloadBytes: number
  readonly #memory: HashTableMemory
  readonly #firstRecords = new Int32Array(FETCHED_AT_ONCE)
  readonly #isFitted: boolean
  /** Keeps the compiler from dropping loads whose only purpose is to fill a cache. */
  #fetched = 0

  constructor(memory: HashTableMemory) {
    this.#words = new Int32Array(memory.buffer)
    this.#longs = new BigInt64Array(memory.buffer)
    this.#bucketMask = memory.buckets - 1
    this.#payloadAt = RECORD_KEY + memory.keyWords
    this.#payloadBytes = memory.payloadWords * BYTES_PER_WORD
    this.#memory = memory
    this.#isFitted = memory.isFitted
  }

  find(request: RequestView): RecordHandle {
    const slab = request.words
    const slot = request.base
    return this.findKey(
      slab[slot + SLOT_HASH]!,
      slab,
      slot + SLOT_KEY,
      slab[slot + SLOT_KEY_BYTES]!,
    )
  }

  /** The record of the key that lies zero-padded at `keys[keyAt]`, or `NO_RECORD`. */
  findKey(hash: number, keys: Int32Array, keyAt: number, keyBytes: number): RecordHandle {
    const words = this.#words
    let record = words[TABLE_BUCKETS_WORD + (hash & this.#bucketMask)]!
    while (record !== 0) {
      const sameSize = keyBytesOf(words[record + RECORD_SIZES]!) === keyBytes
      if (sameSize && sameWords(words, record + RECORD_KEY, keys, keyAt, wordsFor(keyBytes)))
        return record
      record = words[record + RECORD_NEXT]!
    }
    return NO_RECORD
  }

  /*
   * Written flat: a processor looks only some hundreds of instructions ahead, and the fewer of them lie between two misses, the
   * more misses overlap. So the second pass takes from memory of the thread's own what the first one found.
   * Reads what another thread may be writing; what it reads is not used.
   */
  fetch(view: RequestView, slots: Int32Array, from: number, to: number): void {
    const words = this.#words
    const first = this.#firstRecords
    const mask = this.#bucketMask
    const { fetchedWords } = this.#memory
    const { words: slab, slotWords } = view
    let fetched = this.#fetched
    for (let next = from; next < to; next += FETCHED_AT_ONCE) {
      const count = Math.min(FETCHED_AT_ONCE, to - next)
      for (let i = 0; i < count; i++) {
        const hash = slab[Math.imul(slots[next + i]!, slotWords) + SLOT_HASH]!
        first[i] = words[TABLE_BUCKETS_WORD + (hash & mask)]!
      }
      for (let i = 0; i < count; i++) {
        const record = first[i]!
        const end = record + fetchedWords
        for (let word = record; word < end; word += CACHE_LINE_WORDS) fetched ^= words[word]!
        // An allocator may begin the buffer inside a line (glibc: 16 bytes into one): the record's last words are in one more then.
        fetched ^= words[end - 1]!
      }
    }
    this.#fetched = fetched
  }

  version(record: RecordHandle): number {
    return this.#words[record + RECORD_VERSION]!
  }

  checksum(record: RecordHandle): number {
    return this.#words[record + RECORD_CHECKSUM]!
  }

  setHead(record: RecordHandle, version: number, checksum: number): void {
    this.#words[record + RECORD_VERSION] = version
    this.#words[record + RECORD_CHECKSUM] = checksum
  }

  copyValueTo(record: RecordHandle, request: RequestView): void {
    const slab = request.words
    const slot = request.base
    const payloadBytes = valueBytesOf(this.#words[record + RECORD_SIZES]!) - VALUE_HEAD_BYTES
    const from = (record + this.#payloadAt) >>> 1
    const to = (slot + SLOT_KEY + alignedWordsFor(slab[slot + SLOT_KEY_BYTES]!)) >>> 1
    copyLongs(this.#longs, from, request.longs, to, alignedWordsFor(payloadBytes) >>> 1)
    slab[slot + SLOT_REPLY_BYTES] = payloadBytes
  }

  readValue(record: RecordHandle, target: Int32Array): number {
    const words = this.#words
    const payloadBytes = valueBytesOf(words[record + RECORD_SIZES]!) - VALUE_HEAD_BYTES
    const count = Math.min(wordsFor(payloadBytes), target.length)
    const from = record + this.#payloadAt
    for (let word = 0; word < count; word++) target[word] = words[from + word]!
    return count
  }

  /**
   * Copies head and payload to `target`, which `longs` shows too: where they are in a record without a key. Answers the
   * payload's bytes. The record may be changing meanwhile: what is copied then is anything, but no more than a record holds.
   */
  copyRecord(record: RecordHandle, target: Int32Array, longs: BigInt64Array): number {
    const words = this.#words
    const valueBytes = valueBytesOf(words[record + RECORD_SIZES]!)
    const payloadBytes = Math.min(Math.max(valueBytes - VALUE_HEAD_BYTES, 0), this.#payloadBytes)
    target[RECORD_VERSION] = words[record + RECORD_VERSION]!
    target[RECORD_CHECKSUM] = words[record + RECORD_CHECKSUM]!
    const from = (record + this.#payloadAt) >>> 1
    copyLongs(this.#longs, from, longs, RECORD_KEY >>> 1, alignedWordsFor(payloadBytes) >>> 1)
    return payloadBytes
  }

  replaceValue(record: RecordHandle, request: RequestView): void {
    const slab = request.words
    const slot = request.base
    // A payload longer than the record has room for is cut, never written into the neighbour.
    const payloadBytes = Math.min(slab[slot + SLOT_VALUE_BYTES]!, this.#roomOf(record))
    const from = (slot + SLOT_KEY + alignedWordsFor(slab[slot + SLOT_KEY_BYTES]!)) >>> 1
    const to = (record + this.#payloadAt) >>> 1
    copyLongs(request.longs, from, this.#longs, to, alignedWordsFor(payloadBytes) >>> 1)
    const words = this.#words
    const keyBytes = keyBytesOf(words[record + RECORD_SIZES]!)
    words[record + RECORD_SIZES] = packSizes(keyBytes, payloadBytes + VALUE_HEAD_BYTES)
  }

  exchangeValue(record: RecordHandle, request: RequestView): void {
    const slab = request.words
    const slot = request.base
    const words = this.#words
    const sizes = words[record + RECORD_SIZES]!
    const oldBytes = valueBytesOf(sizes) - VALUE_HEAD_BYTES
    const newBytes = Math.min(slab[slot + SLOT_VALUE_BYTES]!, this.#roomOf(record))
    const inRecord = (record + this.#payloadAt) >>> 1
    const inSlot = (slot + SLOT_KEY + alignedWordsFor(slab[slot + SLOT_KEY_BYTES]!)) >>> 1
    // Slots have room for the longest value of the table: neither side is left by swapping as much as the longer one has.
    const count = alignedWordsFor(Math.max(oldBytes, newBytes)) >>> 1
    swapLongs(this.#longs, inRecord, request.longs, inSlot, count)
    words[record + RECORD_SIZES] = packSizes(keyBytesOf(sizes), newBytes + VALUE_HEAD_BYTES)
    slab[slot + SLOT_REPLY_BYTES] = oldBytes
  }

  /** Bytes of payload. Of a fitted record those that it has, so that they never grow. */
  #roomOf(record: RecordHandle): number {
    if (!this.#isFitted) return this.#payloadBytes
    return valueBytesOf(this.#words[record + RECORD_SIZES]!) - VALUE_HEAD_BYTES
  }

  insert(request: RequestView): RecordHandle {
    const slab = request.words
    const slot = request.base
    const keyBytes = slab[slot + SLOT_KEY_BYTES]!
    const valueBytes = slab[slot + SLOT_VALUE_BYTES]! + VALUE_HEAD_BYTES
    return this.insertKey(slab[slot + SLOT_HASH]!, slab, slot + SLOT_KEY, keyBytes, valueBytes)
  }

  /**
   * Links a new record with a payload of zeros; the key, which lies zero-padded at `keys[keyAt]`, must not be there yet.
   * Answers its handle, or `NO_RECORD` when the table is full or the key or value too large for a record.
   */
  insertKey(
    hash: number,
    keys: Int32Array,
    keyAt: number,
    keyBytes: number,
    valueBytes: number,
  ): RecordHandle {
    const words = this.#words
    const memory = this.#memory
    if (keyBytes > memory.keyWords * BYTES_PER_WORD) return NO_RECORD
    if (valueBytes > this.#payloadBytes + VALUE_HEAD_BYTES) return NO_RECORD
    const index = Atomics.add(words, TABLE_USED_WORD, 1)
    if (index >= memory.capacity) {
      Atomics.sub(words, TABLE_USED_WORD, 1)
      return NO_RECORD
    }
    const first = TABLE_BUCKETS_WORD + memory.buckets
    const record = this.#isFitted
      ? this.#takeFitted(first, valueBytes)
      : first + index * memory.recordWords
    if (record === NO_RECORD) return NO_RECORD
    const bucket = TABLE_BUCKETS_WORD + (hash & this.#bucketMask)
    words[record + RECORD_NEXT] = words[bucket]!
    words[record + RECORD_SIZES] = packSizes(keyBytes, valueBytes)
    const count = wordsFor(keyBytes)
    for (let word = 0; word < count; word++) words[record + RECORD_KEY + word] = keys[keyAt + word]!
    words[bucket] = record
    return record
  }

  /** Where the next fitted record begins; `NO_RECORD` where values that the table was not made for have left no room. */
  #takeFitted(first: number, valueBytes: number): RecordHandle {
    const words = this.#words
    const { keyWords, fetchedWords } = this.#memory
    const needed = recordWordsFor(keyWords * BYTES_PER_WORD, valueBytes)
    const record = first + Atomics.add(words, TABLE_FITTED_WORD, needed)
    if (record + needed <= words.length - fetchedWords) return record
    Atomics.sub(words, TABLE_FITTED_WORD, needed)
    Atomics.sub(words, TABLE_USED_WORD, 1)
    return NO_RECORD
  }
}

/** Copies 8 bytes at a time: twice as fast as words, and exact, which doubles would not be for every bit pattern. */
function copyLongs(
  from: BigInt64Array,
  fromAt: number,
  to: BigInt64Array,
  toAt: number,
  count: number,
): void {
  for (let long = 0; long < count; long++) to[toAt + long] = from[fromAt + long]!
}

function swapLongs(
  left: BigInt64Array,
  leftAt: number,
  right: BigInt64Array,
  rightAt: number,
  count: number,
): void {
  for (let long = 0; long < count; long++) {
    const kept = left[leftAt + long]!
    left[leftAt + long] = right[rightAt + long]!
    right[rightAt + long] = kept
  }
}

function sameWords(
  left: Int32Array,
  leftAt: number,
  right: Int32Array,
  rightAt: number,
  count: number,
): boolean {
  for (let word = count - 1; word >= 0; word--) {
    if (left[leftAt + word] !== right[rightAt + word]) return false
  }
  return true
}
