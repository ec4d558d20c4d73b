import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alignedWordsFor, ISOLATION_BYTES } from '../../harness/base/units.ts'
import {
  createRequestSlab,
  FRAME_HEAD_WORDS,
  legSlot,
  requestOfLeg,
  SLOT_CHECKSUM,
  SLOT_FRAME,
  SLOT_HASH,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_NEXT_STAGE,
  SLOT_OPERATION,
  SLOT_PORT,
  SLOT_REPLY_BYTES,
  SLOT_STATUS,
  SLOT_VALUE_BYTES,
  SLOT_VERSION,
} from '../../harness/shared-memory/request-slab-layout.ts'

test('slots hold their frame and lie at least 128 bytes apart', () => {
  const counts = fc.integer({ min: 1, max: 64 })
  const keyBytes = fc.integer({ min: 1, max: 64 })
  const valueBytes = fc.integer({ min: 8, max: 1_024 })
  fc.assert(
    fc.property(counts, keyBytes, valueBytes, (slotCount, longestKey, longestValue) => {
      const slab = createRequestSlab(slotCount, longestKey, longestValue)
      const slotBytes = slab.slotWords * 4
      expect(slotBytes).toBeGreaterThanOrEqual(ISOLATION_BYTES)
      expect(slotBytes % ISOLATION_BYTES).toBe(0)
      expect(slab.buffer.byteLength).toBe(slotCount * slotBytes)
      const contentWords = SLOT_KEY + alignedWordsFor(longestKey) + alignedWordsFor(longestValue)
      expect(slab.slotWords).toBeGreaterThanOrEqual(contentWords)
    }),
  )
})

test('the wire area begins behind key and value, on 8 bytes, and ends within its slot', () => {
  const keyBytes = fc.integer({ min: 1, max: 64 })
  const valueBytes = fc.integer({ min: 8, max: 1_024 })
  const wireBytes = fc.integer({ min: 0, max: 4_096 })
  fc.assert(
    fc.property(keyBytes, valueBytes, wireBytes, (longestKey, longestValue, longestWire) => {
      const slab = createRequestSlab(3, longestKey, longestValue, longestWire)
      expect(slab.wireWord).toBe(
        SLOT_KEY + alignedWordsFor(longestKey) + alignedWordsFor(longestValue),
      )
      expect(slab.wireWord % 2).toBe(0)
      expect(slab.wireWord * 4 + longestWire).toBeLessThanOrEqual(slab.slotWords * 4)
      expect((slab.slotWords * 4) % ISOLATION_BYTES).toBe(0)
    }),
  )
})

test('without real sockets there is no wire area', () => {
  expect(createRequestSlab(1, 16, 100)).toMatchObject({ slotWords: 64 })
})

test('every field of the head has a word of its own, in front of the frame', () => {
  const fields = [
    SLOT_PORT,
    SLOT_NEXT_STAGE,
    SLOT_OPERATION,
    SLOT_KEY_BYTES,
    SLOT_VALUE_BYTES,
    SLOT_HASH,
    SLOT_STATUS,
    SLOT_VERSION,
    SLOT_CHECKSUM,
    SLOT_REPLY_BYTES,
  ]
  expect(new Set(fields).size).toBe(fields.length)
  expect(Math.max(...fields)).toBeLessThan(SLOT_FRAME)
  expect(SLOT_KEY).toBe(SLOT_FRAME + FRAME_HEAD_WORDS)
  // Values are copied 8 bytes at a time.
  expect(SLOT_KEY % 2).toBe(0)
})

test('each leg of each slot has a slot of its own behind those of requests, and knows its request', () => {
  const [slots, legs] = [5, 7]
  const slab = createRequestSlab(slots, 16, 16, 0, legs)
  const all = Array.from({ length: slots * legs }, (_, i) => {
    const [slot, leg] = [Math.floor(i / legs), i % legs]
    expect(requestOfLeg(slab, legSlot(slab, slot, leg))).toBe(slot)
    return legSlot(slab, slot, leg)
  })
  expect(new Set(all).size).toBe(slots * legs)
  expect(Math.min(...all)).toBe(slots)
  expect((Math.max(...all) + 1) * slab.slotWords * 4).toBe(slab.buffer.byteLength)
})
