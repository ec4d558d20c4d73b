import { expect, test } from 'vitest'
import { READ_OPERATION, UPDATE_OPERATION } from '../../harness/contract/request.ts'
import { RequestTexts } from '../../harness/load/reply-check.ts'
import { isPayload, keyText } from '../../harness/workload/http-messages.ts'
import { packRequest } from '../../harness/workload/trace-layout.ts'
import { WORKLOAD } from './plans.ts'

const READ = packRequest(17, READ_OPERATION)
const UPDATE = packRequest(17, UPDATE_OPERATION)

test('asks for the record of a key, the same way each time', () => {
  const texts = new RequestTexts(WORKLOAD)
  expect(texts.target(READ, 0)).toBe(`/kv/${keyText(17)}`)
  expect(texts.target(UPDATE, 0)).toBe(texts.target(READ, 0))
  expect([texts.isUpdate(READ), texts.isUpdate(UPDATE)]).toEqual([false, true])
})

test('adds the service time where the workload draws one', () => {
  const texts = new RequestTexts({ ...WORKLOAD, serviceTimes: { kind: 'fixed', meanMicros: 5 } })
  expect(texts.target(READ, 5_000)).toBe(`/kv/${keyText(17)}?service=5000`)
})

test('updates no document', () => {
  const document = { path: '/plaintext', contentType: 'text/plain', text: 'x' }
  const texts = new RequestTexts({ ...WORKLOAD, document })
  expect(texts.isUpdate(UPDATE)).toBe(false)
  expect(texts.target(UPDATE, 0)).toBe('/plaintext')
})

test('sends whole payloads that differ from one update to the next', () => {
  const texts = new RequestTexts(WORKLOAD)
  const sent = Array.from({ length: 300 }, (_, number) => texts.payload(number).toString())
  expect(sent.every((payload) => isPayload(payload, 16, 1))).toBe(true)
  expect(new Set(sent).size).toBe(256)
})
