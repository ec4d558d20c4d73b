import fc from 'fast-check'
import { expect, test } from 'vitest'
import { finishKeyHash, mixKeyWord, startKeyHash } from '../../harness/base/hash.ts'
import { alignedWordsFor } from '../../harness/base/units.ts'
import {
  createRequestSlab,
  SLOT_CHECKSUM,
  SLOT_HASH,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_OPERATION,
  SLOT_PORT,
  SLOT_REPLY_BYTES,
  SLOT_STATUS,
  SLOT_VERSION,
} from '../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../harness/shared-memory/request-view.ts'

const KEY_BYTES = 16

test('a view reads and writes the slot that it points at and no other', () => {
  const writes = fc.array(
    fc.tuple(fc.nat(7), fc.constantFrom(SLOT_PORT, SLOT_OPERATION, SLOT_HASH), fc.integer()),
  )
  fc.assert(
    fc.property(writes, (entries) => {
      const view = new RequestView(createRequestSlab(8, KEY_BYTES, 100))
      const model = new Map<string, number>()
      for (const [slot, field, value] of entries) {
        view.at(slot)
        view.set(field, value)
        model.set(`${slot} ${field}`, value)
      }
      for (let slot = 0; slot < 8; slot++) {
        view.at(slot)
        expect(view.get(SLOT_PORT)).toBe(model.get(`${slot} ${SLOT_PORT}`) ?? 0)
        expect(view.operation).toBe(model.get(`${slot} ${SLOT_OPERATION}`) ?? 0)
        expect(view.hash).toBe(model.get(`${slot} ${SLOT_HASH}`) ?? 0)
      }
      expect(view.words.filter((word) => word !== 0).length).toBe(
        [...model.values()].filter((value) => value !== 0).length,
      )
    }),
    { numRuns: 50 },
  )
})

test('the hash of a key covers all its words and its length', () => {
  const keys = fc.array(fc.integer(), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(keys, fc.nat(3), (words, missing) => {
      const view = new RequestView(createRequestSlab(2, KEY_BYTES, 100))
      view.at(1)
      const keyBytes = words.length * 4 - missing
      view.set(SLOT_KEY_BYTES, keyBytes)
      words.forEach((word, index) => view.set(SLOT_KEY + index, word))
      view.hashKey()
      expect(view.hash).toBe(finishKeyHash(words.reduce(mixKeyWord, startKeyHash(keyBytes))))
    }),
  )
})

test('a reply fills its three fields', () => {
  const view = new RequestView(createRequestSlab(2, KEY_BYTES, 100))
  view.at(1)
  view.reply(1, -2, 3)
  const fields = [SLOT_STATUS, SLOT_VERSION, SLOT_CHECKSUM]
  expect(fields.map((field) => view.get(field))).toEqual([1, -2, 3])
  expect(view.words.filter((word) => word !== 0).length).toBe(fields.length)
})

const VALUE_BYTES = 100
const WIRE_BYTES = 30
const FILLED = 0xee
const ROOM_BYTES = 104

test('a text is the reply’s value, zero-padded; what has no room is cut, and nothing else changes', () => {
  const asciiTexts = fc.string({
    unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
    maxLength: 200,
  })
  const keySizes = fc.integer({ min: 0, max: KEY_BYTES })
  fc.assert(
    fc.property(asciiTexts, keySizes, (text, keyBytes) => {
      const slab = createRequestSlab(3, KEY_BYTES, VALUE_BYTES, WIRE_BYTES)
      const view = new RequestView(slab)
      view.at(1)
      view.bytes.fill(FILLED)
      view.set(SLOT_KEY_BYTES, keyBytes)
      const expected = view.bytes.slice()
      const keyRoom = alignedWordsFor(keyBytes) * 4
      const written = text.slice(0, ROOM_BYTES + KEY_BYTES - keyRoom)
      const at = (slab.slotWords + SLOT_KEY) * 4 + keyRoom
      expected.fill(0, at, at + Math.ceil(written.length / 8) * 8)
      expected.set(new TextEncoder().encode(written), at)
      new Int32Array(expected.buffer)[slab.slotWords + SLOT_REPLY_BYTES] = written.length

      view.replyText(text)

      expect(Buffer.compare(view.bytes, expected)).toBe(0)
    }),
  )
})

test('the wire area of the current slot begins where its value’s room ends', () => {
  const slab = createRequestSlab(2, KEY_BYTES, VALUE_BYTES, WIRE_BYTES)
  const view = new RequestView(slab)
  expect(view.wireByte()).toBe(SLOT_KEY * 4 + KEY_BYTES + ROOM_BYTES)
  view.at(1)
  expect(view.wireByte()).toBe((slab.slotWords + SLOT_KEY) * 4 + KEY_BYTES + ROOM_BYTES)
})

test('words, longs and bytes are the same memory', () => {
  const view = new RequestView(createRequestSlab(1, KEY_BYTES, 100))
  view.set(SLOT_KEY, -1)
  view.set(SLOT_KEY + 1, 1)
  expect(view.longs[SLOT_KEY / 2]).toBe(0x1_ffff_ffffn)
  expect([...view.bytes.subarray(4 * SLOT_KEY, 4 * SLOT_KEY + 5)]).toEqual([255, 255, 255, 255, 1])
})
