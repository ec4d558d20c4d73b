import { BYTES_PER_WORD } from '../base/units.ts'
import type { Workload } from '../contract/workload.ts'
import { VALUE_HEAD_WORDS } from '../shared-memory/request-slab-layout.ts'
import { createEtcSizes } from './etc-sizes.ts'
import { createKeySpace, KEY_BYTES, type KeySpace, type SizeTables } from './keys.ts'
import { LEG_REPLY_BYTES } from './trace-layout.ts'

/** Of every value, in front of its payload: version and checksum, which the server writes. */
export const VALUE_HEAD_BYTES = VALUE_HEAD_WORDS * BYTES_PER_WORD

/** What clients know of the records that they ask for: plain data over shared memory, for any thread. */
export interface KnownRecords extends SizeTables {
  /** Keys from this one on are there once they were inserted. */
  readonly recordCount: number
  readonly longestKeyBytes: number
  /** Of a value behind its head; of every value where `payloadBytes` is empty. */
  readonly longestPayloadBytes: number
  /** Hash of each key. */
  readonly hashes: Int32Array<SharedArrayBuffer>
}

/**
 * All keys of a workload, those that it inserts included.
 * @param sizes by key index; @default those that the workload says
 */
export function keySpaceOf(workload: Workload, sizes?: SizeTables): KeySpace {
  const { recordCount, insertRoom = 0, valueBytes } = workload
  const count = recordCount + insertRoom
  const own = sizes ?? createEtcSizes(workload, count, valueBytes - VALUE_HEAD_BYTES)
  return createKeySpace(count, recordCount, own)
}

/** What clients know of a workload's records. Goes over the tables of sizes once. */
export function knownRecords(workload: Workload, keySpace: KeySpace): KnownRecords {
  const { recordCount, hashes, keyBytes, payloadBytes } = keySpace
  return {
    recordCount,
    hashes,
    keyBytes,
    payloadBytes,
    longestKeyBytes: keyBytes.reduce((a, b) => Math.max(a, b), KEY_BYTES),
    longestPayloadBytes:
      payloadBytes.length === 0
        ? workload.valueBytes - VALUE_HEAD_BYTES
        : payloadBytes.reduce((a, b) => Math.max(a, b), 0),
  }
}

/** Whether keys or values differ in size. */
export function sizesVary({ keyBytes, payloadBytes }: SizeTables): boolean {
  return keyBytes.length > 0 || payloadBytes.length > 0
}

/** Bytes of a key's value behind its head. */
export function payloadBytesAt(records: KnownRecords, key: number): number {
  return records.payloadBytes.length === 0
    ? records.longestPayloadBytes
    : records.payloadBytes[key]!
}

/** The room that a slot of the slab must have for key and value. */
export interface SlotRoom {
  readonly keyBytes: number
  /** With the value's head. */
  readonly valueBytes: number
}

/** Room for the longest key, and behind it for the longest value, or for what the reply says of the legs of a request. */
export function slotRoom(workload: Workload, records: KnownRecords): SlotRoom {
  const legsBytes = LEG_REPLY_BYTES * (workload.keysPerRequest?.maximum ?? 0)
  const payloadBytes = Math.max(records.longestPayloadBytes, legsBytes)
  return {
    keyBytes: records.longestKeyBytes,
    valueBytes: payloadBytes + VALUE_HEAD_BYTES,
  }
}
