import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alignedWordsFor } from '../../../harness/base/units.ts'
import {
  READ_OPERATION,
  STATUS_BAD_REQUEST,
  STATUS_CORRUPT,
  STATUS_NOT_FOUND,
  STATUS_OK,
  UPDATE_OPERATION,
} from '../../../harness/contract/request.ts'
import {
  HttpCodec,
  placeRequest,
  WIRE_DATE_AT,
  WIRE_REPLY_HEAD_BYTES,
  WIRE_STATUS,
  wireBytesFor,
} from '../../../harness/ports/http/http-codec.ts'
import { DATE_CHARACTERS } from '../../../harness/ports/http/reply-heads.ts'
import { FRAMED, RequestFramer } from '../../../harness/ports/http/request-framer.ts'
import {
  createRequestSlab,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_REPLY_BYTES,
  SLOT_VALUE_BYTES,
} from '../../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../../harness/shared-memory/request-view.ts'
import { parseEntityTag } from '../../../harness/workload/http-messages.ts'
import { parseReplies, parseReply } from './parse-replies.ts'

const KEY_BYTES = 16
const PAYLOAD_BYTES = 92
const SLOT = 2
const DATE = 'Sun, 06 Nov 1994 08:49:37 GMT'
const DOCUMENT = { path: '/json', contentType: 'application/json', text: '{"message":"hello"}' }

/** One slot in the hands of a codec; what an earlier request left in it is not zero. */
function createSlot(document?: typeof DOCUMENT) {
  const wireBytes = wireBytesFor(PAYLOAD_BYTES)
  const view = new RequestView(createRequestSlab(4, KEY_BYTES, PAYLOAD_BYTES + 8, wireBytes))
  view.bytes.fill(0xee)
  view.at(SLOT)
  const codec = new HttpCodec({ keyBytes: KEY_BYTES, document })
  const framer = new RequestFramer(PAYLOAD_BYTES)
  const value = () => (view.base + SLOT_KEY + alignedWordsFor(view.get(SLOT_KEY_BYTES))) * 4
  return {
    view,
    codec,
    /** Frames a request into the slot, as the port does, and decodes it. */
    decode(text: string): void {
      const bytes = Buffer.from(text, 'latin1')
      expect(framer.frame(bytes, 0, bytes.length)).toBe(FRAMED)
      expect(framer.end).toBe(bytes.length)
      placeRequest(view, bytes, framer)
      codec.decode(view)
    },
    key: () =>
      Buffer.from(view.bytes.subarray((view.base + SLOT_KEY) * 4, value())).toString('latin1'),
    /** The bytes from the value's place on. */
    valueBytes: (count: number) =>
      Buffer.from(view.bytes.subarray(value(), value() + count)).toString('latin1'),
    /** Encodes, and puts the reply together as the port does. */
    encode(): string {
      codec.encode(view)
      const head = view.wireByte()
      const dateAt = head + view.get(WIRE_DATE_AT)
      expect(
        [...view.bytes.subarray(dateAt, dateAt + DATE_CHARACTERS)].every((b) => b === 32),
      ).toBe(true)
      view.bytes.set(Buffer.from(DATE), dateAt)
      const parts = [
        view.bytes.subarray(head, head + view.get(WIRE_REPLY_HEAD_BYTES)),
        view.bytes.subarray(value(), value() + view.get(SLOT_REPLY_BYTES)),
      ]
      return Buffer.concat(parts).toString('latin1')
    },
    neighboursAreUntouched: () =>
      [SLOT - 1, SLOT + 1].every((slot) => {
        const slotBytes = view.bytes.length / 4
        return view.bytes
          .subarray(slot * slotBytes, (slot + 1) * slotBytes)
          .every((byte) => byte === 0xee)
      }),
  }
}

