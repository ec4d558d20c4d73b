import { alignedWordsFor, BYTES_PER_WORD } from '../../base/units.ts'
import {
  READ_MODIFY_WRITE_OPERATION,
  READ_OPERATION,
  STATUS_BAD_REQUEST,
} from '../../contract/request.ts'
import {
  FRAME_HEAD_WORDS,
  SLOT_CHECKSUM,
  SLOT_FRAME,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_OPERATION,
  SLOT_REPLY_BYTES,
  SLOT_STATUS,
  SLOT_VALUE_BYTES,
  SLOT_VERSION,
} from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import { KEY_BYTES, keyBytesAt, writeKey } from '../../workload/keys.ts'
import { type KnownRecords, payloadBytesAt, sizesVary } from '../../workload/known-records.ts'
import { isWrite } from '../../workload/operations.ts'
import { keyOf, operationOf } from '../../workload/trace-layout.ts'

/*
 * The replay port's frame, little-endian words; key and payload follow the head, each padded to whole words:
 *
 *   word   request             reply
 *   0      length in bytes     length in bytes       head, key and payload without padding
 *   1      id                  id                    drawn by the port; the server echoes it
 *   2      operation           status
 *   3      sizes               sizes                 key bytes in the upper half, payload bytes in the lower
 *   4      service time        version               nanoseconds that the request asks for; 0 when it asks for none
 *   5      keys                checksum              of a request over many keys, which names the first; 0 for one alone
 *   6 …    key                 key                   the reply is built where the request stood
 *   …      payload (writes)    payload (reads)       over many keys: version and checksum of each, in their order
 */
export const FRAME_LENGTH = SLOT_FRAME
export const FRAME_ID = SLOT_FRAME + 1
export const FRAME_OPERATION = SLOT_FRAME + 2
export const FRAME_STATUS = SLOT_FRAME + 2
export const FRAME_SIZES = SLOT_FRAME + 3
export const FRAME_SERVICE = SLOT_FRAME + 4
export const FRAME_VERSION = SLOT_FRAME + 4
export const FRAME_KEYS = SLOT_FRAME + 5
export const FRAME_CHECKSUM = SLOT_FRAME + 5
export const FRAME_HEAD_BYTES = FRAME_HEAD_WORDS * BYTES_PER_WORD

const SIZE_BITS = 16
const SIZE_MASK = (1 << SIZE_BITS) - 1

/** Packs the sizes word; both at most 65,535 bytes. */
export function packFrameSizes(keyBytes: number, payloadBytes: number): number {
  return (keyBytes << SIZE_BITS) | payloadBytes
}

/** Limits of a frame, so that a bad length never leads out of its slot. */
export interface FrameLimits {
  readonly keyBytes: number
  readonly payloadBytes: number
  /** Keys of a request. @default 0, none but the one that it names */
  readonly keys?: number
}

/** Reads the request's fields from its frame. A malformed one becomes a bad request without a key. */
export function decodeFrame(request: RequestView, limits: FrameLimits): void {
  const words = request.words
  const base = request.base
  const operation = words[base + FRAME_OPERATION]!
  const sizes = words[base + FRAME_SIZES]!
  const keyBytes = sizes >>> SIZE_BITS
  const payloadBytes = sizes & SIZE_MASK
  const keys = words[base + FRAME_KEYS]!
  const sound =
    operation >= READ_OPERATION &&
    operation <= READ_MODIFY_WRITE_OPERATION &&
    (keys === 0 || isKeyCount(keys, limits)) &&
    keyBytes > 0 &&
    keyBytes <= limits.keyBytes &&
    payloadBytes <= limits.payloadBytes &&
    words[base + FRAME_LENGTH] === FRAME_HEAD_BYTES + keyBytes + payloadBytes
  words[base + SLOT_OPERATION] = sound ? operation : 0
  words[base + SLOT_KEY_BYTES] = sound ? keyBytes : 0
  words[base + SLOT_VALUE_BYTES] = sound ? payloadBytes : 0
  if (!sound) words[base + FRAME_KEYS] = 0
  words[base + SLOT_STATUS] = STATUS_BAD_REQUEST
  words[base + SLOT_REPLY_BYTES] = 0
}

