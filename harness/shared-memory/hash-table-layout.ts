import {
  alignedWordsFor,
  BYTES_PER_WORD,
  ISOLATION_WORDS,
  powerOfTwoAtLeast,
  roundUp,
} from '../base/units.ts'
import { VALUE_HEAD_WORDS } from './request-slab-layout.ts'

/**
 * A table of records with keys and values of bytes, chained by bucket, in one buffer:
 *
 *   word 0          records in use, changed by Atomics.add
 *   words 1 … 31    padding
 *   words 32 …      first record of each bucket: its word offset, 0 for none; bucket = hash & (buckets − 1)
 *   then record 0, record 1, …, each `recordWords` words, whole cache lines:
 *
 *     0  next         word offset of the next record of the bucket, 0 for none
 *     1  sizes        key bytes in the upper half, value bytes in the lower
 *     2  version      ─┐ head of the value
 *     3  checksum     ─┘
 *     4  key, zero-padded to `keyWords` words
 *     …  payload, zero-padded to an even number of words
 *
 * With a 16-byte key and a 100-byte value a record is 128 bytes, two cache lines; all that `find` and a version check
 * read is in the first. The hash is not kept: keys differ in their last words, which are compared first.
 */
export const TABLE_USED_WORD = 0
export const TABLE_BUCKETS_WORD = ISOLATION_WORDS

export const RECORD_NEXT = 0
export const RECORD_SIZES = 1
export const RECORD_VERSION = 2
export const RECORD_CHECKSUM = 3
export const RECORD_KEY = 4

const SIZE_BITS = 16
const SIZE_MASK = (1 << SIZE_BITS) - 1

/** Packs both sizes of a record; each at most 65,535 bytes. */
export function packSizes(keyBytes: number, valueBytes: number): number {
  return (keyBytes << SIZE_BITS) | valueBytes
}

export function keyBytesOf(sizes: number): number {
  return sizes >>> SIZE_BITS
}

export function valueBytesOf(sizes: number): number {
  return sizes & SIZE_MASK
}

export const CACHE_LINE_WORDS = 16
const VALUE_HEAD_BYTES = VALUE_HEAD_WORDS * BYTES_PER_WORD

/** What threads share of a table. */
export interface HashTableMemory {
  readonly buffer: SharedArrayBuffer
  readonly buckets: number
  readonly recordWords: number
  readonly keyWords: number
  readonly payloadWords: number
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
  const keyWords = alignedWordsFor(keyBytes)
  const payloadWords = alignedWordsFor(valueBytes - VALUE_HEAD_BYTES)
  const recordWords = roundUp(RECORD_KEY + keyWords + payloadWords, CACHE_LINE_WORDS)
  const buffer = new SharedArrayBuffer(
    (TABLE_BUCKETS_WORD + buckets + capacity * recordWords) * BYTES_PER_WORD,
  )
  return { buffer, buckets, recordWords, keyWords, payloadWords, capacity }
}
