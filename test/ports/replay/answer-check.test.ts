import { expect, test } from 'vitest'
import { valueChecksum } from '../../../harness/base/hash.ts'
import { STATUS_CORRUPT } from '../../../harness/contract/scenario.ts'
import { AnswerLog, idOf, WRONG_ANSWERS } from '../../../harness/ports/replay/answer-check.ts'
import {
  FRAME_CHECKSUM,
  FRAME_ID,
  FRAME_STATUS,
  FRAME_VERSION,
} from '../../../harness/ports/replay/frame-codec.ts'
import { PHASE_STEADY_STATE } from '../../../harness/ports/replay/control.ts'
import { SLOT_KEY } from '../../../harness/shared-memory/request-slab-layout.ts'
import { writeKey } from '../../../harness/workload/keys.ts'
import { keyOf } from '../../../harness/workload/trace-layout.ts'
import { createBench } from './bench.ts'

const POSITION = 3
const VERSION = 9

/** A right answer to one request of a trace, and the log that checks it. */
function rightAnswer() {
  const { memories, trace, slab } = createBench()
  const { answers } = memories[0]!.playbacks[PHASE_STEADY_STATE]
  const part = trace.ports[0]!
  const words = new Int32Array(slab.buffer)
  const base = slab.slotWords
  words[base + FRAME_ID] = idOf(POSITION)
  writeKey(words, base + SLOT_KEY, keyOf(part.requests[POSITION]!))
  words[base + FRAME_VERSION] = VERSION
  words[base + FRAME_CHECKSUM] = valueChecksum(part.hashes[POSITION]!, VERSION)
  const log = new AnswerLog(part, answers)
  return { words, base, answers, log, check: () => log.check(words, base, POSITION) }
}

test('a right answer is right, and its version is remembered', () => {
  const { answers, check } = rightAnswer()
  expect(check()).toBe(0)
  expect([...answers.versions.entries()].filter(([, version]) => version !== 0)).toEqual([
    [POSITION, VERSION],
  ])
})

test.each([
  [FRAME_ID, 99, 'the reply carries another request’s id'],
  [FRAME_STATUS, STATUS_CORRUPT, 'the reply’s status is not ok'],
  [SLOT_KEY + 3, 0, 'the reply carries another key'],
  [FRAME_CHECKSUM, 1, 'the reply’s checksum does not fit its key and version'],
  [FRAME_VERSION, VERSION + 1, 'the reply’s checksum does not fit its key and version'],
])('with word %i = %i an answer is wrong and not remembered: %s', (word, value, sentence) => {
  const { words, base, answers, check } = rightAnswer()
  words[base + word] = value
  expect(WRONG_ANSWERS[check()]).toBe(sentence)
  expect(answers.versions.every((version) => version === 0)).toBe(true)
})

test('refusals are counted by position', () => {
  const { answers, log } = rightAnswer()
  log.refuse(POSITION)
  log.refuse(POSITION)
  expect(answers.refusals[POSITION]).toBe(2)
})
