import { expect, test } from 'vitest'
import {
  READ_OPERATION,
  STATUS_CORRUPT,
  UPDATE_OPERATION,
} from '../../../harness/contract/scenario.ts'
import { AnswerLog, WRONG_ANSWERS } from '../../../harness/ports/replay/answer-check.ts'
import { PHASE_STEADY_STATE } from '../../../harness/ports/replay/control.ts'
import {
  FRAME_CHECKSUM,
  FRAME_ID,
  FRAME_LENGTH,
  FRAME_SIZES,
  FRAME_STATUS,
  FRAME_VERSION,
  packFrameSizes,
} from '../../../harness/ports/replay/frame-codec.ts'
import { SLOT_KEY } from '../../../harness/shared-memory/request-slab-layout.ts'
import { KEY_BYTES, KEY_WORDS } from '../../../harness/workload/keys.ts'
import { operationOf } from '../../../harness/workload/trace-layout.ts'
import { createBench, GAP_NS, PAYLOAD_BYTES } from './bench.ts'

const VERSION = 9
const FIRST_WORD = SLOT_KEY + KEY_WORDS
const LAST_WORD = FIRST_WORD + PAYLOAD_BYTES / 4 - 1

/** A right answer to the first read or update of a trace, and the log that checks it. */
function rightAnswer(operation = READ_OPERATION) {
  const bench = createBench()
  bench.startSteady()
  bench.clock.advance(GAP_NS * 63)
  const part = bench.trace.ports[0]!
  const position = part.requests.findIndex((request) => operationOf(request) === operation)
  const slot = bench.receive()[position]!
  bench.serve([slot], VERSION)
  const { words, base } = bench.view
  const { answers } = bench.memories[0]!.playbacks[PHASE_STEADY_STATE]
  const log = new AnswerLog(part, answers, PAYLOAD_BYTES)
  return { words, base, position, answers, log, check: () => log.check(words, base, position) }
}

test.each([READ_OPERATION, UPDATE_OPERATION])(
  'a right answer to operation %i is right, and its version is remembered',
  (operation) => {
    const { answers, position, check } = rightAnswer(operation)
    expect(check()).toBe(0)
    expect([...answers.versions.entries()].filter(([, version]) => version !== 0)).toEqual([
      [position, VERSION],
    ])
  },
)

test.each([
  [FRAME_ID, 99, 'the reply carries another request’s id'],
  [FRAME_STATUS, STATUS_CORRUPT, 'the reply’s status is not ok'],
  [SLOT_KEY + 3, 0, 'the reply carries another key'],
  [FRAME_CHECKSUM, 1, 'the reply’s checksum does not fit its key and version'],
  [FRAME_VERSION, VERSION + 1, 'the reply’s checksum does not fit its key and version'],
  [FRAME_LENGTH, 24, 'the reply’s payload is cut or torn'],
  [FRAME_SIZES, packFrameSizes(KEY_BYTES, PAYLOAD_BYTES - 4), 'the reply’s payload is cut or torn'],
  [FIRST_WORD, 1, 'the reply’s payload is cut or torn'],
  [LAST_WORD, 1, 'the reply’s payload is cut or torn'],
])('with word %i = %i an answer is wrong and not remembered: %s', (word, value, sentence) => {
  const { words, base, answers, check } = rightAnswer()
  words[base + word] = value
  expect(WRONG_ANSWERS[check()]).toBe(sentence)
  expect(answers.versions.every((version) => version === 0)).toBe(true)
})

test('refusals are counted by position', () => {
  const { answers, log, position } = rightAnswer()
  log.refuse(position)
  log.refuse(position)
  expect(answers.refusals[position]).toBe(2)
})