const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`
const put = (target: string, body: string) =>
  `PUT ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`

test('line and body of a request are all that is copied into its slot', () => {
  const slot = createSlot()
  const line = 'PUT /kv/user0000aaaaaaab HTTP/1.1\r\n'
  const fields = `Host: a\r\nX-Padding: ${'x'.repeat(1_500)}\r\nContent-Length: 5\r\n\r\n`
  slot.decode(`\r\n${line}${fields}hello`)
  const wire = slot.view.wireByte()
  const copied = slot.view.bytes.subarray(wire, wire + line.length + 5)
  expect(Buffer.from(copied).toString('latin1')).toBe(`${line}hello`)
  expect(slot.view.bytes[wire + copied.length]).toBe(0xee)
  expect([slot.view.operation, slot.key()]).toEqual([UPDATE_OPERATION, 'user0000aaaaaaab'])
  expect([slot.view.get(SLOT_VALUE_BYTES), slot.valueBytes(8)]).toEqual([5, 'hello\0\0\0'])
})

test('GET is a read of the key in its target', () => {
  const slot = createSlot()
  slot.decode(get('/kv/user0000aaaaaaab'))
  expect(slot.view.operation).toBe(READ_OPERATION)
  expect(slot.view.get(SLOT_KEY_BYTES)).toBe(16)
  expect(slot.key()).toBe('user0000aaaaaaab')
  expect(slot.view.get(SLOT_VALUE_BYTES)).toBe(0)
  expect(slot.view.get(WIRE_STATUS)).toBe(0)
  expect(slot.codec.serviceNs(slot.view)).toBe(0)
})

test('the body of a GET is no value', () => {
  const slot = createSlot()
  slot.decode(`GET /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello`)
  expect(slot.view.operation).toBe(READ_OPERATION)
  expect(slot.view.get(SLOT_VALUE_BYTES)).toBe(0)
})

const LONG_KEY = 'aZ09-._~aZ09-._~x'

test('keys of all lengths are taken, zero-padded to whole pairs of words', () => {
  for (let length = 1; length <= KEY_BYTES; length++) {
    const slot = createSlot()
    const key = LONG_KEY.slice(0, length)
    slot.decode(get(`/kv/${key}`))
    expect(slot.view.get(SLOT_KEY_BYTES)).toBe(length)
    expect(slot.key()).toBe(key.padEnd(length <= 8 ? 8 : 16, '\0'))
  }
})

test('the body of a PUT becomes the value behind the key, zero-padded', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: KEY_BYTES }),
      fc.uint8Array({ maxLength: PAYLOAD_BYTES }),
      (keyBytes, bytes) => {
        const slot = createSlot()
        const body = Buffer.from(bytes).toString('latin1')
        slot.decode(put(`/kv/${'k'.repeat(keyBytes)}`, body))
        expect(slot.view.operation).toBe(UPDATE_OPERATION)
        expect(slot.view.get(SLOT_VALUE_BYTES)).toBe(body.length)
        const padded = Math.ceil(body.length / 8) * 8
        expect(slot.valueBytes(padded)).toBe(body.padEnd(padded, '\0'))
        expect(slot.neighboursAreUntouched()).toBe(true)
      },
    ),
  )
})

test.each([
  ['an unknown path', get('/'), 404],
  ['a path that only begins right', get('/k'), 404],
  ['a path below another one', get('/x/kv/a'), 404],
  ['an empty key', get('/kv/'), 404],
  ['a key that is too long', get(`/kv/${LONG_KEY}`), 404],
  ['a key with a slash', get('/kv/a/b'), 404],
  ['a key with a character that no key has', get('/kv/a%2Fb'), 404],
  ['a key with a percent sign that escapes nothing', get('/kv/%6'), 404],
  ['a long target', get(`/kv/${'a'.repeat(1_000)}`), 404],
  ['a target that is no path', get('kv/a'), 400],
  ['an asterisk', get('*'), 400],
  ['an authority', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n', 405],
  ['an absolute target without a path', get('http://a'), 404],
  ['POST', 'POST /kv/a HTTP/1.1\r\nHost: a\r\n\r\n', 405],
  ['DELETE', 'DELETE /kv/a HTTP/1.1\r\nHost: a\r\n\r\n', 405],
  ['a method in small letters', 'get /kv/a HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['a method that begins like another one', 'GETS /kv/a HTTP/1.1\r\nHost: a\r\n\r\n', 501],
])('%s asks for nothing that is served', (_, text, status) => {
  const slot = createSlot()
  slot.decode(text)
  expect(slot.view.get(WIRE_STATUS)).toBe(status)
  expect(slot.view.operation).toBe(0)
  expect(slot.view.get(SLOT_KEY_BYTES)).toBe(0)
  // Stages run on it all the same; what they say changes nothing.
  slot.view.reply(STATUS_OK, 1, 2)
  slot.view.replyText('hello')
  const reply = parseReply(slot.encode())
  expect(reply.status).toBe(status)
  expect(reply.fields.get('allow')).toBe(status === 405 ? 'GET, HEAD, PUT, OPTIONS' : undefined)
})

test.each([
  ['http://example.com/kv/a', 'a'],
  ['HTTP://[::1]:80/kv/a', 'a'],
  ['/kv/%61', 'a'],
  ['/kv/b%2dc%7E?other', 'b-c~'],
  ['http://example.com:8080/kv/a?service=7', 'a'],
  ['/kv/a?', 'a'],
  ['/kv/a?other=1', 'a'],
])('the key of the target %s is found', (target, key) => {
  const slot = createSlot()
  slot.decode(get(target))
  expect(slot.view.get(WIRE_STATUS)).toBe(0)
  expect(slot.key()).toBe(key.padEnd(8, '\0'))
})

test.each([
  ['?service=0', 0],
  ['?service=1500', 1_500],
  ['?service=2147483647', 2 ** 31 - 1],
  ['?service=99999999999999999999999', 2 ** 31 - 1],
  ['?service=12x', 12],
  ['?service=', 0],
  ['?service=-5', 0],
  ['?services=5', 0],
  ['?x&service=5', 0],
  ['?', 0],
])('the service time in %s is %i ns', (query, ns) => {
  const slot = createSlot()
  slot.decode(get(`/kv/a${query}`))
  expect(slot.codec.serviceNs(slot.view)).toBe(ns)
  slot.decode(put(`/kv/a${query}`, 'body'))
  expect(slot.codec.serviceNs(slot.view)).toBe(ns)
})

test('a service time does not outlive its request', () => {
  const slot = createSlot()
  slot.decode(get('/kv/a?service=7'))
  slot.decode(get('/nothing'))
  expect(slot.codec.serviceNs(slot.view)).toBe(0)
})

test('the reply to a read is, byte by byte', () => {
  const slot = createSlot()
  slot.decode(get('/kv/user0000aaaaaaab'))
  slot.view.replyText('twelve bytes')
  slot.view.reply(STATUS_OK, 7, -2)
  expect(slot.encode()).toBe(
    [
      'HTTP/1.1 200 OK',
      `Date: ${DATE}`,
      'Server: crossover',
      'Content-Type: application/octet-stream',
      'ETag: "00000007-fffffffe"',
      'Content-Length: 12',
      '',
      'twelve bytes',
    ].join('\r\n'),
  )
})

test('the reply to an update has no body', () => {
  const slot = createSlot()
  slot.decode(put('/kv/a', 'new value'))
  slot.view.reply(STATUS_OK, 1, 2)
  const reply = slot.encode()
  expect(parseReply(reply)).toMatchObject({ status: 200, body: '' })
  expect(reply.endsWith('ETag: "00000001-00000002"\r\nContent-Length: 0\r\n\r\n')).toBe(true)
})

test.each([
  [STATUS_NOT_FOUND, '404 Not Found', 'no such key or path'],
  [STATUS_CORRUPT, '500 Internal Server Error', 'the stored value is damaged'],
  [STATUS_BAD_REQUEST, '400 Bad Request', 'the request is malformed'],
  [99, '500 Internal Server Error', 'the stored value is damaged'],
])('the reply to a request that ended with status %i is, byte by byte', (status, line, text) => {
  const slot = createSlot()
  slot.decode(get('/kv/a'))
  slot.view.replyText('never seen')
  slot.view.reply(status, 1, 2)
  expect(slot.encode()).toBe(
    [
      `HTTP/1.1 ${line}`,
      `Date: ${DATE}`,
      'Server: crossover',
      'Content-Type: text/plain',
      `Content-Length: ${text.length + 1}`,
      '',
      `${text}\n`,
    ].join('\r\n'),
  )
})

test('a request that no stage answered is answered as malformed', () => {
  const slot = createSlot()
  slot.decode(get('/kv/a'))
  expect(parseReply(slot.encode()).status).toBe(400)
})

test.each([
  ['/kv/a', 200],
  ['/nothing', 404],
])(
  'the reply to HEAD %s has no body, but tells of the one that GET would have',
  (target, status) => {
    const slot = createSlot()
    slot.decode(`HEAD ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)
    slot.view.replyText('twelve bytes')
    slot.view.reply(STATUS_OK, 7, -2)
    const { replies, rest } = parseReplies(slot.encode(), new Set([0]))
    expect(rest).toBe('')
    expect(replies[0]).toMatchObject({ status, body: '' })
    expect(replies[0]!.fields.get('content-length')).not.toBe('0')
  },
)

