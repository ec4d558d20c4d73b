import fc from 'fast-check'
import { expect, test } from 'vitest'
import { finishKeyHash, mixKeyWord, startKeyHash } from '../../harness/base/hash.ts'
import {
  createRequestSlab,
  SLOT_CHECKSUM,
  SLOT_HASH,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_OPERATION,
  SLOT_PORT,
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

test('words and longs are the same memory', () => {
  const view = new RequestView(createRequestSlab(1, KEY_BYTES, 100))
  view.set(SLOT_KEY, -1)
  view.set(SLOT_KEY + 1, 1)
  expect(view.longs[SLOT_KEY / 2]).toBe(0x1_ffff_ffffn)
})
