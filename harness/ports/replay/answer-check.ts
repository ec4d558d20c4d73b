import { valueChecksum } from '../../base/hash.ts'
import { STATUS_OK } from '../../contract/scenario.ts'
import { SLOT_KEY } from '../../shared-memory/request-slab-layout.ts'
import { isKey } from '../../workload/keys.ts'
import { keyOf, type PortTrace } from '../../workload/trace-layout.ts'
import { FRAME_CHECKSUM, FRAME_ID, FRAME_STATUS, FRAME_VERSION } from './frame-codec.ts'

/** What can be wrong with an answer; the index is what the recorder stores. */
export const WRONG_ANSWERS = [
  'right',
  'the reply carries another request’s id',
  'the reply’s status is not ok',
  'the reply carries another key',
  'the reply’s checksum does not fit its key and version',
  'a request was answered twice',
] as const

const WRONG_ID = 1
const WRONG_STATUS = 2
const WRONG_KEY = 3
const WRONG_CHECKSUM = 4
export const ANSWERED_TWICE = 5

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

/** Checks replies as the client that sent the requests of one trace, and remembers what they say about their keys. */
export class AnswerLog {
  readonly #requests: Int32Array
  readonly #hashes: Int32Array
  readonly #versions: Int32Array
  readonly #refusals: Int32Array

  constructor(trace: PortTrace, memory: AnswerMemory) {
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
    this.#versions[position] = version
    return 0
  }

  refuse(position: number): void {
    this.#refusals[position]!++
  }
}
