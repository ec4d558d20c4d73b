import { expect, test } from 'vitest'
import { READ_OPERATION, UPDATE_OPERATION } from '../../../harness/contract/scenario.ts'
import { decodeFrame, FRAME_ID, serviceOf } from '../../../harness/ports/replay/frame-codec.ts'
import { FrameWriter } from '../../../harness/ports/replay/frame-writer.ts'
import {
  createRequestSlab,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_VALUE_BYTES,
} from '../../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../../harness/shared-memory/request-view.ts'
import { hashKeyWords, isKey, KEY_BYTES, KEY_WORDS } from '../../../harness/workload/keys.ts'
import { packRequest } from '../../../harness/workload/trace-layout.ts'

/** Writes one request into the middle one of three slots and decodes it. */
function written(
  payloadBytes: number,
  id: number,
  key: number,
  operation: number,
  serviceNs = 0,
): RequestView {
  const view = new RequestView(createRequestSlab(3, KEY_BYTES, payloadBytes + 8))
  view.at(1)
  new FrameWriter(payloadBytes).write(view, id, packRequest(key, operation), serviceNs)
  decodeFrame(view, { keyBytes: KEY_BYTES, payloadBytes })
  return view
}

function payloadOf(view: RequestView): number[] {
  const at = view.base + SLOT_KEY + KEY_WORDS
  return [...view.words.subarray(at, at + view.get(SLOT_VALUE_BYTES) / 4)]
}

test('what it writes is decoded as the request of the trace', () => {
  const view = written(92, 300, 123_456, UPDATE_OPERATION)
  expect(view.get(FRAME_ID)).toBe(300)
  expect(view.operation).toBe(UPDATE_OPERATION)
  expect(view.get(SLOT_KEY_BYTES)).toBe(KEY_BYTES)
  expect(view.get(SLOT_VALUE_BYTES)).toBe(92)
  expect(isKey(view.words, view.base + SLOT_KEY, 123_456)).toBe(true)
  view.hashKey()
  expect(view.hash).toBe(hashKeyWords(view.words, view.base + SLOT_KEY))
})

test('a frame carries the service time that its request asks for', () => {
  for (const operation of [READ_OPERATION, UPDATE_OPERATION]) {
    for (const serviceNs of [0, 1, 2 ** 31 - 1])
      expect(serviceOf(written(92, 1, 7, operation, serviceNs))).toBe(serviceNs)
  }
})

test('a read has no payload', () => {
  expect(written(92, 1, 7, READ_OPERATION).get(SLOT_VALUE_BYTES)).toBe(0)
})

test('payloads differ from one request to the next', () => {
  const first = payloadOf(written(92, 1, 7, UPDATE_OPERATION))
  expect(first.every((word) => word !== 0)).toBe(true)
  expect(payloadOf(written(92, 2, 7, UPDATE_OPERATION))).not.toEqual(first)
})

test.each([0, 4, 92, 1_016])('a payload of %i bytes stays within its slot', (payloadBytes) => {
  for (const id of [0, 1, 255, 256, 2 ** 28]) {
    const view = written(payloadBytes, id, 1, UPDATE_OPERATION)
    const slotWords = view.words.length / 3
    expect(view.words.subarray(0, slotWords).every((word) => word === 0)).toBe(true)
    expect(view.words.subarray(2 * slotWords).every((word) => word === 0)).toBe(true)
  }
})
