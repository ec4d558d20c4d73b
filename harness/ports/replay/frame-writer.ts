import { alignedWordsFor, BYTES_PER_WORD } from '../../base/units.ts'
import { UPDATE_OPERATION } from '../../contract/scenario.ts'
import { FRAME_HEAD_WORDS, SLOT_KEY } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import { KEY_BYTES, KEY_WORDS, writeKey } from '../../workload/keys.ts'
import { keyOf, operationOf } from '../../workload/trace-layout.ts'
import {
  FRAME_ID,
  FRAME_LENGTH,
  FRAME_OPERATION,
  FRAME_SERVICE,
  FRAME_SIZES,
  packFrameSizes,
} from './frame-codec.ts'

/** Payloads are stretches of one arithmetic sequence of words with this step: the client recognises a torn one. */
export const PAYLOAD_STEP = 0x9e3779b1

/** Payloads are taken from a small pool at an offset that changes with the id: it stays in the first cache. */
const PAYLOAD_OFFSETS = 256
const LONGEST_PAYLOAD_WORDS = 256
const FRAME_BYTES_WITHOUT_PAYLOAD = FRAME_HEAD_WORDS * BYTES_PER_WORD + KEY_BYTES

/** Writes a request's frame into its slot: the bytes that a network card would have put there. */
export class FrameWriter {
  readonly #payload: BigInt64Array
  readonly #payloadBytes: number

  /** @param payloadBytes of every update: at most 1,024. */
  constructor(payloadBytes: number) {
    this.#payloadBytes = payloadBytes
    const words = new Int32Array(2 * PAYLOAD_OFFSETS + LONGEST_PAYLOAD_WORDS)
    for (let word = 0; word < words.length; word++) words[word] = Math.imul(word + 1, PAYLOAD_STEP)
    this.#payload = new BigInt64Array(words.buffer)
  }

  /** Writes a packed request of a trace into the slot that the view points at. */
  write(view: RequestView, id: number, request: number, serviceNs: number): void {
    const words = view.words
    const base = view.base
    const operation = operationOf(request)
    const payloadBytes = operation === UPDATE_OPERATION ? this.#payloadBytes : 0
    words[base + FRAME_SERVICE] = serviceNs
    words[base + FRAME_LENGTH] = FRAME_BYTES_WITHOUT_PAYLOAD + payloadBytes
    words[base + FRAME_ID] = id
    words[base + FRAME_OPERATION] = operation
    words[base + FRAME_SIZES] = packFrameSizes(KEY_BYTES, payloadBytes)
    writeKey(words, base + SLOT_KEY, keyOf(request))
    if (payloadBytes === 0) return
    const payload = this.#payload
    const from = id & (PAYLOAD_OFFSETS - 1)
    const longs = view.longs
    const to = (base + SLOT_KEY + KEY_WORDS) >>> 1
    const count = alignedWordsFor(payloadBytes) >>> 1
    for (let long = 0; long < count; long++) longs[to + long] = payload[from + long]!
  }
}
