import fc from 'fast-check'
import { expect, test } from 'vitest'
import { READ_OPERATION, STATUS_BAD_REQUEST, STATUS_OK } from '../../../harness/contract/request.ts'
import {
  decodeFrame,
  encodeFrame,
  FRAME_CHECKSUM,
  FRAME_ID,
  FRAME_KEYS,
  FRAME_LENGTH,
  FRAME_OPERATION,
  FRAME_SERVICE,
  FRAME_SIZES,
  FRAME_STATUS,
  FRAME_VERSION,
  keyCountOf,
  packFrameSizes,
  serviceOf,
} from '../../../harness/ports/replay/frame-codec.ts'
import {
  createRequestSlab,
  SLOT_KEY_BYTES,
  SLOT_REPLY_BYTES,
  SLOT_STATUS,
  SLOT_VALUE_BYTES,
} from '../../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../../harness/shared-memory/request-view.ts'

const LIMITS = { keyBytes: 16, payloadBytes: 92, keys: 5 }
const HEAD_BYTES = 24

interface Frame {
  readonly operation: number
  readonly keyBytes: number
  readonly payloadBytes: number
  readonly lengthError: number
  readonly keys: number
}

function viewOf({ operation, keyBytes, payloadBytes, lengthError, keys }: Frame): RequestView {
  const view = new RequestView(createRequestSlab(2, LIMITS.keyBytes, 100))
  view.at(1)
  view.set(FRAME_LENGTH, HEAD_BYTES + keyBytes + payloadBytes + lengthError)
  view.set(FRAME_ID, 77)
  view.set(FRAME_OPERATION, operation)
  view.set(FRAME_SIZES, packFrameSizes(keyBytes, payloadBytes))
  view.set(FRAME_KEYS, keys)
  return view
}

const READ: Frame = {
  operation: READ_OPERATION,
  keyBytes: 16,
  payloadBytes: 0,
  lengthError: 0,
  keys: 0,
}

const frames = fc.record({
  operation: fc.integer({ min: -1, max: 6 }),
  keyBytes: fc.nat(18),
  payloadBytes: fc.oneof(fc.nat(94), fc.constant(65_535)),
  lengthError: fc.constantFrom(0, 0, 0, -1, 1),
  keys: fc.integer({ min: -1, max: 6 }),
})

test('a frame is decoded into its fields, a malformed one into a bad request without a key', () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const view = viewOf(frame)
      const sound =
        frame.operation >= 1 &&
        frame.operation <= 4 &&
        frame.keys >= 0 &&
        frame.keys <= LIMITS.keys &&
        frame.keyBytes >= 1 &&
        frame.keyBytes <= LIMITS.keyBytes &&
        frame.payloadBytes <= LIMITS.payloadBytes &&
        frame.lengthError === 0
      decodeFrame(view, LIMITS)
      expect([view.operation, view.get(SLOT_KEY_BYTES), view.get(SLOT_VALUE_BYTES)]).toEqual(
        sound ? [frame.operation, frame.keyBytes, frame.payloadBytes] : [0, 0, 0],
      )
      expect(keyCountOf(view)).toBe(sound ? frame.keys : 0)
      // Whoever forgets to reply has not answered.
      expect(view.get(SLOT_STATUS)).toBe(STATUS_BAD_REQUEST)
      expect(view.get(SLOT_REPLY_BYTES)).toBe(0)
    }),
  )
})

test('without limits of their own requests have no number of keys', () => {
  const view = viewOf({ ...READ, keys: 1 })
  decodeFrame(view, { keyBytes: 16, payloadBytes: 92 })
  expect(view.operation).toBe(0)
})

test('a reply echoes the id and carries status, sizes, version and checksum', () => {
  const view = viewOf(READ)
  decodeFrame(view, LIMITS)
  view.reply(STATUS_OK, 5, -6)
  view.set(SLOT_REPLY_BYTES, 92)
  encodeFrame(view)
  const words = [FRAME_LENGTH, FRAME_ID, FRAME_STATUS, FRAME_SIZES, FRAME_VERSION, FRAME_CHECKSUM]
  expect(words.map((word) => view.get(word))).toEqual([
    HEAD_BYTES + 16 + 92,
    77,
    STATUS_OK,
    packFrameSizes(16, 92),
    5,
    -6,
  ])
})

test('the service time survives decoding, and encoding puts the version in its place', () => {
  const view = viewOf(READ)
  view.set(FRAME_SERVICE, 5_000_000)
  decodeFrame(view, LIMITS)
  expect(serviceOf(view)).toBe(5_000_000)
  view.reply(STATUS_OK, 7, 8)
  expect(serviceOf(view)).toBe(5_000_000)
  encodeFrame(view)
  expect(view.get(FRAME_VERSION)).toBe(7)
})
