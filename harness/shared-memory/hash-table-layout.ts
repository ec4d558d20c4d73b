import { BYTES_PER_WORD, ISOLATION_WORDS, powerOfTwoAtLeast, roundUp, wordsFor } from '../base/units.ts'

/**
 * A table of records with keys and values of bytes, chained by bucket, in one buffer:
 *
 *   word 0          records in use, changed by Atomics.add
 *   words 1 … 31    padding
 *   words 32 …      first record of each bucket: its word offset, 0 for none; bucket = hash & (buckets − 1)
 *   then record 0, record 1, …, each `recordWords` words, whole cache lines:
 *
 *     0  next         word offset of the next record of the bucket, 0 for none
 *     1  hash
 *     2  key bytes
 *     3  value bytes
 *     4  version      ─┐ head of the value
 *     5  checksum     ─┘
 *     6  key, zero-padded to `keyWords` words
 *     …  payload
 *
 * With a 16-byte key all that `find` and a version check read shares one cache line.
 */
export const TABLE_USED_WORD = 0
export const TABLE_BUCKETS_WORD = ISOLATION_WORDS

export const RECORD_NEXT = 0
export const RECORD_HASH = 1
export const RECORD_KEY_BYTES = 2
export const RECORD_VALUE_BYTES = 3
export const RECORD_VERSION = 4
export const RECORD_CHECKSUM = 5
export const RECORD_KEY = 6

const CACHE_LINE_WORDS = 16

/** What threads share of a table. */
export interface HashTableMemory {
  readonly buffer: SharedArrayBuffer
  readonly buckets: number
  readonly recordWords: number
  readonly keyWords: number
  /** Records that fit. */
  readonly capacity: number
}

/**
 * Room for `capacity` records; two buckets per record, so that chains are short.
 * @param leastBuckets at least as many as the lock has stripes, so that a stripe owns whole buckets.
 */
export function createHashTable(
  capacity: number,
  keyBytes: number,
  valueBytes: number,
  leastBuckets = 1,
): HashTableMemory {
  const buckets = powerOfTwoAtLeast(Math.max(2 * capacity, leastBuckets, CACHE_LINE_WORDS))
  const keyWords = wordsFor(keyBytes)
  const recordWords = roundUp(RECORD_VERSION + keyWords + wordsFor(valueBytes), CACHE_LINE_WORDS)
  const buffer = new SharedArrayBuffer((TABLE_BUCKETS_WORD + buckets + capacity * recordWords) * BYTES_PER_WORD)
  return { buffer, buckets, recordWords, keyWords, capacity }
}
