import { BYTES_PER_WORD, wordsFor } from '../base/units.ts'
import { NO_RECORD, type RecordHandle, type Records } from '../contract/scenario.ts'
import {
  type HashTableMemory,
  RECORD_CHECKSUM,
  RECORD_HASH,
  RECORD_KEY,
  RECORD_KEY_BYTES,
  RECORD_NEXT,
  RECORD_VALUE_BYTES,
  RECORD_VERSION,
  TABLE_BUCKETS_WORD,
  TABLE_USED_WORD,
} from './hash-table-layout.ts'
import {
  SLOT_HASH,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_REPLY_BYTES,
  SLOT_VALUE_BYTES,
  VALUE_HEAD_WORDS,
} from './request-slab-layout.ts'
import type { RequestView } from './request-view.ts'

/*
 * Protocol. The table has no synchronisation of its own: it is used by its owner alone (sharded), or under a lock that
 * covers the record's bucket (staged: stripes are a power of two, not more than buckets, and both take the hash's lower
 * bits, so a stripe covers whole buckets). Reading a chain, changing a record and linking a new one touch one bucket
 * only; a new record's place comes from one counter by atomic addition, so inserting threads never get the same one.
 */

/** One thread's view of a table. */
export class HashTable implements Records {
  readonly #words: Int32Array
  readonly #bucketMask: number
  readonly #memory: HashTableMemory

  constructor(memory: HashTableMemory) {
    this.#words = new Int32Array(memory.buffer)
    this.#bucketMask = memory.buckets - 1
    this.#memory = memory
  }

  find(request: RequestView): RecordHandle {
    const slab = request.words
    const slot = request.base
    return this.findKey(slab[slot + SLOT_HASH]!, slab, slot + SLOT_KEY, slab[slot + SLOT_KEY_BYTES]!)
  }

  /** The record of the key that lies zero-padded at `keys[keyAt]`, or `NO_RECORD`. */
  findKey(hash: number, keys: Int32Array, keyAt: number, keyBytes: number): RecordHandle {
    const words = this.#words
    let record = words[TABLE_BUCKETS_WORD + (hash & this.#bucketMask)]!
    while (record !== 0) {
      if (
        words[record + RECORD_HASH] === hash &&
        words[record + RECORD_KEY_BYTES] === keyBytes &&
        sameWords(words, record + RECORD_KEY, keys, keyAt, wordsFor(keyBytes))
      ) {
        return record
      }
      record = words[record + RECORD_NEXT]!
    }
    return NO_RECORD
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
    const words = this.#words
    const slab = request.words
    const slot = request.base
    const payloadBytes = words[record + RECORD_VALUE_BYTES]! - VALUE_HEAD_WORDS * BYTES_PER_WORD
    const from = record + RECORD_KEY + this.#memory.keyWords
    const to = slot + SLOT_KEY + wordsFor(slab[slot + SLOT_KEY_BYTES]!)
    const count = wordsFor(payloadBytes)
    for (let word = 0; word < count; word++) slab[to + word] = words[from + word]!
    slab[slot + SLOT_REPLY_BYTES] = payloadBytes
  }

  replaceValue(record: RecordHandle, request: RequestView): void {
    const words = this.#words
    const slab = request.words
    const slot = request.base
    const payloadBytes = slab[slot + SLOT_VALUE_BYTES]!
    const from = slot + SLOT_KEY + wordsFor(slab[slot + SLOT_KEY_BYTES]!)
    const to = record + RECORD_KEY + this.#memory.keyWords
    // A payload longer than the record has room for is cut, never written into the neighbour.
    const room = this.#memory.recordWords - RECORD_KEY - this.#memory.keyWords
    const count = Math.min(wordsFor(payloadBytes), room)
    for (let word = 0; word < count; word++) words[to + word] = slab[from + word]!
    words[record + RECORD_VALUE_BYTES] = Math.min(payloadBytes, room * BYTES_PER_WORD) + VALUE_HEAD_WORDS * BYTES_PER_WORD
  }

  /**
   * Links a new record with a payload of zeros; the key, which lies zero-padded at `keys[keyAt]`, must not be there yet.
   * Answers its handle, or `NO_RECORD` when the table is full.
   */
  insert(hash: number, keys: Int32Array, keyAt: number, keyBytes: number, valueBytes: number): RecordHandle {
    const words = this.#words
    const memory = this.#memory
    if (keyBytes > memory.keyWords * BYTES_PER_WORD) return NO_RECORD
    const index = Atomics.add(words, TABLE_USED_WORD, 1)
    if (index >= memory.capacity) {
      Atomics.sub(words, TABLE_USED_WORD, 1)
      return NO_RECORD
    }
    const record = TABLE_BUCKETS_WORD + memory.buckets + index * memory.recordWords
    const bucket = TABLE_BUCKETS_WORD + (hash & this.#bucketMask)
    words[record + RECORD_NEXT] = words[bucket]!
    words[record + RECORD_HASH] = hash
    words[record + RECORD_KEY_BYTES] = keyBytes
    words[record + RECORD_VALUE_BYTES] = valueBytes
    const count = wordsFor(keyBytes)
    for (let word = 0; word < count; word++) words[record + RECORD_KEY + word] = keys[keyAt + word]!
    words[bucket] = record
    return record
  }
}

function sameWords(left: Int32Array, leftAt: number, right: Int32Array, rightAt: number, count: number): boolean {
  for (let word = 0; word < count; word++) {
    if (left[leftAt + word] !== right[rightAt + word]) return false
  }
  return true
}
