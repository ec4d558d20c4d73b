import { valueChecksum } from '../../base/hash.ts'
import { alignedWordsFor, BYTES_PER_WORD } from '../../base/units.ts'
import { type Document, READ_OPERATION, STATUS_OK } from '../../contract/scenario.ts'
import { SLOT_KEY } from '../../shared-memory/request-slab-layout.ts'
import { isKey, KEY_BYTES, KEY_WORDS } from '../../workload/keys.ts'
import { keyOf, operationOf, type PortTrace } from '../../workload/trace-layout.ts'
import {
  FRAME_CHECKSUM,
  FRAME_HEAD_BYTES,
  FRAME_ID,
  FRAME_LENGTH,
  FRAME_SIZES,
  FRAME_STATUS,
  FRAME_VERSION,
  packFrameSizes,
} from './frame-codec.ts'
import { PAYLOAD_STEP } from './frame-writer.ts'

/** What can be wrong with an answer; the index is what the recorder stores. */
export const WRONG_ANSWERS = [
  'right',
  'the reply carries another request’s id',
  'the reply’s status is not ok',
  'the reply carries another key',
  'the reply’s checksum does not fit its key and version',
  'a request was answered twice',
  'the reply’s payload is cut or torn',
  'the reply’s text is not that of the document',
] as const

const WRONG_ID = 1
const WRONG_STATUS = 2
const WRONG_KEY = 3
const WRONG_CHECKSUM = 4
export const ANSWERED_TWICE = 5
const WRONG_PAYLOAD = 6
const WRONG_TEXT = 7

/** The id of a request: no two in flight have the same, since a cycle is longer than the window. */
export function idOf(position: number): number {
  return position + 1
}

/** What one port remembers of its answers, by position in the trace; read by the trial after the drain. */
export interface AnswerMemory {
  /** The version in the latest reply. Versions only grow, and so do the cycles, so it is the largest. */
  readonly versions: Int32Array<SharedArrayBuffer>
  /** How often the request was refused instead of executed. */
  readonly refusals: Int32Array<SharedArrayBuffer>
}

export function createAnswerMemory(positions: number): AnswerMemory {
  const array = () =>
    new Int32Array(new SharedArrayBuffer(positions * Int32Array.BYTES_PER_ELEMENT))
  return { versions: array(), refusals: array() }
}

/** An ASCII text as it lies in a slot, zero-padded. */
function asciiWords(text: string): Int32Array {
  const words = new Int32Array(alignedWordsFor(text.length))
  new TextEncoder().encodeInto(text, new Uint8Array(words.buffer))
  return words
}

function isText(words: Int32Array, at: number, text: Int32Array): boolean {
  for (let word = 0; word < text.length; word++) {
    if (words[at + word] !== text[word]) return false
  }
  return true
}

/** Checks replies as the client that sent the requests of one trace, and remembers what they say about their keys. */
export class AnswerLog {
  readonly #requests: Int32Array
  readonly #hashes: Int32Array
  readonly #versions: Int32Array
  readonly #refusals: Int32Array
  readonly #payloadBytes: number
  /** What every payload must be, as words; undefined when records answer. */
  readonly #text: Int32Array | undefined

  /**
   * @param payloadBytes of every stored value.
   * @param document what every request is answered with in place of a record.
   */
  constructor(
    trace: PortTrace,
    memory: AnswerMemory,
    payloadBytes: number,
    document: Document | undefined,
  ) {
    this.#payloadBytes = document?.text.length ?? payloadBytes
    this.#text = document && asciiWords(document.text)
    this.#requests = trace.requests
    this.#hashes = trace.hashes
    this.#versions = memory.versions
    this.#refusals = memory.refusals
  }

  /** Checks the reply whose slot begins at `words[base]`. Answers 0 or an index of `WRONG_ANSWERS`. */
  check(words: Int32Array, base: number, position: number): number {
    if (words[base + FRAME_ID] !== idOf(position)) return WRONG_ID
    if (words[base + FRAME_STATUS] !== STATUS_OK) return WRONG_STATUS
    if (!isKey(words, base + SLOT_KEY, keyOf(this.#requests[position]!))) return WRONG_KEY
    const version = words[base + FRAME_VERSION]!
    if (words[base + FRAME_CHECKSUM] !== valueChecksum(this.#hashes[position]!, version))
      return WRONG_CHECKSUM
    if (!this.#isWhole(words, base, operationOf(this.#requests[position]!), version))
      return this.#text === undefined ? WRONG_PAYLOAD : WRONG_TEXT
    this.#versions[position] = version
    return 0
  }

  /**
   * Whether length and sizes fit and the payload does: every word of a document's text; first and last of a value that
   * was ever updated and is read.
   */
  #isWhole(words: Int32Array, base: number, operation: number, version: number): boolean {
    const payloadBytes = operation === READ_OPERATION ? this.#payloadBytes : 0
    if (words[base + FRAME_SIZES] !== packFrameSizes(KEY_BYTES, payloadBytes)) return false
    if (words[base + FRAME_LENGTH] !== FRAME_HEAD_BYTES + KEY_BYTES + payloadBytes) return false
    const first = base + SLOT_KEY + KEY_WORDS
    if (this.#text !== undefined) return isText(words, first, this.#text)
    if (payloadBytes < 2 * BYTES_PER_WORD || version === 0) return true
    const last = (payloadBytes >>> 2) - 1
    // Every payload is a stretch of one arithmetic sequence: words of two different ones do not fit together.
    return ((words[first + last]! - words[first]!) | 0) === Math.imul(last, PAYLOAD_STEP)
  }

  refuse(position: number): void {
    this.#refusals[position]!++
  }
}
