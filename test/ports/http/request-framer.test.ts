import { expect, test } from 'vitest'
import {
  FRAMED,
  INCOMPLETE,
  LONGEST_HEAD_BYTES,
  RequestFramer,
} from '../../../harness/ports/http/request-framer.ts'

const LONGEST_BODY_BYTES = 100
const HOST = 'Host: a\r\n'

/** What the framer says of a text, a character per byte, and where it saw the request. */
function frame(text: string) {
  const framer = new RequestFramer(LONGEST_BODY_BYTES)
  const bytes = Buffer.from(text, 'latin1')
  const outcome = framer.frame(bytes, 0, bytes.length)
  const { start, lineEnd, headEnd, end, closes } = framer
  return { outcome, start, lineEnd, headEnd, end, closes }
}

/** A request with these field lines besides `Host`. */
const withFields = (...lines: string[]) =>
  `PUT /kv/a HTTP/1.1\r\n${HOST}${lines.map((line) => `${line}\r\n`).join('')}\r\n`

test('a request without a body ends with its head', () => {
  const text = `GET /kv/a HTTP/1.1\r\n${HOST}\r\n`
  expect(frame(`${text}GET /`)).toEqual({
    outcome: FRAMED,
    start: 0,
    lineEnd: text.length - HOST.length - 2,
    headEnd: text.length,
    end: text.length,
    closes: false,
  })
})

test('a body of the announced length belongs to the request, whatever is in it', () => {
  const head = withFields('Content-Length: 4')
  expect(frame(`${head}\r\n\r\nGET`)).toMatchObject({
    outcome: FRAMED,
    headEnd: head.length,
    end: head.length + 4,
  })
  expect(frame(`${head}\r\n\r`).outcome).toBe(INCOMPLETE)
})

test('one empty line in front of a request is left out, a second one is refused', () => {
  const text = withFields()
  expect(frame(`\r\n${text}`)).toMatchObject({ outcome: FRAMED, start: 2, end: text.length + 2 })
  expect(frame(`\r\n\r\n${text}`).outcome).toBe(400)
})

test.each([
  '',
  'G',
  'GET / HTTP/1.1\r',
  'GET / HTTP/1.1\r\n',
  '\r',
  '\r\n',
  `GET / HTTP/1.1\r\n${HOST}\r`,
])('the beginning %j is no request yet', (text) => {
  expect(frame(text).outcome).toBe(INCOMPLETE)
})

