import { alignedWordsFor, BYTES_PER_WORD } from '../../base/units.ts'
import { FRAME_HEAD_WORDS, SLOT_KEY } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import { KEY_BYTES, keyBytesAt, writeKey } from '../../workload/keys.ts'
import { type KnownRecords, payloadBytesAt, sizesVary } from '../../workload/known-records.ts'
import { isWrite } from '../../workload/operation-mix.ts'
import { keyOf, operationOf } from '../../workload/trace-layout.ts'
import {
  FRAME_ID,
  FRAME_KEYS,
  FRAME_LENGTH,
  FRAME_OPERATION,
  FRAME_SERVICE,
  FRAME_SIZES,
  packFrameSizes,
} from './frame-codec.ts'

/** Payloads are stretches of one arithmetic sequence of words with this step: the client recognises a torn one. */
export const PAYLOAD_STEP = 0x9e3779b1

/** Payloads are taken from a small pool at an offset that changes with the id: short ones stay in the first cache. */
const PAYLOAD_OFFSETS = 256
const HEAD_BYTES = FRAME_HEAD_WORDS * BYTES_PER_WORD

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
    words[base + FRAME_LENGTH] = HEAD_BYTES + keyBytes + payloadBytes
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
