import { finishKeyHash, mixKeyWord, startKeyHash } from '../base/hash.ts'
import { BYTES_PER_WORD } from '../base/units.ts'

/** Bytes of every key: `user` and twelve decimal digits. */
export const KEY_BYTES = 16
export const KEY_WORDS = KEY_BYTES / BYTES_PER_WORD

const PREFIX = 'user'
const DIGITS = KEY_BYTES - PREFIX.length
const ZERO = 48

/** All keys of a workload, encoded once: word `KEY_WORDS × index` begins the key of that index. */
export interface KeySpace {
  readonly count: number
  readonly words: Int32Array
  readonly hashes: Int32Array
}

/** Encodes and hashes the keys 0 … count − 1. About 60 ns each. */
export function createKeySpace(count: number): KeySpace {
  const words = new Int32Array(count * KEY_WORDS)
  const bytes = new Uint8Array(words.buffer)
  const hashes = new Int32Array(count)
  for (let index = 0; index < count; index++) {
    const at = index * KEY_BYTES
    for (let letter = 0; letter < PREFIX.length; letter++) bytes[at + letter] = PREFIX.charCodeAt(letter)
    let rest = index
    for (let digit = DIGITS - 1; digit >= 0; digit--) {
      bytes[at + PREFIX.length + digit] = ZERO + (rest % 10)
      rest = Math.floor(rest / 10)
    }
    let hash = startKeyHash(KEY_BYTES)
    for (let word = 0; word < KEY_WORDS; word++) hash = mixKeyWord(hash, words[index * KEY_WORDS + word]!)
    hashes[index] = finishKeyHash(hash)
  }
  return { count, words, hashes }
}
