import { valueChecksum } from '../../base/hash.ts'
import { STATUS_OK, UPDATE_OPERATION } from '../../contract/scenario.ts'
import { SLOT_KEY } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import { ENTRY_KEY, ENTRY_OPERATION, type PortTrace, TRACE_ENTRY_WORDS } from '../../workload/trace-layout.ts'
import { KEY_WORDS } from '../../workload/keys.ts'
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

export const WRONG_ID = 1
export const WRONG_STATUS = 2
export const WRONG_KEY = 3
export const WRONG_CHECKSUM = 4
export const ANSWERED_TWICE = 5

/** Words per position of the answer log. */
export const ANSWER_WORDS = 2
/** Successful updates answered at this position of the trace, over all cycles. */
export const ANSWER_UPDATES = 0
/** Largest version that a reply at this position carried. */
export const ANSWER_VERSION = 1

/**
 * Checks one reply as the client that sent the request at `position` of `trace`, and logs what it says about its key.
 * The log is read in the trace's order, so it costs no cache misses. Answers 0 or an index of `WRONG_ANSWERS`.
 */
export function checkAnswer(
  reply: RequestView,
  expectedId: number,
  trace: PortTrace,
  position: number,
  log: Int32Array,
): number {
  const words = reply.words
  const base = reply.base
  if (words[base + FRAME_ID] !== expectedId) return WRONG_ID
  if (words[base + FRAME_STATUS] !== STATUS_OK) return WRONG_STATUS
  const entries = trace.entries
  const entry = position * TRACE_ENTRY_WORDS
  for (let word = 0; word < KEY_WORDS; word++) {
    if (words[base + SLOT_KEY + word] !== entries[entry + ENTRY_KEY + word]) return WRONG_KEY
  }
  const version = words[base + FRAME_VERSION]!
  if (words[base + FRAME_CHECKSUM] !== valueChecksum(trace.hashes[position]!, version)) return WRONG_CHECKSUM
  const at = position * ANSWER_WORDS
  if (entries[entry + ENTRY_OPERATION] === UPDATE_OPERATION) log[at + ANSWER_UPDATES]!++
  if (version > log[at + ANSWER_VERSION]!) log[at + ANSWER_VERSION] = version
  return 0
}
