import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  FRAMED,
  INCOMPLETE,
  LONGEST_HEAD_BYTES,
  RequestFramer,
} from '../../../harness/ports/http/request-framer.ts'
import { wellformedRequests } from './wellformed-requests.ts'

const LONGEST_BODY_BYTES = 60
const ERRORS = [400, 413, 414, 417, 431, 501, 505]
const requests = wellformedRequests(LONGEST_BODY_BYTES)
const surroundings = fc.uint8Array({ maxLength: 40 })

const bytesOf = (text: string) => Buffer.from(text, 'latin1')

test('a well-formed request is framed wherever it lies and whatever follows it', () => {
  fc.assert(
    fc.property(requests, surroundings, surroundings, ({ head, body, closes }, before, behind) => {
      const framer = new RequestFramer(LONGEST_BODY_BYTES)
      const bytes = Buffer.concat([before, bytesOf(head + body), behind])
      const from = before.length
      expect(framer.frame(bytes, from, bytes.length)).toBe(FRAMED)
      const { start, lineEnd, headEnd, end } = framer
      const first = head.startsWith('\r\n') ? 2 : 0
      expect({ start, lineEnd, headEnd, end, closes: framer.closes }).toEqual({
        start: from + first,
        lineEnd: from + head.indexOf('\r\n', first) + 2,
        headEnd: from + head.length,
        end: from + head.length + body.length,
        closes,
      })
    }),
    { numRuns: 300 },
  )
})

test('every beginning of a well-formed request is incomplete', () => {
  fc.assert(
    fc.property(requests, surroundings, ({ head, body }, behind) => {
      const framer = new RequestFramer(LONGEST_BODY_BYTES)
      const bytes = Buffer.concat([bytesOf(head + body), behind])
      for (let to = 0; to < head.length + body.length; to++)
        expect(framer.frame(bytes, 0, to), `${to} bytes`).toBe(INCOMPLETE)
    }),
    { numRuns: 100 },
  )
})

test('pipelined requests are framed one after the other by one framer', () => {
  fc.assert(
    fc.property(fc.array(requests, { minLength: 1, maxLength: 6 }), (pipelined) => {
      const framer = new RequestFramer(LONGEST_BODY_BYTES)
      const bytes = bytesOf(pipelined.map(({ head, body }) => head + body).join(''))
      let at = 0
      for (const { head, body } of pipelined) {
        expect(framer.frame(bytes, at, bytes.length)).toBe(FRAMED)
        at += head.length + body.length
        expect(framer.end).toBe(at)
      }
      expect(at).toBe(bytes.length)
    }),
    { numRuns: 100 },
  )
})

/** Bytes of which heads are made, so that random ones get somewhere. */
const headPieces = fc
  .array(
    fc.constantFrom(
      'GET ',
      '/kv/a',
      ' HTTP/1.1',
      ' HTTP/1.0',
      '\r\n',
      '\r\n\r\n',
      '\r',
      '\n',
      'Host: a\r\n',
      'Content-Length: ',
      '7',
      '99999999999',
      'Connection: close\r\n',
      ':',
      ' ',
      '\t',
      '\0',
      '\xff',
      'Transfer-Encoding: chunked\r\n',
      'x'.repeat(1_100),
    ),
    { maxLength: 14 },
  )
  .map((pieces) => bytesOf(pieces.join('')))
const anyBytes = fc.oneof(
  headPieces,
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
)

test('any bytes have an outcome, and what is framed lies within them', () => {
  fc.assert(
    fc.property(anyBytes, fc.nat(40), fc.nat(40), (bytes, before, behind) => {
      const framer = new RequestFramer(LONGEST_BODY_BYTES)
      const from = Math.min(before, bytes.length)
      const to = Math.max(from, bytes.length - behind)
      const outcome = framer.frame(bytes, from, to)
      expect([INCOMPLETE, FRAMED, ...ERRORS]).toContain(outcome)
      // However much has come, a decision is due at some point.
      const mostBytes = LONGEST_HEAD_BYTES + 2 + LONGEST_BODY_BYTES
      expect(outcome === INCOMPLETE && to - from > mostBytes).toBe(false)
      if (outcome !== FRAMED) return
      const { start, headEnd, end } = framer
      expect(start).toBeGreaterThanOrEqual(from)
      expect(headEnd).toBeGreaterThan(start)
      expect(headEnd - start).toBeLessThanOrEqual(LONGEST_HEAD_BYTES)
      expect(end - headEnd).toBeGreaterThanOrEqual(0)
      expect(end - headEnd).toBeLessThanOrEqual(LONGEST_BODY_BYTES)
      expect(end).toBeLessThanOrEqual(to)
      expect(bytes.subarray(headEnd - 4, headEnd).toString('latin1')).toBe('\r\n\r\n')
    }),
    { numRuns: 2_000 },
  )
})

test('what is decided does not change with what comes behind it', () => {
  fc.assert(
    fc.property(anyBytes, surroundings, (bytes, behind) => {
      const framer = new RequestFramer(LONGEST_BODY_BYTES)
      const outcome = framer.frame(bytes, 0, bytes.length)
      const { end } = framer
      fc.pre(outcome !== INCOMPLETE)
      const longer = Buffer.concat([bytes, behind])
      expect(framer.frame(longer, 0, longer.length)).toBe(outcome)
      expect(outcome !== FRAMED || framer.end === end).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

const CR = 13
const LF = 10
const NEXT = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'

test('a request with one damaged line end never swallows the one behind it', () => {
  const damage = fc.oneof(
    fc.constantFrom(CR, LF, 0, 9, 32, 58, 44, 48),
    fc.integer({ min: 0, max: 255 }),
  )
  fc.assert(
    fc.property(requests, fc.nat(), damage, ({ head, body }, which, byte) => {
      const framer = new RequestFramer(LONGEST_BODY_BYTES)
      const bytes = bytesOf(head + body + NEXT)
      const ends = head.split('').flatMap((c, at) => (c === '\r' || c === '\n' ? [at] : []))
      const place = ends[which % ends.length]!
      fc.pre(bytes[place] !== byte)
      bytes[place] = byte
      const outcome = framer.frame(bytes, 0, bytes.length)
      // The empty line in front is no part of the request: its remains are no request either.
      expect(outcome).not.toBe(FRAMED)
      expect(ERRORS).toContain(outcome)
    }),
    { numRuns: 1_000 },
  )
})
