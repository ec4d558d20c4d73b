import { valueChecksum } from '../../base/hash.ts'
import { alignedWordsFor, BYTES_PER_WORD } from '../../base/units.ts'
import type { Document } from '../../contract/workload.ts'
import {
  INSERT_OPERATION,
  READ_MODIFY_WRITE_OPERATION,
  READ_OPERATION,
  STATUS_NOT_FOUND,
  STATUS_OK,
} from '../../contract/request.ts'
import { SLOT_KEY } from '../../shared-memory/request-slab-layout.ts'
import { isKey, KEY_BYTES, KEY_WORDS, keyBytesAt } from '../../workload/keys.ts'
import { type KnownRecords, payloadBytesAt, sizesVary } from '../../workload/known-records.ts'
import {
  keyOf,
  LEG_REPLY_BYTES,
  legKey,
  operationOf,
  type PortTrace,
  type Spread,
} from '../../workload/trace-layout.ts'
import { isWrite } from '../../workload/operations.ts'
import {
  FRAME_CHECKSUM,
  FRAME_HEAD_BYTES,
  FRAME_ID,
  FRAME_LENGTH,
  FRAME_SIZES,
  FRAME_STATUS,
  FRAME_VERSION,
  packFrameSizes,
  PAYLOAD_STEP,
} from './frame-codec.ts'

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
  'what the reply says of one of the request’s keys is missing or does not fit',
] as const

const WRONG_ID = 1
const WRONG_STATUS = 2
const WRONG_KEY = 3
const WRONG_CHECKSUM = 4
export const ANSWERED_TWICE = 5
const WRONG_PAYLOAD = 6
const WRONG_TEXT = 7
const WRONG_LEG = 8

/** The id of a request: no two in flight have the same, since a cycle is longer than the window. */
export function idOf(position: number): number {
  return position + 1
}

/** What one port remembers of its answers, by position in the trace; read by the trial after the drain. */
export interface AnswerMemory {
  /** The version in the latest reply. Versions only grow, and so do the cycles, so it is the largest. */
  readonly versions: Int32Array<SharedArrayBuffer>
  /** How often the request was not executed: refused, or a write whose record was not inserted yet. */
  readonly refusals: Int32Array<SharedArrayBuffer>
  /** The largest version that was said of a leg's key, by key index: of all phases. Empty where requests have no legs. */
  readonly legVersions: Int32Array<SharedArrayBuffer>
}

function sharedWords(count: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(count * BYTES_PER_WORD))
}

/** @param keyCount keys of the workload where requests have legs, else 0. */
export function createLegVersions(keyCount: number): AnswerMemory['legVersions'] {
  return sharedWords(keyCount)
}

/** @param legVersions of the same port, for all its phases. */
export function createAnswerMemory(
  positions: number,
  legVersions: AnswerMemory['legVersions'] = createLegVersions(0),
): AnswerMemory {
  return { versions: sharedWords(positions), refusals: sharedWords(positions), legVersions }
}

