import { expect, test } from 'vitest'
import type { Workload } from '../../harness/contract/workload.ts'
import { keyBytesAt } from '../../harness/workload/keys.ts'
import {
  keySpaceOf,
  knownRecords,
  payloadBytesAt,
  slotRoom,
} from '../../harness/workload/known-records.ts'

const WORKLOAD: Workload = {
  recordCount: 500,
  insertRoom: 100,
  valueBytes: 1_008,
  operations: { read: 1, update: 1, insert: 1 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}

test('the keys are those of the records and those that are inserted', () => {
  const keySpace = keySpaceOf(WORKLOAD)
  expect([keySpace.count, keySpace.recordCount]).toEqual([600, 500])
  expect(keySpaceOf({ ...WORKLOAD, insertRoom: 0 }).count).toBe(500)
})

test('fixed sizes are those of the workload, and need no tables', () => {
  const records = knownRecords(WORKLOAD, keySpaceOf(WORKLOAD))
  expect([keyBytesAt(records, 599), payloadBytesAt(records, 599)]).toEqual([16, 1_000])
  expect([records.keyBytes.length, records.payloadBytes.length]).toEqual([0, 0])
  expect(slotRoom(WORKLOAD, records)).toEqual({ keyBytes: 16, valueBytes: 1_008 })
})

test('a slot has room for the longest key and value that there are', () => {
  const workload = { ...WORKLOAD, keySizes: 'facebook-etc', valueSizes: 'facebook-etc' } as const
  const records = knownRecords(workload, keySpaceOf(workload))
  const all = Array.from({ length: 600 }, (_, key) => key)
  const longestKey = Math.max(...all.map((key) => keyBytesAt(records, key)))
  const longestPayload = Math.max(...all.map((key) => payloadBytesAt(records, key)))
  expect(new Set(all.map((key) => payloadBytesAt(records, key))).size).toBeGreaterThan(100)
  const room = { keyBytes: longestKey, valueBytes: longestPayload + 8 }
  expect(slotRoom(workload, records)).toEqual(room)
  expect(longestPayload).toBeLessThanOrEqual(1_000)
})

test('a slot has room for what a reply says of every key of its request', () => {
  const workload: Workload = {
    ...WORKLOAD,
    valueBytes: 16,
    keysPerRequest: { minimum: 1, maximum: 100, spread: 'scattered' },
  }
  const records = knownRecords(workload, keySpaceOf(workload))
  expect(slotRoom(workload, records).valueBytes).toBe(8 + 8 * 100)
})