function isKeyCount(keys: number, limits: FrameLimits): boolean {
  return keys > 0 && keys <= (limits.keys ?? 0)
}

/**
 * Keys of a decoded request, those of its workload's `keysPerRequest`; 0 when it has one key and no legs. Overwritten when
 * the reply is encoded.
 */
export function keyCountOf(request: RequestView): number {
  return request.words[request.base + FRAME_KEYS]!
}

/** The service time that the request's frame asks for, in nanoseconds; overwritten when the reply is encoded. */
export function serviceOf(request: RequestView): number {
  return request.words[request.base + FRAME_SERVICE]!
}

/** Writes the reply's frame from the request's fields; key and payload are in place already. */
export function encodeFrame(request: RequestView): void {
  const words = request.words
  const base = request.base
  const payloadBytes = words[base + SLOT_REPLY_BYTES]!
  const keyBytes = words[base + SLOT_KEY_BYTES]!
  words[base + FRAME_LENGTH] = FRAME_HEAD_BYTES + keyBytes + payloadBytes
  words[base + FRAME_STATUS] = words[base + SLOT_STATUS]!
  words[base + FRAME_SIZES] = packFrameSizes(keyBytes, payloadBytes)
  words[base + FRAME_VERSION] = words[base + SLOT_VERSION]!
  words[base + FRAME_CHECKSUM] = words[base + SLOT_CHECKSUM]!
}

/** Payloads are stretches of one arithmetic sequence of words with this step: the client recognises a torn one. */
export const PAYLOAD_STEP = 0x9e3779b1

/** Payloads are taken from a small pool at an offset that changes with the id: short ones stay in the first cache. */
const PAYLOAD_OFFSETS = 256

/** Writes a request's frame into its slot: the bytes that a network card would have put there. */
export class FrameWriter {
  readonly #payload: BigInt64Array
  readonly #records: KnownRecords
  readonly #sizesVary: boolean
  /** Where sizes do not vary. */
  readonly #fixedPayloadBytes: number

  constructor(records: KnownRecords) {
    this.#records = records
    this.#sizesVary = sizesVary(records)
    this.#fixedPayloadBytes = records.longestPayloadBytes
    const longest = alignedWordsFor(records.longestPayloadBytes)
    const words = new Int32Array(2 * PAYLOAD_OFFSETS + longest)
    for (let word = 0; word < words.length; word++) words[word] = Math.imul(word + 1, PAYLOAD_STEP)
    this.#payload = new BigInt64Array(words.buffer)
  }

  /**
   * Writes a packed request of a trace into the slot that the view points at.
   * @param keyCount of a request over many keys; 0 for one alone.
   */
  write(view: RequestView, id: number, request: number, serviceNs: number, keyCount: number): void {
    const words = view.words
    const base = view.base
    const operation = operationOf(request)
    const key = keyOf(request)
    let keyBytes = KEY_BYTES
    let payloadBytes = this.#fixedPayloadBytes
    if (this.#sizesVary) {
      keyBytes = keyBytesAt(this.#records, key)
      payloadBytes = payloadBytesAt(this.#records, key)
    }
    if (!isWrite(operation)) payloadBytes = 0
    words[base + FRAME_SERVICE] = serviceNs
    words[base + FRAME_KEYS] = keyCount
    words[base + FRAME_LENGTH] = FRAME_HEAD_BYTES + keyBytes + payloadBytes
    words[base + FRAME_ID] = id
    words[base + FRAME_OPERATION] = operation
    words[base + FRAME_SIZES] = packFrameSizes(keyBytes, payloadBytes)
    writeKey(words, base + SLOT_KEY, key, keyBytes)
    if (payloadBytes === 0) return
    const payload = this.#payload
    const from = id & (PAYLOAD_OFFSETS - 1)
    const longs = view.longs
    const to = (base + SLOT_KEY + alignedWordsFor(keyBytes)) >>> 1
    const count = alignedWordsFor(payloadBytes) >>> 1
    for (let long = 0; long < count; long++) longs[to + long] = payload[from + long]!
  }
}