/** Forgets every answer, for another trace. */
export function clearAnswers(memory: AnswerMemory): void {
  memory.versions.fill(0)
  memory.refusals.fill(0)
  memory.legVersions.fill(0)
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
  readonly #legs: Uint8Array
  readonly #spread: Spread | null
  readonly #versions: Int32Array
  readonly #refusals: Int32Array
  readonly #legVersions: Int32Array
  readonly #records: KnownRecords
  readonly #sizesVary: boolean
  /** Where sizes do not vary; of a document’s text where there is one. */
  readonly #fixedPayloadBytes: number
  /** What every payload must be, as words; undefined when records answer. */
  readonly #text: Int32Array | undefined

  /** @param document what every request is answered with in place of a record. */
  constructor(
    trace: Omit<PortTrace, 'count'>,
    memory: AnswerMemory,
    records: KnownRecords,
    document: Document | undefined,
  ) {
    this.#records = records
    this.#sizesVary = sizesVary(records)
    this.#fixedPayloadBytes = document?.text.length ?? records.longestPayloadBytes
    this.#text = document && asciiWords(document.text)
    this.#requests = trace.requests
    this.#hashes = trace.hashes
    this.#legs = trace.legs
    this.#spread = trace.spread
    this.#versions = memory.versions
    this.#refusals = memory.refusals
    this.#legVersions = memory.legVersions
  }

  /** Checks the reply whose slot begins at `words[base]`. Answers 0 or an index of `WRONG_ANSWERS`. */
  check(words: Int32Array, base: number, position: number): number {
    if (words[base + FRAME_ID] !== idOf(position)) return WRONG_ID
    const request = this.#requests[position]!
    const isFound = words[base + FRAME_STATUS] === STATUS_OK
    if (!isFound && !this.#mayBeAbsent(words[base + FRAME_STATUS]!, request)) return WRONG_STATUS
    const key = keyOf(request)
    const keyBytes = this.#sizesVary ? keyBytesAt(this.#records, key) : KEY_BYTES
    if (!isKey(words, base + SLOT_KEY, key, keyBytes)) return WRONG_KEY
    const version = words[base + FRAME_VERSION]!
    const checksum = isFound ? valueChecksum(this.#hashes[position]!, version) : version
    if (words[base + FRAME_CHECKSUM] !== checksum) return WRONG_CHECKSUM
    if (this.#spread !== null) {
      if (!this.#areLegsRight(words, base, position, isFound)) return WRONG_LEG
    } else if (!this.#isWhole(words, base, request, keyBytes, isFound)) {
      return this.#text === undefined ? WRONG_PAYLOAD : WRONG_TEXT
    }
    if (!isFound) return this.#addAbsence(version, position)
    this.#versions[position] = version
    return 0
  }

  /** Whoever inserts a key may be on the way still, on another port even. */
  #mayBeAbsent(status: number, request: number): boolean {
    return (
      status === STATUS_NOT_FOUND &&
      keyOf(request) >= this.#records.recordCount &&
      operationOf(request) !== INSERT_OPERATION
    )
  }

  /** What is not there has version 0 and checksum 0, as equal as they were found to be. */
  #addAbsence(version: number, position: number): number {
    if (version !== 0) return WRONG_CHECKSUM
    if (isWrite(operationOf(this.#requests[position]!))) this.#refusals[position]!++
    return 0
  }

  /**
   * Whether length and sizes fit and the payload does: every word of a document's text; first and last whole one of a
   * value that was ever written and is part of the reply.
   */
  #isWhole(
    words: Int32Array,
    base: number,
    request: number,
    keyBytes: number,
    isFound: boolean,
  ): boolean {
    const operation = operationOf(request)
    const replaces = operation === READ_MODIFY_WRITE_OPERATION
    const hasValue = isFound && (operation === READ_OPERATION || replaces)
    const stored = this.#sizesVary
      ? payloadBytesAt(this.#records, keyOf(request))
      : this.#fixedPayloadBytes
    const payloadBytes = hasValue ? stored : 0
    if (words[base + FRAME_SIZES] !== packFrameSizes(keyBytes, payloadBytes)) return false
    if (words[base + FRAME_LENGTH] !== FRAME_HEAD_BYTES + keyBytes + payloadBytes) return false
    const first = base + SLOT_KEY + alignedWordsFor(keyBytes)
    if (this.#text !== undefined) return isText(words, first, this.#text)
    // A read-modify-write replies with the value of the version before.
    const version = words[base + FRAME_VERSION]! - (replaces ? 1 : 0)
    if (payloadBytes < 2 * BYTES_PER_WORD || version === 0) return true
    const last = (payloadBytes >>> 2) - 1
    // Every payload is a stretch of one arithmetic sequence: words of two different ones do not fit together.
    return ((words[first + last]! - words[first]!) | 0) === Math.imul(last, PAYLOAD_STEP)
  }

  /** Whether the reply says version and checksum of every key of its request, each fitting its key. Their sizes are fixed. */
  #areLegsRight(words: Int32Array, base: number, position: number, isFound: boolean): boolean {
    const first = keyOf(this.#requests[position]!)
    const count = this.#legs[position]!
    const bytes = count * LEG_REPLY_BYTES
    if (words[base + FRAME_SIZES] !== packFrameSizes(KEY_BYTES, bytes)) return false
    if (words[base + FRAME_LENGTH] !== FRAME_HEAD_BYTES + KEY_BYTES + bytes) return false
    const { recordCount, hashes } = this.#records
    let head = base + SLOT_KEY + KEY_WORDS
    for (let leg = 0; leg < count; leg++) {
      const key = legKey(this.#spread!, first, leg, recordCount)
      const version = words[head]!
      const checksum = isFound || leg > 0 ? valueChecksum(hashes[key]!, version) : 0
      if (words[head + 1] !== checksum) return false
      if (version > this.#legVersions[key]!) this.#legVersions[key] = version
      head += LEG_REPLY_BYTES / BYTES_PER_WORD
    }
    return true
  }

  refuse(position: number): void {
    this.#refusals[position]!++
  }
}
