import { hashKeyWords } from '../base/hash.ts'
import { alignedWordsFor, BYTES_PER_WORD, wordsFor } from '../base/units.ts'

/** Bytes of the shortest key: `user0000` and eight letters `a` … `p`, the index in base 16. Longer keys go on with `x`. */
export const KEY_BYTES = 16
export const KEY_WORDS = KEY_BYTES / BYTES_PER_WORD

/** Four letters, the first in the lowest byte: little-endian, as every machine that runs Node. */
function asciiWord(text: string): number {
  return new Int32Array(new TextEncoder().encode(text).buffer)[0]!
}

const USER = asciiWord('user')
const ZEROS = asciiWord('0000')
const FILLER = asciiWord('xxxx')
const LETTER_A = 0x61616161
/** Keeps the bytes of a last word that belong to the key, by how many they are; all of a full one. */
const BYTE_MASKS = Int32Array.of(-1, 0xff, 0xffff, 0xffffff)

/** A 16-bit value as four letters `a` … `p`, four bits each, the highest first (that is, in the lowest byte). */
export function letterWord(value: number): number {
  const nibbles =
    ((value >>> 12) & 0xf) | (value & 0xf00) | ((value & 0xf0) << 12) | ((value & 0xf) << 24)
  return nibbles + LETTER_A
}

/** The 16-bit value of four letters; of other bytes any number up to 65,535. */
function letterValue(word: number): number {
  const nibbles = word - LETTER_A
  return (
    ((nibbles & 0xf) << 12) |
    (nibbles & 0xf00) |
    ((nibbles >>> 12) & 0xf0) |
    ((nibbles >>> 24) & 0xf)
  )
}

/** Writes the key of an index as so many bytes, `KEY_BYTES` or more, and zeros up to an even number of words. About 2 ns. */
export function writeKey(
  words: Int32Array,
  at: number,
  index: number,
  keyBytes: number = KEY_BYTES,
): void {
  words[at] = USER
  words[at + 1] = ZEROS
  words[at + 2] = letterWord(index >>> 16)
  words[at + 3] = letterWord(index)
  if (keyBytes > KEY_BYTES) writeFiller(words, at, keyBytes)
}

function writeFiller(words: Int32Array, at: number, keyBytes: number): void {
  const count = wordsFor(keyBytes)
  for (let word = KEY_WORDS; word < count; word++) words[at + word] = FILLER
  words[at + count - 1] = FILLER & BYTE_MASKS[keyBytes & (BYTES_PER_WORD - 1)]!
  if (alignedWordsFor(keyBytes) > count) words[at + count] = 0
}

/** Whether the words at `at` are the key of an index, of so many bytes. */
export function isKey(
  words: Int32Array,
  at: number,
  index: number,
  keyBytes: number = KEY_BYTES,
): boolean {
  return (
    words[at] === USER &&
    words[at + 1] === ZEROS &&
    words[at + 2] === letterWord(index >>> 16) &&
    words[at + 3] === letterWord(index) &&
    (keyBytes === KEY_BYTES || isFiller(words, at, keyBytes))
  )
}

function isFiller(words: Int32Array, at: number, keyBytes: number): boolean {
  const last = wordsFor(keyBytes) - 1
  for (let word = KEY_WORDS; word < last; word++) if (words[at + word] !== FILLER) return false
  return words[at + last] === (FILLER & BYTE_MASKS[keyBytes & (BYTES_PER_WORD - 1)]!)
}

/** The index of the key that lies at `at`; of other bytes any number. */
export function keyIndexOf(words: Int32Array, at: number): number {
  return (letterValue(words[at + 2]!) << 16) | letterValue(words[at + 3]!)
}

/** How long keys and values are where they differ: by key index, in shared memory. */
export interface SizeTables {
  /** Empty where every key has `KEY_BYTES`; 16 … 128. */
  readonly keyBytes: Uint8Array<SharedArrayBuffer>
  /** Of each value behind its head; empty where every value is as long as the workload says. */
  readonly payloadBytes: Uint16Array<SharedArrayBuffer>
}

/** All keys of a workload, encoded once: word `keyWords × index` begins the key of that index. */
export interface KeySpace extends SizeTables {
  /** Keys, those that are only inserted included. */
  readonly count: number
  /** The keys below have a record from the start. */
  readonly recordCount: number
  /** Room for the longest key, in words. */
  readonly keyWords: number
  readonly words: Int32Array
  /** In shared memory: clients check replies with them. */
  readonly hashes: Int32Array<SharedArrayBuffer>
}

/** Tables that say nothing: all keys and values are alike. */
export const SAME_SIZES: SizeTables = {
  keyBytes: new Uint8Array(new SharedArrayBuffer(0)),
  payloadBytes: new Uint16Array(new SharedArrayBuffer(0)),
}

/** Bytes of the key of an index. */
export function keyBytesAt(sizes: Pick<SizeTables, 'keyBytes'>, index: number): number {
  return sizes.keyBytes.length === 0 ? KEY_BYTES : sizes.keyBytes[index]!
}

/**
 * Encodes and hashes the keys 0 … count − 1; about 50 ns each.
 * @param recordCount those that have a record from the start.
 */
export function createKeySpace(
  count: number,
  recordCount: number = count,
  sizes: SizeTables = SAME_SIZES,
): KeySpace {
  const keyWords = alignedWordsFor(sizes.keyBytes.reduce((a, b) => Math.max(a, b), KEY_BYTES))
  const words = new Int32Array(count * keyWords)
  const hashes = new Int32Array(new SharedArrayBuffer(count * BYTES_PER_WORD))
  for (let index = 0; index < count; index++) {
    const keyBytes = keyBytesAt(sizes, index)
    writeKey(words, index * keyWords, index, keyBytes)
    hashes[index] = hashKeyWords(words, index * keyWords, keyBytes)
  }
  return { ...sizes, count, recordCount, keyWords, words, hashes }
}