test('version, checksum and length of any reply can be read back', () => {
  const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  fc.assert(
    fc.property(int, int, fc.nat(PAYLOAD_BYTES), (version, checksum, bytes) => {
      const slot = createSlot()
      slot.decode(get('/kv/user0000aaaaaaab'))
      const body = 'abcdefghij'.repeat(10).slice(0, bytes)
      slot.view.replyText(body)
      slot.view.reply(STATUS_OK, version, checksum)
      const reply = parseReply(slot.encode())
      expect(reply).toMatchObject({ status: 200, reason: 'OK', body })
      expect(parseEntityTag(reply.fields.get('etag')!)).toEqual({ version, checksum })
      expect(reply.fields.get('content-length')).toBe(String(bytes))
      expect(slot.neighboursAreUntouched()).toBe(true)
    }),
  )
})

test('a document is read at its path, whatever is behind it', () => {
  for (const target of ['/json', '/json?service=9', 'http://a/json']) {
    const slot = createSlot(DOCUMENT)
    slot.decode(get(target))
    expect(slot.view.operation).toBe(READ_OPERATION)
    expect(slot.view.get(SLOT_KEY_BYTES)).toBe(0)
    expect(slot.codec.serviceNs(slot.view)).toBe(target.includes('?') ? 9 : 0)
  }
})

test('the reply with a document is, byte by byte', () => {
  const slot = createSlot(DOCUMENT)
  slot.decode(get('/json'))
  slot.view.reply(STATUS_OK, 0, 0)
  slot.view.replyText(DOCUMENT.text)
  expect(slot.encode()).toBe(
    [
      'HTTP/1.1 200 OK',
      `Date: ${DATE}`,
      'Server: crossover',
      'Content-Type: application/json',
      `Content-Length: ${DOCUMENT.text.length}`,
      '',
      DOCUMENT.text,
    ].join('\r\n'),
  )
})

test.each([
  ['GET', '/jso', 404],
  ['GET', '/jsonx', 404],
  ['GET', '/json/', 404],
  ['GET', '/kv/a', 404],
  ['PUT', '/json', 405],
  ['DELETE', '/json', 405],
])('with a document, %s %s is answered with %i', (method, target, status) => {
  const slot = createSlot(DOCUMENT)
  slot.decode(`${method} ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)
  expect(slot.view.operation).toBe(0)
  expect(slot.view.get(WIRE_STATUS)).toBe(status)
  slot.view.reply(STATUS_OK, 0, 0)
  slot.view.replyText(DOCUMENT.text)
  expect(slot.encode()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
})
