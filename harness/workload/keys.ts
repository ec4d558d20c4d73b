import { finishKeyHash, mixKeyWord, startKeyHash } from '../base/hash.ts'
import { BYTES_PER_WORD } from '../base/units.ts'

/** Bytes of every key: `user0000` and eight letters `a` … `p`, the index in base 16. */
export const KEY_BYTES = 16
export const KEY_WORDS = KEY_BYTES / BYTES_PER_WORD

/** Four letters, the first in the lowest byte: little-endian, as every machine that runs Node. */
function asciiWord(text: string): number {
  return new Int32Array(new TextEncoder().encode(text).buffer)[0]!
}

const USER = asciiWord('user')
const ZEROS = asciiWord('0000')
const LETTER_A = 0x61616161

/** A 16-bit value as four letters `a` … `p`, four bits each, the highest first (that is, in the lowest byte). */
export function letterWord(value: number): number {
  const nibbles =
    ((value >>> 12) & 0xf) | (value & 0xf00) | ((value & 0xf0) << 12) | ((value & 0xf) << 24)
  return nibbles + LETTER_A
}

/** Writes the key of an index as `KEY_WORDS` words. About 2 ns. */
export function writeKey(words: Int32Array, at: number, index: number): void {
  words[at] = USER
  words[at + 1] = ZEROS
  words[at + 2] = letterWord(index >>> 16)
  words[at + 3] = letterWord(index)
}

/** Whether the words at `at` are the key of an index. */
export function isKey(words: Int32Array, at: number, index: number): boolean {
  return (
    words[at] === USER &&
    words[at + 1] === ZEROS &&
    words[at + 2] === letterWord(index >>> 16) &&
    words[at + 3] === letterWord(index)
  )
}

/** The hash of the key that lies at `at`. */
export function hashKeyWords(words: Int32Array, at: number): number {
  let hash = startKeyHash(KEY_BYTES)
  for (let word = 0; word < KEY_WORDS; word++) hash = mixKeyWord(hash, words[at + word]!)
  return finishKeyHash(hash)
}

/** All keys of a workload, encoded once: word `KEY_WORDS × index` begins the key of that index. */
export interface KeySpace {
  readonly count: number
  readonly words: Int32Array
  readonly hashes: Int32Array
}

/** Encodes and hashes the keys 0 … count − 1. */
export function createKeySpace(count: number): KeySpace {
  const words = new Int32Array(count * KEY_WORDS)
  const hashes = new Int32Array(count)
  for (let index = 0; index < count; index++) {
    writeKey(words, index * KEY_WORDS, index)
    hashes[index] = hashKeyWords(words, index * KEY_WORDS)
  }
  return { count, words, hashes }
}
