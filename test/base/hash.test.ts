import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  finishKeyHash,
  mixKeyWord,
  shardOf,
  startKeyHash,
  valueChecksum,
} from '../../harness/base/hash.ts'
import { seededRandom } from '../../harness/base/random.ts'

const KEYS = 65_536

/** The hash of a key of whole words. */
function hashOf(words: readonly number[], keyBytes = words.length * 4): number {
  return finishKeyHash(words.reduce(mixKeyWord, startKeyHash(keyBytes)))
}

const unsigned = (value: bigint) => BigInt.asUintN(32, value)
const rotateLeft = (value: bigint, bits: bigint) =>
  unsigned(value << bits) | (value >> (32n - bits))

/** MurmurHash3_x86_32 of whole words as Appleby wrote it, in integers of any size; `length` is mixed in at the end. */
function referenceMurmur3(words: readonly number[], seed: number, length: bigint): number {
  let hash = unsigned(BigInt(seed))
  for (const word of words) {
    let mixed = unsigned(unsigned(BigInt(word)) * 0xcc9e2d51n)
    mixed = unsigned(rotateLeft(mixed, 15n) * 0x1b873593n)
    hash = unsigned(rotateLeft(hash ^ mixed, 13n) * 5n + 0xe6546b64n)
  }
  hash ^= length
  hash = unsigned((hash ^ (hash >> 16n)) * 0x85ebca6bn)
  hash = unsigned((hash ^ (hash >> 13n)) * 0xc2b2ae35n)
  return Number(BigInt.asIntN(32, hash ^ (hash >> 16n)))
}

test('rounds and end of the key hash are those of MurmurHash3', () => {
  const keys = fc.array(fc.integer(), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(keys, (words) => {
      expect(hashOf(words)).toBe(referenceMurmur3(words, startKeyHash(words.length * 4), 0n))
    }),
  )
})

test('the reference is right: a published vector of MurmurHash3', () => {
  // Four zero bytes with seed 0: SMHasher and its many ports give 0x2362f9de.
  expect(referenceMurmur3([0], 0, 4n) >>> 0).toBe(0x2362f9de)
})

test('keys that differ only in their zero padding have different hashes', () => {
  fc.assert(
    fc.property(fc.integer(), (word) => {
      const hashes = [1, 2, 3, 4].map((keyBytes) => hashOf([word], keyBytes))
      expect(new Set(hashes).size).toBe(4)
    }),
  )
})

test('every bit of a key changes about half of the bits of its hash', () => {
  const random = seededRandom(1)
  const rounds = 2_000
  for (let bit = 0; bit < 32; bit++) {
    let changed = 0
    for (let round = 0; round < rounds; round++) {
      const word = random.int32()
      const difference = hashOf([word]) ^ hashOf([word ^ (1 << bit)])
      for (let rest = difference; rest !== 0; rest &= rest - 1) changed++
    }
    expect(Math.abs(changed / rounds - 16)).toBeLessThan(0.5)
  }
})

test('versions of a value have different checksums, and so have keys', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.integer(), (hash, version, other) => {
      fc.pre(version !== other)
      expect(valueChecksum(hash, version)).not.toBe(valueChecksum(hash, other))
      expect(valueChecksum(version, hash)).not.toBe(valueChecksum(other, hash))
    }),
  )
})

test('the shard is the upper half of the hash, scaled to the number of shards', () => {
  const shardCounts = fc.integer({ min: 1, max: 65_536 })
  fc.assert(
    fc.property(fc.integer(), shardCounts, (hash, shardCount) => {
      const upper = Math.floor((hash >>> 0) / 65_536)
      expect(shardOf(hash, shardCount)).toBe(Math.floor((upper * shardCount) / 65_536))
    }),
  )
  expect([shardOf(-1, 65_536), shardOf(-1, 3), shardOf(0, 3)]).toEqual([65_535, 2, 0])
})

test.each([2, 3, 7, 16])('keys spread evenly over %i shards, and over stripes within', (count) => {
  const perShard = new Float64Array(count)
  const stripes = 8
  const perStripe = new Float64Array(stripes)
  for (let key = 0; key < KEYS; key++) {
    const hash = hashOf([key, 0, 0, 0])
    const shard = shardOf(hash, count)
    perShard[shard]!++
    if (shard === 0) perStripe[hash & (stripes - 1)]!++
  }
  expect(unevenness(perShard)).toBeLessThan(5)
  expect(unevenness(perStripe)).toBeLessThan(5)
})

/** The largest distance of a count from the mean, in standard deviations of a count. */
function unevenness(counts: Float64Array): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return Math.max(...counts.map((count) => Math.abs(count - mean))) / Math.sqrt(mean)
}
