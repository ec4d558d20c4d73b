import fc from 'fast-check'
import { expect, test } from 'vitest'
import { valueChecksum } from '../../harness/base/hash.ts'
import { READ_OPERATION, UPDATE_OPERATION } from '../../harness/contract/request.ts'
import { payloadBytesOf, ReplyCheck, RequestTexts } from '../../harness/load/reply-check.ts'
import { entityTag } from './entity-tag.ts'
import { packRequest } from '../../harness/workload/trace-layout.ts'
import { WORKLOAD } from './plans.ts'

const READ = packRequest(17, READ_OPERATION)
const UPDATE = packRequest(17, UPDATE_OPERATION)
const texts = new RequestTexts(WORKLOAD)

test('takes right replies for right, and tells their version', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.nat(1_000),
      (hash, version, number) => {
        const check = new ReplyCheck(WORKLOAD, 'latin1')
        const tag = entityTag(version, valueChecksum(hash, version))
        const body = texts.payload(number).toString('latin1')
        expect(check.check(READ, hash, 200, tag, body)).toBeUndefined()
        expect(check.version).toBe(version)
        expect(check.check(UPDATE, hash, 200, tag, '')).toBeUndefined()
      },
    ),
  )
})

test('takes the zeros of a record that was never updated for right at version 0 only', () => {
  const check = new ReplyCheck(WORKLOAD, 'latin1')
  const zeros = '\0'.repeat(payloadBytesOf(WORKLOAD))
  expect(check.check(READ, 5, 200, entityTag(0, valueChecksum(5, 0)), zeros)).toBeUndefined()
  expect(check.check(READ, 5, 200, entityTag(1, valueChecksum(5, 1)), zeros)).toMatch(/cut or torn/)
})

test('says what is wrong', () => {
  const check = new ReplyCheck(WORKLOAD, 'latin1')
  const tag = entityTag(3, valueChecksum(5, 3))
  const body = texts.payload(9).toString('latin1')
  const saysOf = (
    request: number,
    hash: number,
    status: number,
    sent: string | undefined,
    text: string,
  ) => check.check(request, hash, status, sent, text)
  expect(saysOf(READ, 5, 404, tag, body)).toBe('status 404 instead of 200')
  expect(saysOf(READ, 5, 200, undefined, body)).toBe('no entity tag of a record: tag=none')
  expect(saysOf(READ, 5, 200, '"x"', body)).toBe('no entity tag of a record: tag="x"')
  expect(saysOf(READ, 6, 200, tag, body)).toBe(
    `the checksum of the entity tag fits neither key nor version: tag=${tag}`,
  )
  expect(saysOf(READ, 5, 200, tag, body.slice(4))).toBe(
    'the payload is cut or torn: bytes=12 version=3',
  )
  expect(saysOf(UPDATE, 5, 200, tag, 'ok')).toBe('a body of 2 bytes where an update has none')
})

test('compares a document character by character, in either encoding', () => {
  const text = 'Grüße'
  const workload = { ...WORKLOAD, document: { path: '/', contentType: 'text/plain', text } }
  const bytes = Buffer.from(text)
  for (const encoding of ['latin1', 'utf8'] as const) {
    const check = new ReplyCheck(workload, encoding)
    expect(check.check(UPDATE, 0, 200, undefined, bytes.toString(encoding))).toBeUndefined()
    expect(check.check(UPDATE, 0, 200, undefined, 'Grusse')).toBe(
      'a body of 6 bytes that is not the document',
    )
  }
})
