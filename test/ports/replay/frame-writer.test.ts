import { expect, test } from 'vitest'
import {
  INSERT_OPERATION,
  READ_MODIFY_WRITE_OPERATION,
  READ_OPERATION,
  UPDATE_OPERATION,
} from '../../../harness/contract/request.ts'
import type { Workload } from '../../../harness/contract/workload.ts'
import {
  decodeFrame,
  FRAME_ID,
  FrameWriter,
  keyCountOf,
  serviceOf,
} from '../../../harness/ports/replay/frame-codec.ts'
import {
  createRequestSlab,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_VALUE_BYTES,
} from '../../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../../harness/shared-memory/request-view.ts'
import { alignedWordsFor } from '../../../harness/base/units.ts'
import { hashKeyWords } from '../../../harness/base/hash.ts'
import { isKey, KEY_BYTES, keyBytesAt } from '../../../harness/workload/keys.ts'
import {
  keySpaceOf,
  knownRecords,
  payloadBytesAt,
  slotRoom,
} from '../../../harness/workload/known-records.ts'
import { packRequest } from '../../../harness/workload/trace-layout.ts'

const WORKLOAD: Workload = {
  recordCount: 10,
  valueBytes: 100,
  operations: { read: 1, update: 1 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'constant' },
}

/** Which request is written, for which workload. */
interface Written {
  readonly id: number
  readonly key: number
  readonly operation: number
  readonly serviceNs: number
  readonly keyCount: number
  readonly workload: Partial<Workload>
}

const READ: Written = {
  id: 1,
  key: 7,
  operation: READ_OPERATION,
  serviceNs: 0,
  keyCount: 0,
  workload: {},
}

/** Writes one request into the middle one of three slots and decodes it. */
function written(changes: Partial<Written>) {
  const { id, key, operation, serviceNs, keyCount, ...rest } = { ...READ, ...changes }
  const workload = { ...WORKLOAD, ...rest.workload }
  const keySpace = keySpaceOf(workload)
  const records = knownRecords(workload, keySpace)
  const { keyBytes, valueBytes } = slotRoom(workload, records)
  const view = new RequestView(createRequestSlab(3, keyBytes, valueBytes))
  view.at(1)
  new FrameWriter(records).write(view, id, packRequest(key, operation), serviceNs, keyCount)
  const keys = workload.keysPerRequest?.maximum ?? 0
  decodeFrame(view, { keyBytes, payloadBytes: workload.valueBytes - 8, keys })
  return { view, keySpace, records }
}

function payloadOf(view: RequestView): number[] {
  const at = view.base + SLOT_KEY + alignedWordsFor(view.get(SLOT_KEY_BYTES))
  return [...view.words.subarray(at, at + view.get(SLOT_VALUE_BYTES) / 4)]
}

test.each([UPDATE_OPERATION, INSERT_OPERATION, READ_MODIFY_WRITE_OPERATION])(
  'what it writes is decoded as the request of the trace, operation %i with a payload',
  (operation) => {
    const { view } = written({ id: 300, key: 123_456, operation })
    expect(view.get(FRAME_ID)).toBe(300)
    expect(view.operation).toBe(operation)
    expect(view.get(SLOT_KEY_BYTES)).toBe(KEY_BYTES)
    expect(view.get(SLOT_VALUE_BYTES)).toBe(92)
    expect(isKey(view.words, view.base + SLOT_KEY, 123_456)).toBe(true)
    expect(keyCountOf(view)).toBe(0)
    view.hashKey()
    expect(view.hash).toBe(hashKeyWords(view.words, view.base + SLOT_KEY, KEY_BYTES))
  },
)

test('a frame carries the service time that its request asks for', () => {
  for (const operation of [READ_OPERATION, UPDATE_OPERATION]) {
    for (const serviceNs of [0, 1, 2 ** 31 - 1])
      expect(serviceOf(written({ operation, serviceNs }).view)).toBe(serviceNs)
  }
})

test('a read has no payload', () => {
  expect(written({}).view.get(SLOT_VALUE_BYTES)).toBe(0)
})

test('a frame carries the number of its keys', () => {
  const keysPerRequest = { minimum: 1, maximum: 100, spread: 'scattered' } as const
  for (const keyCount of [1, 16, 100]) {
    const { view } = written({ keyCount, workload: { keysPerRequest } })
    expect([view.operation, keyCountOf(view)]).toEqual([READ_OPERATION, keyCount])
  }
})

test('payloads differ from one request to the next', () => {
  const first = payloadOf(written({ id: 1, operation: UPDATE_OPERATION }).view)
  expect(first.every((word) => word !== 0)).toBe(true)
  expect(payloadOf(written({ id: 2, operation: UPDATE_OPERATION }).view)).not.toEqual(first)
})

test.each([0, 4, 92, 1_016, 8_184])(
  'a payload of %i bytes stays within its slot',
  (payloadBytes) => {
    for (const id of [0, 1, 255, 256, 2 ** 28]) {
      const workload = { valueBytes: payloadBytes + 8 }
      const { view } = written({ id, key: 1, operation: UPDATE_OPERATION, workload })
      expect(view.get(SLOT_VALUE_BYTES)).toBe(payloadBytes)
      const slotWords = view.words.length / 3
      expect(view.words.subarray(0, slotWords).every((word) => word === 0)).toBe(true)
      expect(view.words.subarray(2 * slotWords).every((word) => word === 0)).toBe(true)
    }
  },
)

test('each key has its own length, and its value its own size', () => {
  const workload = {
    recordCount: 300,
    valueBytes: 8_192,
    keySizes: 'facebook-etc',
    valueSizes: 'facebook-etc',
  } as const
  for (let key = 0; key < workload.recordCount; key += 7) {
    const { view, keySpace, records } = written({ key, operation: UPDATE_OPERATION, workload })
    const keyBytes = keyBytesAt(records, key)
    expect(view.operation).toBe(UPDATE_OPERATION)
    expect(view.get(SLOT_KEY_BYTES)).toBe(keyBytes)
    expect(view.get(SLOT_VALUE_BYTES)).toBe(payloadBytesAt(records, key))
    expect(isKey(view.words, view.base + SLOT_KEY, key, keyBytes)).toBe(true)
    view.hashKey()
    expect(view.hash).toBe(keySpace.hashes[key])
  }
})
