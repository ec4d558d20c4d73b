import { expect, test } from 'vitest'
import type { Document } from '../../../harness/contract/workload.ts'
import {
  READ_OPERATION,
  STATUS_CORRUPT,
  UPDATE_OPERATION,
} from '../../../harness/contract/request.ts'
import { AnswerLog, WRONG_ANSWERS } from '../../../harness/ports/replay/answer-check.ts'
import { PHASE_STEADY_STATE } from '../../../harness/ports/replay/control.ts'
import {
  encodeFrame,
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
function rightAnswer(operation = READ_OPERATION, document?: Document) {
  const bench = createBench()
  bench.startSteady()
  bench.clock.advance(GAP_NS * 63)
  const part = bench.trace.ports[0]!
  const position = part.requests.findIndex((request) => operationOf(request) === operation)
  const slot = bench.receive()[position]!
  bench.serve([slot], VERSION)
  if (document !== undefined) {
    bench.view.replyText(document.text)
    encodeFrame(bench.view)
  }
  const { words, base } = bench.view
  const { answers } = bench.memories[0]!.playbacks[PHASE_STEADY_STATE]
  const log = new AnswerLog(part, answers, bench.records, document)
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

/** Two words and a byte of a third. */
const DOCUMENT = { path: '/hello', contentType: 'text/plain', text: 'Hello you' }
const WRONG_TEXT = 'the reply’s text is not that of the document'

test('a document’s text is a right answer, and its version is remembered', () => {
  const { answers, position, check } = rightAnswer(READ_OPERATION, DOCUMENT)
  expect(check()).toBe(0)
  expect(answers.versions[position]).toBe(VERSION)
})

test('a document’s text is wrong where a record is asked for', () => {
  const { words, base, position, answers, log } = rightAnswer(READ_OPERATION, DOCUMENT)
  expect(WRONG_ANSWERS[log.check(words, base, position)]).toBe('right')
  const bench = createBench()
  const records = new AnswerLog(bench.trace.ports[0]!, answers, bench.records, undefined)
  expect(WRONG_ANSWERS[records.check(words, base, position)]).toBe(
    'the reply’s payload is cut or torn',
  )
})

test.each([
  [FRAME_STATUS, STATUS_CORRUPT, 'the reply’s status is not ok'],
  [SLOT_KEY + 3, 0, 'the reply carries another key'],
  [FRAME_CHECKSUM, 1, 'the reply’s checksum does not fit its key and version'],
  [FRAME_LENGTH, 24, WRONG_TEXT],
  [FRAME_SIZES, packFrameSizes(KEY_BYTES, DOCUMENT.text.length - 1), WRONG_TEXT],
  [FRAME_SIZES, packFrameSizes(KEY_BYTES, PAYLOAD_BYTES), WRONG_TEXT],
  [FIRST_WORD, 1, WRONG_TEXT],
  [FIRST_WORD + 1, 1, WRONG_TEXT],
  [FIRST_WORD + 2, 1, WRONG_TEXT],
])('with word %i = %i an answer with a document is wrong: %s', (word, value, sentence) => {
  const { words, base, answers, check } = rightAnswer(READ_OPERATION, DOCUMENT)
  words[base + word] = value
  expect(WRONG_ANSWERS[check()]).toBe(sentence)
  expect(answers.versions.every((version) => version === 0)).toBe(true)
})

test('a text that another one only begins is wrong', () => {
  const { words, base, position, answers } = rightAnswer(READ_OPERATION, DOCUMENT)
  const longer = { ...DOCUMENT, text: `${DOCUMENT.text}!` }
  const bench = createBench()
  const log = new AnswerLog(bench.trace.ports[0]!, answers, bench.records, longer)
  expect(WRONG_ANSWERS[log.check(words, base, position)]).toBe(WRONG_TEXT)
})

test('refusals are counted by position', () => {
  const { answers, log, position } = rightAnswer()
  log.refuse(position)
  log.refuse(position)
  expect(answers.refusals[position]).toBe(2)
})