test.each([
  ['is no request line', 'hello\r\n\r\n'],
  ['has nothing before the version', ` HTTP/1.1\r\n${HOST}\r\n`],
  ['has no target', `GET HTTP/1.1\r\n${HOST}\r\n`],
  ['has an empty target', `GET  HTTP/1.1\r\n${HOST}\r\n`],
  ['has two blanks in front of the target', `GET  / HTTP/1.1\r\n${HOST}\r\n`],
  ['has two blanks behind the target', `GET /  HTTP/1.1\r\n${HOST}\r\n`],
  ['has a blank in the target', `GET /kv/a b HTTP/1.1\r\n${HOST}\r\n`],
  ['has a tab in the target', `GET /kv/a\tb HTTP/1.1\r\n${HOST}\r\n`],
  ['has a blank behind the version', `GET / HTTP/1.1 \r\n${HOST}\r\n`],
  ['has a tab behind the method', `GET\t/ HTTP/1.1\r\n${HOST}\r\n`],
  ['begins with a blank', ` GET / HTTP/1.1\r\n${HOST}\r\n`],
  ['has a method that is no token', `GE(T / HTTP/1.1\r\n${HOST}\r\n`],
  ['names the protocol in small letters', `GET / http/1.1\r\n${HOST}\r\n`],
  ['has no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['has two hosts', `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`],
  ['has two hosts in version 1.0', `GET / HTTP/1.0\r\n${HOST}${HOST}\r\n`],
  ['has a field without a colon', withFields('Accept')],
  ['has a field without a name', withFields(': a')],
  ['has a blank in front of a colon', withFields('Content-Length : 3')],
  ['has a name that is no token', withFields('Content(Length: 3')],
  ['has an empty content length', withFields('Content-Length:')],
  ['has a fragment in its target', `GET /a#b HTTP/1.1\r\n${HOST}\r\n`],
  ['has a target beyond ASCII', `GET /\xe9 HTTP/1.1\r\n${HOST}\r\n`],
  ['has a host with a blank', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
  ['has an address for a host', 'GET / HTTP/1.1\r\nHost: http://a\r\n\r\n'],
  ['has a zero byte', withFields('Accept: a\0b')],
  ['has a delete character', withFields('Accept: a\x7Fb')],
  ['has a carriage return within a line', withFields('Accept: a\rb')],
  ['begins with a line feed', `\n${withFields()}`],
])('a request that %s is bad: %j', (_, text) => {
  expect(frame(text).outcome).toBe(400)
})

test.each([
  ['HTTP/2.0', 505],
  ['HTTP/0.9', 505],
  ['HTTP/1.x', 400],
  ['HTTP/11.', 400],
  ['HTTP/1.11', 400],
  ['HTTPS/1.1', 400],
  ['XTTP/1.1', 400],
])('the version %s is refused with %i', (version, status) => {
  expect(frame(`GET / ${version}\r\n${HOST}\r\n`).outcome).toBe(status)
})

test('a higher minor version is served as 1.1', () => {
  expect(frame(`GET / HTTP/1.2\r\n${HOST}\r\n`)).toMatchObject({ outcome: FRAMED, closes: false })
  expect(frame('GET / HTTP/1.9\r\n\r\n').outcome).toBe(400)
})

test('version 1.0 needs no host and closes, whatever its fields say', () => {
  const text = 'GET /kv/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'
  expect(frame(text)).toMatchObject({ outcome: FRAMED, end: text.length, closes: true })
})

test.each([
  ['Connection: close', true],
  ['connection:CLOSE', true],
  ['Connection: keep-alive, close', true],
  ['Connection: ,, close\t, te', true],
  ['Connection: keep-alive', false],
  ['Connection: closed, disclose, clo', false],
  ['Connection: clo se', false],
  ['Connection:', false],
  ['X-Connection: close', false],
])('with «%s» it closes: %s', (line, closes) => {
  expect(frame(withFields(line))).toMatchObject({ outcome: FRAMED, closes })
})

test('a second connection field counts, and the next request starts afresh', () => {
  const framer = new RequestFramer(LONGEST_BODY_BYTES)
  const first = withFields('Connection: te', 'Connection: close')
  const bytes = Buffer.from(first + withFields())
  expect(framer.frame(bytes, 0, bytes.length)).toBe(FRAMED)
  expect(framer.closes).toBe(true)
  expect(framer.frame(bytes, framer.end, bytes.length)).toBe(FRAMED)
  expect(framer.closes).toBe(false)
})

test.each([
  ['a coding nobody knows', ['Transfer-Encoding: identity'], 501],
  ['chunks of a coding', ['Transfer-Encoding: gzip, chunked'], 501],
  ['chunks within a coding', ['Transfer-Encoding: chunked, gzip'], 400],
  ['two codings', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], 400],
  ['a coding in front of a length', ['Transfer-Encoding: chunked', 'Content-Length: 3'], 400],
  ['a coding behind a length', ['Content-Length: 3', 'transfer-encoding: identity'], 400],
  ['an expectation of something else', ['Expect: 200-ok'], 417],
  ['an expectation of nothing', ['Expect:'], 417],
  ['two expectations in one', ['Expect: 100-continue, x'], 417],
  ['a body beyond the longest', [`Content-Length: ${LONGEST_BODY_BYTES + 1}`], 413],
  ['a length that no number holds', [`Content-Length: ${'9'.repeat(400)}`], 413],
])('%s is refused with its own status', (_, lines, status) => {
  expect(frame(withFields(...lines)).outcome).toBe(status)
})

test('the longest body is taken', () => {
  const head = withFields(`Content-Length: 0000000000${LONGEST_BODY_BYTES}`)
  expect(frame(head + 'a'.repeat(LONGEST_BODY_BYTES))).toMatchObject({
    outcome: FRAMED,
    end: head.length + LONGEST_BODY_BYTES,
  })
})

/** A request whose head has so many bytes. */
function withHeadOf(bytes: number): string {
  const rest = withFields('X: ').length
  return withFields(`X: ${'x'.repeat(bytes - rest)}`)
}

test('the longest head is taken, an empty line in front not counted', () => {
  const text = withHeadOf(LONGEST_HEAD_BYTES)
  expect(frame(text)).toMatchObject({ outcome: FRAMED, end: LONGEST_HEAD_BYTES })
  expect(frame(`\r\n${text}`)).toMatchObject({ outcome: FRAMED, end: LONGEST_HEAD_BYTES + 2 })
})

test('a head that is longer is refused as soon as that is seen, in whatever line', () => {
  const text = withHeadOf(LONGEST_HEAD_BYTES + 1)
  expect(frame(text).outcome).toBe(431)
  expect(frame(text.slice(0, LONGEST_HEAD_BYTES)).outcome).toBe(INCOMPLETE)
  expect(frame('G'.repeat(LONGEST_HEAD_BYTES + 1)).outcome).toBe(501)
  expect(frame(`GET /${'a'.repeat(LONGEST_HEAD_BYTES)}`).outcome).toBe(414)
  expect(frame(withFields(...Array.from({ length: 500 }, () => 'A: b'))).outcome).toBe(431)
})

/** Each could be read in two ways by two servers in a row: the classic request-smuggling vectors. */
test.each([
  ['two lengths', ['Content-Length: 5', 'Content-Length: 6']],
  ['the same length twice', ['Content-Length: 5', 'Content-Length: 5']],
  ['a list of lengths', ['Content-Length: 5, 5']],
  ['a length with a sign', ['Content-Length: +5']],
  ['a negative length', ['Content-Length: -5']],
  ['a hexadecimal length', ['Content-Length: 0x5']],
  ['a length with a fraction', ['Content-Length: 5.0']],
  ['a length with an exponent', ['Content-Length: 1e1']],
  ['a length with a blank in it', ['Content-Length: 5 5']],
  ['a length with a tab in it', ['Content-Length: 5\t5']],
  ['a length in quotes', ['Content-Length: "5"']],
  ['digits of another script', ['Content-Length: \xb2']],
  ['a line feed in front of a length', ['X: y\nContent-Length: 5']],
  ['a carriage return in front of a length', ['X: y\rContent-Length: 5']],
  ['a folded line by a blank', ['X: y', ' Content-Length: 5']],
  ['a folded line by a tab', ['X: y', '\tContent-Length: 5']],
  ['a folded length', ['Content-Length:', ' 5']],
  ['a blank in front of the colon', ['Content-Length : 5']],
  ['a tab in front of the colon', ['Content-Length\t: 5']],
  ['a zero byte in the name', ['Content-Length\0: 5']],
  ['a vertical tab in front of a coding', ['Transfer-Encoding: \vchunked']],
  ['a folded coding', ['Transfer-Encoding:', '\tchunked']],
])('%s is never framed', (_, lines) => {
  const text = withFields(...lines)
  const { outcome } = frame(`${text}GET /healthz HTTP/1.1\r\n${HOST}\r\n`)
  expect([400, 501]).toContain(outcome)
})

test('blanks around a length are no part of it', () => {
  expect(frame(`${withFields('Content-Length:\t 5 \t')}hello`).outcome).toBe(FRAMED)
})

test.each(['\n', '\r', '\n\r', '\r\r\n'])('lines that end in %j are refused', (lineEnd) => {
  const lines = withFields('Content-Length: 0').split('\r\n')
  for (let place = 0; place < lines.length - 1; place++) {
    const text =
      lines.slice(0, place + 1).join('\r\n') + lineEnd + lines.slice(place + 1).join('\r\n')
    // The first empty line, only: what comes behind it is the next request.
    expect(frame(`${text}GET`).outcome, `line ${place}`).toBe(400)
  }
})

test.each(['100-continue', '100-Continue', ' 100-continue '])(
  'a client waits for a word: %s',
  (value) => {
    const framer = new RequestFramer(LONGEST_BODY_BYTES)
    const head = withFields(`Expect:${value}`, 'Content-Length: 3')
    const bytes = Buffer.from(`${head}abc`)
    expect(framer.frame(bytes, 0, head.length - 1)).toBe(INCOMPLETE)
    expect(framer.awaitsContinue(head.length - 1)).toBe(false)
    expect(framer.frame(bytes, 0, head.length)).toBe(INCOMPLETE)
    expect(framer.awaitsContinue(head.length)).toBe(true)
    // Who has sent some of its body waits for nothing.
    expect(framer.frame(bytes, 0, head.length + 1)).toBe(INCOMPLETE)
    expect(framer.awaitsContinue(head.length + 1)).toBe(false)
    expect(framer.frame(bytes, 0, bytes.length)).toBe(FRAMED)
    const next = Buffer.from(withFields('Content-Length: 3'))
    framer.frame(next, 0, next.length)
    expect(framer.awaitsContinue(next.length)).toBe(false)
  },
)

test('of HTTP/1.0 an expectation is ignored', () => {
  const head = 'PUT /kv/a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n'
  const framer = new RequestFramer(LONGEST_BODY_BYTES)
  const bytes = Buffer.from(`${head}a`)
  expect(framer.frame(bytes, 0, head.length)).toBe(INCOMPLETE)
  expect(framer.awaitsContinue(head.length)).toBe(false)
  expect(framer.frame(bytes, 0, bytes.length)).toBe(FRAMED)
})
