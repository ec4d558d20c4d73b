import { wordsFor } from './units.ts'

/** Hashes of keys and values: the same on the client's and the server's side, so that an answer can be checked. */

/** Starts a key hash; `keyBytes` is part of it, so that zero padding does not make two keys equal. */
export function startKeyHash(keyBytes: number): number {
  return keyBytes ^ 0x5bd1e995
}

/** Adds one word of the zero-padded key (the round of MurmurHash3_x86_32, Appleby 2011). */
export function mixKeyWord(hash: number, word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51)
  const state = hash ^ Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
  return (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0
}

/** Ends a key hash (MurmurHash3 finalizer): every bit depends on every key bit. */
export function finishKeyHash(hash: number): number {
  let state = hash
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return state ^ (state >>> 16)
}

/** The hash of the key of so many bytes, zero-padded to whole words, that lies at `at`. */
export function hashKeyWords(words: Int32Array, at: number, keyBytes: number): number {
  const end = at + wordsFor(keyBytes)
  let hash = startKeyHash(keyBytes)
  for (let word = at; word < end; word++) hash = mixKeyWord(hash, words[word]!)
  return finishKeyHash(hash)
}

/** The checksum of a value: ties its version to its key, so that a lost or foreign value and a torn head show. */
export function valueChecksum(keyHash: number, version: number): number {
  const state = Math.imul(keyHash ^ Math.imul(version, 0x9e3779b1), 0x85ebca6b)
  return state ^ (state >>> 15)
}

/**
 * The shard that owns a key, 0 … shardCount − 1, from the upper half of its hash: lock stripes and buckets use the
 * lower bits, which therefore stay uniform within a shard. `shardCount` ≤ 65,536.
 */
export function shardOf(keyHash: number, shardCount: number): number {
  return Math.imul(keyHash >>> 16, shardCount) >>> 16
}
