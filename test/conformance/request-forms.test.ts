import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { LONGEST_HEAD_BYTES } from '../../harness/ports/http/request-framer.ts'
import { keyText } from '../../harness/workload/http-messages.ts'
import { type StartedServer, startServer } from '../experiment/started-server.ts'
import { RawClient } from '../ports/http/raw-client.ts'

/*
 * RFC 9110 and 9112 as one table: each form of a request, the statuses of its replies, and whether its connection ends. What is
 * not supported on purpose stands in scenarios/README.md, "Over HTTP".
 */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 })

const KEY = keyText(1)
const PATH = `/kv/${KEY}`
const VALUE_BYTES = 92

const line = (requestLine: string, ...fields: string[]) =>
  `${requestLine}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`
/** A request of 1.1 with a host. */
const request = (start: string, ...fields: string[]) =>
  line(`${start} HTTP/1.1`, 'Host: a', ...fields)
const get = (...fields: string[]) => request(`GET ${PATH}`, ...fields)
const put = (body: string, ...fields: string[]) => `${request(`PUT ${PATH}`, ...fields)}${body}`
const chunked = (body: string) => put(body, 'Transfer-Encoding: chunked')

/** Behind this many replies with these statuses the connection goes on, or ends. */
type Form = readonly [
  name: string,
  text: string,
  statuses: number | readonly number[],
  end: 'open' | 'ends',
]

