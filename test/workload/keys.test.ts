import fc from 'fast-check'
import { expect, test } from 'vitest'
import { finishKeyHash, hashKeyWords, mixKeyWord, startKeyHash } from '../../harness/base/hash.ts'
import {
  createKeySpace,
  letterWord,
  isKey,
  KEY_BYTES,
  keyBytesAt,
  keyIndexOf,
  KEY_WORDS,
  writeKey,
} from '../../harness/workload/keys.ts'

const indexes = fc.nat(2 ** 31 - 1)

/** The key's bytes as text. */
function textOf(words: Int32Array, at: number): string {
  const copy = words.slice(at, at + KEY_WORDS)
  return new TextDecoder().decode(copy)
}

/** The lowest digits of a value in base 16, with the letters `a` … `p` for the digits 0 … 15. */
function letters(value: number, digits: number): string {
  const hexadecimal = value.toString(16).padStart(digits, '0')
  return hexadecimal.replaceAll(/./g, (digit) => 'abcdefghijklmnop'[Number(`0x${digit}`)] ?? '')
}

test('four letters fit one word', () => {
  fc.assert(
    fc.property(fc.nat(0xffff), (value) => {
      expect(new TextDecoder().decode(Int32Array.of(letterWord(value)))).toBe(letters(value, 4))
    }),
    { numRuns: 500 },
  )
})

test('a key is `user0000` and its index in eight letters, wherever it is written', () => {
  fc.assert(
    fc.property(indexes, fc.nat(5), (index, at) => {
      const words = new Int32Array(at + KEY_WORDS + 1)
      writeKey(words, at, index)
      expect(textOf(words, at)).toBe(`user0000${letters(index, 8)}`)
      expect(words[at + KEY_WORDS]).toBe(0)
    }),
  )
})

test('a key is recognised, and no other key or changed word is taken for it', () => {
  fc.assert(
    fc.property(indexes, indexes, fc.nat(KEY_WORDS - 1), (index, other, word) => {
      const words = new Int32Array(KEY_WORDS)
      writeKey(words, 0, index)
      expect(isKey(words, 0, index)).toBe(true)
      expect(isKey(words, 0, other)).toBe(index === other)
      words[word]! ^= 1
      expect(isKey(words, 0, index)).toBe(false)
    }),
  )
})

const lengths = fc.integer({ min: KEY_BYTES, max: 128 })

test('a longer key goes on with filler and ends with zeros up to an even number of words', () => {
  fc.assert(
    fc.property(indexes, lengths, fc.nat(2), (index, keyBytes, pairs) => {
      const words = new Int32Array(2 * pairs + 40).fill(-1)
      const at = 2 * pairs
      writeKey(words, at, index, keyBytes)
      const bytes = new Uint8Array(words.buffer, 4 * at)
      const text = new TextDecoder().decode(bytes.slice(0, keyBytes))
      expect(text).toBe(`user0000${letters(index, 8)}`.padEnd(keyBytes, 'x'))
      const end = 8 * Math.ceil(keyBytes / 8)
      expect(bytes.slice(keyBytes, end).every((byte) => byte === 0)).toBe(true)
      expect(bytes.slice(end).every((byte) => byte === 0xff)).toBe(true)
      expect(isKey(words, at, index, keyBytes)).toBe(true)
    }),
  )
})

test('a longer key is recognised by every word, and only at its length', () => {
  fc.assert(
    fc.property(indexes, lengths, lengths, fc.nat(), (index, keyBytes, other, any) => {
      const words = new Int32Array(40)
      writeKey(words, 0, index, keyBytes)
      // Shorter ones are its beginning: whoever checks a key knows its length from elsewhere, too.
      fc.pre(Math.ceil(other / 4) >= Math.ceil(keyBytes / 4))
      expect(isKey(words, 0, index, other)).toBe(other === keyBytes)
      words[any % Math.ceil(keyBytes / 4)]! ^= 1
      expect(isKey(words, 0, index, keyBytes)).toBe(false)
    }),
  )
})

test('a key tells its index', () => {
  fc.assert(
    fc.property(indexes, fc.nat(5), lengths, (index, at, keyBytes) => {
      const words = new Int32Array(50)
      writeKey(words, at, index, keyBytes)
      expect(keyIndexOf(words, at)).toBe(index)
    }),
  )
})

test('a key space of keys of many lengths holds each with its own hash', () => {
  const keyBytes = new Uint8Array(new SharedArrayBuffer(200))
  for (const key of keyBytes.keys()) keyBytes[key] = 16 + (key % 100)
  const payloadBytes = new Uint16Array(new SharedArrayBuffer(0))
  const keySpace = createKeySpace(200, 150, { keyBytes, payloadBytes })
  expect([keySpace.count, keySpace.recordCount, keySpace.keyWords]).toEqual([200, 150, 30])
  for (let index = 0; index < keySpace.count; index++) {
    const at = index * keySpace.keyWords
    const bytes = keyBytesAt(keySpace, index)
    expect(bytes).toBe(16 + (index % 100))
    expect(isKey(keySpace.words, at, index, bytes)).toBe(true)
    const words = keySpace.words.subarray(at, at + Math.ceil(bytes / 4))
    expect(keySpace.hashes[index]).toBe(
      finishKeyHash(words.reduce(mixKeyWord, startKeyHash(bytes))),
    )
  }
})

test('a key space holds every key with the hash that the server computes for it', () => {
  const keySpace = createKeySpace(1_000)
  expect(keySpace.count).toBe(1_000)
  const texts = new Set<string>()
  for (let index = 0; index < keySpace.count; index++) {
    const at = index * KEY_WORDS
    expect(isKey(keySpace.words, at, index)).toBe(true)
    texts.add(textOf(keySpace.words, at))
    const words = keySpace.words.subarray(at, at + KEY_WORDS)
    const hash = finishKeyHash(words.reduce(mixKeyWord, startKeyHash(KEY_BYTES)))
    expect(keySpace.hashes[index]).toBe(hash)
    expect(hashKeyWords(keySpace.words, at, KEY_BYTES)).toBe(hash)
  }
  expect(texts.size).toBe(keySpace.count)
})
