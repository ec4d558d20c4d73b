import fc from 'fast-check'
import { expect, test } from 'vitest'
import { finishKeyHash, mixKeyWord, startKeyHash } from '../../harness/base/hash.ts'
import {
  createKeySpace,
  hashKeyWords,
  letterWord,
  isKey,
  KEY_BYTES,
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
    expect(hashKeyWords(keySpace.words, at)).toBe(hash)
  }
  expect(texts.size).toBe(keySpace.count)
})
