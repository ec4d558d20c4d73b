import { wordsFor } from '../../base/units.ts'
import { SLOT_KEY } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import { KEY_WORDS } from '../../workload/keys.ts'
import {
  ENTRY_KEY,
  ENTRY_KEY_BYTES,
  ENTRY_LENGTH,
  ENTRY_OPERATION,
  ENTRY_PAYLOAD_BYTES,
  TRACE_ENTRY_WORDS,
} from '../../workload/trace-layout.ts'
import { FRAME_ID, FRAME_KEY_BYTES, FRAME_LENGTH, FRAME_OPERATION, FRAME_PAYLOAD_BYTES } from './frame-codec.ts'

/** Payloads are taken from this many words at an offset that changes with the id: small enough for the first cache. */
const PAYLOAD_OFFSETS = 256
const LONGEST_PAYLOAD_WORDS = 256

/** Writes a request's frame into its slot: the bytes that a network card would have put there. */
export class FrameWriter {
  readonly #payload = new Int32Array(PAYLOAD_OFFSETS + LONGEST_PAYLOAD_WORDS).map((_, word) =>
    Math.imul(word + 1, 0x9e3779b1),
  )

  /** Writes the request at `position` of a trace into the slot that the view points at. */
  write(view: RequestView, id: number, entries: Int32Array, position: number): void {
    const words = view.words
    const base = view.base
    const entry = position * TRACE_ENTRY_WORDS
    const payloadBytes = entries[entry + ENTRY_PAYLOAD_BYTES]!
    words[base + FRAME_LENGTH] = entries[entry + ENTRY_LENGTH]!
    words[base + FRAME_ID] = id
    words[base + FRAME_OPERATION] = entries[entry + ENTRY_OPERATION]!
    words[base + FRAME_KEY_BYTES] = entries[entry + ENTRY_KEY_BYTES]!
    words[base + FRAME_PAYLOAD_BYTES] = payloadBytes
    for (let word = 0; word < KEY_WORDS; word++) words[base + SLOT_KEY + word] = entries[entry + ENTRY_KEY + word]!
    const payload = this.#payload
    const from = id & (PAYLOAD_OFFSETS - 1)
    const to = base + SLOT_KEY + KEY_WORDS
    const count = wordsFor(payloadBytes)
    for (let word = 0; word < count; word++) words[to + word] = payload[from + word]!
  }
}
