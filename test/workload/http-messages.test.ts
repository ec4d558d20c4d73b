import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isPayload,
  keyText,
  parseEntityTag,
  PAYLOAD_OFFSETS,
  payloadText,
} from '../../harness/workload/http-messages.ts'
import { entityTag } from '../load/entity-tag.ts'
import { KEY_BYTES, KEY_WORDS, writeKey } from '../../harness/workload/keys.ts'

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const payloadBytes = fc.integer({ min: 1, max: 254 }).map((words) => 4 * words)

test('an entity tag carries any version and checksum there and back', () => {
  fc.assert(
    fc.property(int32, int32, (version, checksum) => {
      const tag = entityTag(version, checksum)
      expect(parseEntityTag(tag)).toEqual({ version, checksum })
    }),
  )
  for (const tag of ['', '"1-2"', 'W/"00000000-00000000"', '"0000000g-00000000"'])
    expect(parseEntityTag(tag)).toBeUndefined()
})

test('a key in a target is the key in a frame', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 29 - 1 }), (index) => {
      const words = new Int32Array(KEY_WORDS)
      writeKey(words, 0, index)
      expect(new TextDecoder().decode(words)).toBe(keyText(index))
      expect(keyText(index)).toHaveLength(KEY_BYTES)
    }),
  )
})

test('a payload is recognised whole, and not when it is cut, torn, or of another size', () => {
  fc.assert(
    fc.property(fc.nat(10_000), payloadBytes, fc.nat(), (offset, bytes, at) => {
      const text = payloadText(offset, bytes)
      expect(text).toHaveLength(bytes)
      expect(isPayload(text, bytes, 1)).toBe(true)
      expect(isPayload(text.slice(4), bytes, 1)).toBe(false)
      const place = at % bytes
      const torn = `${text.slice(0, place)}!${text.slice(place + 1)}`
      expect(isPayload(torn, bytes, 1)).toBe(false)
      const other = payloadText(offset + 1, bytes)
      // Of four letters a mixture is one of the two.
      expect(isPayload(text.slice(0, 4) + other.slice(4), bytes, 1)).toBe(bytes === 4)
    }),
  )
  expect(payloadText(PAYLOAD_OFFSETS, 8)).toBe(payloadText(0, 8))
})

test('a value that was never updated is zeros', () => {
  expect(isPayload('\0\0\0\0', 4, 0)).toBe(true)
  expect(isPayload(payloadText(0, 4), 4, 0)).toBe(false)
  expect(isPayload('\0\0\0\0', 4, 1)).toBe(false)
  expect(isPayload('', 0, 3)).toBe(true)
})