const FORMS: readonly Form[] = [
  // Targets: RFC 9112, 3.2.
  ['an origin’s path', get(), 200, 'open'],
  ['a path with a query', request(`GET ${PATH}?x=%20&y`), 200, 'open'],
  ['a path of nothing', request('GET /'), 404, 'open'],
  ['a whole address', request(`GET http://other:81${PATH}`), 200, 'open'],
  ['a whole address in capitals', request(`GET HTTP://A${PATH}`), 200, 'open'],
  ['a whole address of IPv6', request(`GET http://[::1]:80${PATH}`), 200, 'open'],
  ['the address of /healthz', request('GET http://a/healthz?x'), 200, 'open'],
  ['an address without a path', request('GET http://a'), 404, 'open'],
  ['an address without a path, with a query', request('GET http://a?x=/healthz'), 404, 'open'],
  ['an address without a host', request(`GET http://${PATH}`), 400, 'open'],
  ['an address with a user', request(`GET http://u@a${PATH}`), 400, 'open'],
  ['an address of https', request(`GET https://a${PATH}`), 421, 'open'],
  ['an address of another scheme', request('GET ftp://a/'), 400, 'open'],
  ['an authority for CONNECT', request('CONNECT a:80'), 405, 'open'],
  ['an authority for GET', request('GET a:80'), 400, 'open'],
  ['an asterisk for OPTIONS', request('OPTIONS *'), 204, 'open'],
  ['the asterisk as an address', request('OPTIONS http://a'), 204, 'open'],
  ['an asterisk for GET', request('GET *'), 400, 'open'],
  ['an asterisk and more', request('OPTIONS *x'), 400, 'open'],
  ['a path without its slash', request(`GET kv/${KEY}`), 400, 'open'],
  ['a fragment', request(`GET ${PATH}#x`), 400, 'ends'],
  ['a blank in a target', request('GET /a b'), 400, 'ends'],
  ['characters beyond ASCII', request('GET /\xc3\xa9'), 400, 'ends'],
  ['two blanks', request(`GET  ${PATH}`), 400, 'ends'],
  ['a target too long', request(`GET /${'a'.repeat(LONGEST_HEAD_BYTES)}`), 414, 'ends'],
  ['a long target', request(`GET /${'a'.repeat(1_500)}`), 404, 'open'],
  ['an escaped key', request(`GET /kv/%75%73er${KEY.slice(4)}`), 200, 'open'],
  [
    'a key wholly escaped',
    request(`GET /kv/${KEY.replaceAll(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`)}?x`),
    200,
    'open',
  ],
  ['an escape that is none', request('GET /kv/%zz'), 404, 'open'],
  ['an escaped slash', request(`GET /kv%2f${KEY}`), 404, 'open'],
  // Methods: RFC 9110, 9.
  ['HEAD of a record', request(`HEAD ${PATH}`), 200, 'open'],
  ['HEAD of no record', request('HEAD /kv/absent'), 404, 'open'],
  ['HEAD of /healthz', request('HEAD /healthz'), 200, 'open'],
  ['HEAD of /stats', request('HEAD /stats'), 200, 'open'],
  ['PUT of a record', put('hello', 'Content-Length: 5'), 200, 'open'],
  ['PUT without a body', put(''), 200, 'open'],
  ['PUT of no record', request('PUT /kv/absent'), 404, 'open'],
  ['PUT of /healthz', request('PUT /healthz'), 405, 'open'],
  ['POST', request(`POST ${PATH}`), 405, 'open'],
  ['POST of /healthz', `${request('POST /healthz', 'Content-Length: 1')}x`, 405, 'open'],
  ['POST of nothing', request('POST /'), 404, 'open'],
  ['DELETE', request(`DELETE ${PATH}`), 405, 'open'],
  ['PATCH', request(`PATCH ${PATH}`), 405, 'open'],
  ['TRACE', request(`TRACE ${PATH}`), 405, 'open'],
  ['OPTIONS of a record', request(`OPTIONS ${PATH}`), 204, 'open'],
  ['OPTIONS of /stats', request('OPTIONS /stats'), 204, 'open'],
  ['a method of nobody', request(`BREW ${PATH}`), 501, 'open'],
  ['a method of nobody for /healthz', request('BREW /healthz'), 501, 'open'],
  ['a method in small letters', request(`get ${PATH}`), 501, 'open'],
  ['a method without end', 'G'.repeat(LONGEST_HEAD_BYTES + 1), 501, 'ends'],
  ['a method that is no token', request(`G(T ${PATH}`), 400, 'ends'],
  // Versions: RFC 9112, 2.3 and 9.3.
  ['1.0', line(`GET ${PATH} HTTP/1.0`), 200, 'ends'],
  ['1.0 with keep-alive', line(`GET ${PATH} HTTP/1.0`, 'Connection: keep-alive'), 200, 'ends'],
  ['1.2', line(`GET ${PATH} HTTP/1.2`, 'Host: a'), 200, 'open'],
  ['1.9 without a host', line(`GET ${PATH} HTTP/1.9`), 400, 'ends'],
  ['0.9 with its name', line(`GET ${PATH} HTTP/0.9`), 505, 'ends'],
  ['0.9 without', `GET ${PATH}\r\n`, 400, 'ends'],
  ['2.0', line(`GET ${PATH} HTTP/2.0`, 'Host: a'), 505, 'ends'],
  ['the preface of 2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505, 'ends'],
  ['1.10', line(`GET ${PATH} HTTP/1.10`, 'Host: a'), 400, 'ends'],
  ['1', line(`GET ${PATH} HTTP/1`, 'Host: a'), 400, 'ends'],
  ['x.y', line(`GET ${PATH} HTTP/x.y`, 'Host: a'), 400, 'ends'],
  ['small letters', line(`GET ${PATH} http/1.1`, 'Host: a'), 400, 'ends'],
  // Hosts: RFC 9112, 3.2.
  ['no host', line(`GET ${PATH} HTTP/1.1`), 400, 'ends'],
  ['two hosts', get('Host: a'), 400, 'ends'],
  ['an empty host', line(`GET ${PATH} HTTP/1.1`, 'Host:'), 200, 'open'],
  ['a host with a port', line(`GET ${PATH} HTTP/1.1`, 'hOST: [::1]:80'), 200, 'open'],
  ['a host with a blank', line(`GET ${PATH} HTTP/1.1`, 'Host: a b'), 400, 'ends'],
  ['a host with a path', line(`GET ${PATH} HTTP/1.1`, 'Host: a/b'), 400, 'ends'],
  // Line ends: RFC 9112, 2.2.
  ['bare line feeds', get().replaceAll('\r', ''), 400, 'ends'],
  ['a carriage return within a line', get('X: a\rb'), 400, 'ends'],
  ['an empty line in front', `\r\n${get()}`, 200, 'open'],
  ['two empty lines in front', `\r\n\r\n${get()}`, 400, 'ends'],
  ['an empty line behind each', `${get()}\r\n${get()}\r\n`, [200, 200], 'open'],
  // Fields: RFC 9112, 5.
  ['a folded line', get('X: a', ' b'), 400, 'ends'],
  ['a folded line first', line(`GET ${PATH} HTTP/1.1`, ' X: a', 'Host: a'), 400, 'ends'],
  ['a blank in front of a colon', get('X : a'), 400, 'ends'],
  ['a field without a name', get(': a'), 400, 'ends'],
  ['a field without a colon', get('X'), 400, 'ends'],
  ['a field without a value', get('X:'), 200, 'open'],
  ['a value beyond ASCII', get('X: \xe9\xff'), 200, 'open'],
  ['a name beyond ASCII', get('\xe9: a'), 400, 'ends'],
  ['a zero byte', get('X: a\0b'), 400, 'ends'],
  ['a long field', get(`X: ${'x'.repeat(1_800)}`), 200, 'open'],
  ['a field too long', get(`X: ${'x'.repeat(LONGEST_HEAD_BYTES)}`), 431, 'ends'],
  ['many fields', get(...Array.from({ length: 300 }, () => 'A: b')), 200, 'open'],
  ['too many fields', get(...Array.from({ length: 600 }, () => 'A: b')), 431, 'ends'],
  // Lengths: RFC 9110, 8.6, and 9112, 6.
  ['the same length twice', put('abc', 'Content-Length: 3', 'Content-Length: 3'), 400, 'ends'],
  ['two lengths', put('abc', 'Content-Length: 3', 'Content-Length: 4'), 400, 'ends'],
  ['a list of lengths', put('abc', 'Content-Length: 3, 3'), 400, 'ends'],
  ['a negative length', put('abc', 'Content-Length: -3'), 400, 'ends'],
  ['a length with a sign', put('abc', 'Content-Length: +3'), 400, 'ends'],
  ['a hexadecimal length', put('abc', 'Content-Length: 0x3'), 400, 'ends'],
  ['a length with zeros', put('abc', `Content-Length: ${'0'.repeat(20)}3`), 200, 'open'],
  ['an empty length', put('abc', 'Content-Length:'), 400, 'ends'],
  ['the longest body', put('x'.repeat(VALUE_BYTES), `Content-Length: ${VALUE_BYTES}`), 200, 'open'],
  ['a body too long', put('', `Content-Length: ${VALUE_BYTES + 1}`), 413, 'ends'],
  ['a length of many digits', put('', `Content-Length: ${'9'.repeat(300)}`), 413, 'ends'],
  ['a body on GET', `${get('Content-Length: 3')}abc`, 200, 'open'],
  ['chunks', chunked('5\r\nhello\r\n0\r\n\r\n'), 200, 'open'],
  [
    'chunks with extensions and trailers',
    chunked('5;a="b"\r\nhello\r\n00;c\r\nT: v\r\n\r\n'),
    200,
    'open',
  ],
  ['no chunks', chunked('0\r\n\r\n'), 200, 'open'],
  ['chunks on GET', `${get('Transfer-Encoding: Chunked')}1\r\na\r\n0\r\n\r\n`, 200, 'open'],
  ['chunks that are too long', chunked('5d\r\n'), 413, 'ends'],
  ['chunks of a size that is none', chunked('x\r\n'), 400, 'ends'],
  [
    'chunks and a length',
    put('0\r\n\r\n', 'Transfer-Encoding: chunked', 'Content-Length: 5'),
    400,
    'ends',
  ],
  ['chunks of 1.0', line(`PUT ${PATH} HTTP/1.0`, 'Transfer-Encoding: chunked'), 400, 'ends'],
  ['a coding of nobody', put('', 'Transfer-Encoding: zip'), 501, 'ends'],
  ['a coding within chunks', put('', 'Transfer-Encoding: gzip, chunked'), 501, 'ends'],
  ['chunks within a coding', put('', 'Transfer-Encoding: chunked, gzip'), 400, 'ends'],
  // Connections: RFC 9112, 9; expectations and upgrades: RFC 9110, 10.1.1 and 7.8.
  ['close', get('Connection: close'), 200, 'ends'],
  ['CLOSE in a list', get('Connection: te,, CLOSE ,x'), 200, 'ends'],
  ['keep-alive', get('Connection: Keep-Alive'), 200, 'open'],
  ['close behind an error', request('BREW /', 'Connection: close'), 501, 'ends'],
  ['close of /healthz', request('OPTIONS /healthz', 'Connection: close'), 204, 'ends'],
  [
    'an expectation with its body',
    put('abc', 'Expect: 100-Continue', 'Content-Length: 3'),
    200,
    'open',
  ],
  ['another expectation', get('Expect: more'), 417, 'ends'],
  ['an expectation of 1.0', line(`GET ${PATH} HTTP/1.0`, 'Expect: more'), 200, 'ends'],
  [
    'an upgrade',
    get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AA'),
    200,
    'open',
  ],
  // Pipelines: RFC 9112, 9.3.2.
  [
    'a pipeline with HEAD in the middle',
    get() +
      request(`HEAD ${PATH}`) +
      request('HEAD /x') +
      request('OPTIONS *') +
      put('hello', 'Content-Length: 5') +
      chunked('1\r\na\r\n0\r\n\r\n') +
      request('GET /healthz'),
    [200, 200, 404, 204, 200, 200, 200],
    'open',
  ],
  ['nothing behind an error', get() + get('X') + get(), [200, 400], 'ends'],
  ['nothing behind a close', get() + get('Connection: close') + get(), [200, 200], 'ends'],
  ['TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 400, 'ends'],
]

describe.each(['staged', 'sharded'])('%s', (arm) => {
  let started: StartedServer
  beforeAll(async () => {
    started = await startServer(arm)
  })
  afterAll(() => started.server.stop())

  /** Sends, and reads until so many replies have come or the connection has ended. */
  async function ask(
    text: string,
    count: number,
    send = async (client: RawClient) => client.send(text),
  ) {
    const client = await RawClient.connect(started.tcpPorts[0]!)
    // Numbers of requests by method: what the forms say of themselves.
    text.match(/^(?:GET|HEAD|PUT|OPTIONS) (?=\S+ HTTP)/gm)?.forEach((method, number) => {
      if (method === 'HEAD ') client.heads.add(number)
    })
    const timer = setTimeout(() => client.socket.destroy(), 20_000)
    try {
      await send(client)
      await client.holds(() => client.replies().length >= count)
      return { replies: client.replies(), rest: client.rest(), client }
    } finally {
      clearTimeout(timer)
    }
  }

  test.each(FORMS)('%s', async (_, text, expected, end) => {
    const statuses = [expected].flat()
    const isOpen = end === 'open'
    const sent = isOpen ? text + request('GET /healthz') : text
    const { replies, client } = await ask(sent, statuses.length + Number(isOpen))
    if (!isOpen) await client.holds(() => client.isEnded)
    expect(client.isEnded).toBe(!isOpen)
    expect(replies.at(-1)!.fields.get('connection')).toBe(isOpen ? undefined : 'close')
    const wanted = isOpen ? [...statuses, 200] : statuses
    expect(client.replies().map(({ status }) => status)).toEqual(wanted)
    expect(client.rest()).toBe('')
    for (const { status, fields } of replies) {
      const names = status === 405 || status === 204 ? /^GET, HEAD(?:, PUT)?, OPTIONS$/ : /^$/
      expect(fields.get('allow') ?? '').toMatch(names)
    }
    client.socket.destroy()
  })

  test('HEAD has the fields of GET', async () => {
    const { replies, client } = await ask(get() + request(`HEAD ${PATH}`), 2)
    const [first, second] = replies.map(({ fields }) => Object.fromEntries(fields))
    expect({ ...second, date: '' }).toEqual({ ...first, date: '' })
    expect(replies[1]!.body).toBe('')
    client.socket.destroy()
  })

  test('a body in chunks is the value', async () => {
    const text = chunked('3;x\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n') + get()
    const { replies, client } = await ask(text, 2)
    expect(replies[1]!.body).toBe('abc0123456789')
    client.socket.destroy()
  })

  test('forms in any pieces have the answers that they have in one', async () => {
    const forms = FORMS.filter(([, text]) => text.length < 1_000)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...forms),
        fc.array(fc.nat(300), { maxLength: 8 }),
        async ([, text, expected, end], cuts) => {
          const statuses = [expected].flat()
          const places = [0, ...cuts.filter((cut) => cut < text.length), text.length].toSorted(
            (a, b) => a - b,
          )
          const parts = places.slice(1).map((place, index) => text.slice(places[index], place))
          const { replies, client } = await ask(text, statuses.length, (sender) =>
            sender.sendParts(parts),
          )
          expect(replies.map(({ status }) => status)).toEqual(statuses)
          if (end === 'ends') await client.holds(() => client.isEnded)
          client.socket.destroy()
        },
      ),
      { numRuns: 100 },
    )
  })

  test('garbage is refused, and its connection ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), async (garbage) => {
        const client = await RawClient.connect(started.tcpPorts[0]!)
        client.socket.end(garbage)
        expect(await client.holds(() => client.isEnded)).toBe(true)
        // One empty line is nothing that is to be answered.
        const statuses = client.replies().map(({ status }) => status)
        expect(statuses.every((status) => status >= 400)).toBe(true)
        expect(statuses).toHaveLength(1)
        expect(client.rest()).toBe('')
      }),
      { numRuns: 100 },
    )
    const { replies, client } = await ask(request('GET /healthz'), 1)
    expect(replies[0]!.status).toBe(200)
    client.socket.destroy()
  })
})
