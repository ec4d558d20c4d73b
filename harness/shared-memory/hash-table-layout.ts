import { usageError } from '../base/errors.ts'
import { formatWhole } from '../base/text.ts'
import {
  alignedWordsFor,
  BYTES_PER_MEBIBYTE,
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
 *   word 1          words in use behind the buckets, likewise, where records are fitted
 *   words 2 … 31    padding
 *   words 32 …      first record of each bucket: its word offset, 0 for none; bucket = hash & (buckets − 1)
 *   then record 0, record 1, …, each `recordWords` words, whole cache lines; fitted ones as many as their own key and value need:
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
export const TABLE_FITTED_WORD = 1
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

/** Bytes of a record's key, of its packed sizes. */
export function keyBytesOf(sizes: number): number {
  return sizes >>> SIZE_BITS
}

/** Bytes of its value with the head. */
export function valueBytesOf(sizes: number): number {
  return sizes & SIZE_MASK
}

/** Of the processor's lines: fetching ahead goes by them. */
export const CACHE_LINE_WORDS = 16
/** Of each value, in front of its payload. */
export const VALUE_HEAD_BYTES = VALUE_HEAD_WORDS * BYTES_PER_WORD

/** What threads share of a table. */
export interface HashTableMemory {
  readonly buffer: SharedArrayBuffer
  readonly buckets: number
  readonly recordWords: number
  readonly keyWords: number
  readonly payloadWords: number
  /** Records that fit. */
  readonly capacity: number
  /** Whether each record has room for its own value only: no value grows there. */
  readonly isFitted: boolean
  /** How much of a record is fetched ahead: all of it, or as much as the mean of fitted ones has. */
  readonly fetchedWords: number
}

/** A word's offset is kept in an Int32: 8 GiB. */
export const MOST_TABLE_WORDS = 2 ** 31 - 1

/** Words in front of the first record of a table for so many. */
export function headWordsFor(capacity: number, leastBuckets: number): number {
  return TABLE_BUCKETS_WORD + bucketsFor(capacity, leastBuckets)
}

function bucketsFor(capacity: number, leastBuckets: number): number {
  return powerOfTwoAtLeast(Math.max(4 * capacity, leastBuckets, CACHE_LINE_WORDS))
}

/** Words of a record with room for so many bytes of key and of value. */
export function recordWordsFor(keyBytes: number, valueBytes: number): number {
  const payloadWords = alignedWordsFor(valueBytes - VALUE_HEAD_BYTES)
  return roundUp(RECORD_KEY + alignedWordsFor(keyBytes) + payloadWords, CACHE_LINE_WORDS)
}

/**
 * Room for `capacity` records; four buckets per record, so that about nine requests of ten find theirs first in its chain: it is the
 * one that `fetch` fetches.
 * @param keyBytes of the longest key. @param valueBytes of the longest value.
 * @param leastBuckets at least as many as the lock has stripes, so that a stripe owns whole buckets.
 * @param fitted bytes of each record's value, where none ever grows: records are only as large as that.
 * @throws CrossoverError of kind `usage` when it would be larger than offsets reach, 8 GiB, or cannot be had.
 */
export function createHashTable(
  capacity: number,
  keyBytes: number,
  valueBytes: number,
  leastBuckets = 1,
  fitted: Iterable<number> | null = null,
): HashTableMemory {
  const buckets = bucketsFor(capacity, leastBuckets)
  const keyWords = alignedWordsFor(keyBytes)
  const payloadWords = alignedWordsFor(valueBytes - VALUE_HEAD_BYTES)
  const recordWords = recordWordsFor(keyBytes, valueBytes)
  const isFitted = fitted !== null
  const allWords = isFitted ? fittedWords(keyBytes, fitted) : capacity * recordWords
  const meanWords = roundUp(Math.ceil(allWords / capacity), CACHE_LINE_WORDS)
  const fetchedWords = isFitted ? Math.max(meanWords, CACHE_LINE_WORDS) : recordWords
  // Behind small records fetching ahead must end in the buffer, too.
  const words = TABLE_BUCKETS_WORD + buckets + allWords + (isFitted ? fetchedWords : 0)
  const buffer = createTableBuffer(words, capacity)
  return { buffer, buckets, recordWords, keyWords, payloadWords, capacity, isFitted, fetchedWords }
}

function fittedWords(keyBytes: number, valueBytes: Iterable<number>): number {
  let words = 0
  for (const bytes of valueBytes) words += recordWordsFor(keyBytes, bytes)
  return words
}

function createTableBuffer(words: number, capacity: number): SharedArrayBuffer {
  const bytes = words * BYTES_PER_WORD
  let cause: unknown
  try {
    if (words <= MOST_TABLE_WORDS) return new SharedArrayBuffer(bytes)
  } catch (error) {
    cause = error
  }
  const mebibytes = formatWhole(Math.ceil(bytes / BYTES_PER_MEBIBYTE))
  throw usageError(
    'memory',
    `a table of ${formatWhole(capacity)} records would take ${mebibytes} MiB: more than can be had, and a table has at most 8,192`,
    'take fewer records or smaller values',
    cause,
  )
}
