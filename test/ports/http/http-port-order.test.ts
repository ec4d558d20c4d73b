import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHttpBench, get, put, until, valueOf } from './bench.ts'
import type { RawClient } from './raw-client.ts'

/** A request, and what a strict client may read in answer to it. */
interface Exchange {
  readonly request: string
  readonly status: number
  readonly body: string
  readonly etag?: string
}

const keys = fc
  .tuple(fc.constantFrom('a', 'user0000', 'longest-key_~.12'), fc.nat(9))
  .map(([key, digit]) => `${key.slice(0, 15)}${digit}`)

const sumOf = (body: string) => Buffer.from(body).reduce((sum, byte) => sum + byte, 0)
const hexadecimal = (word: number) => word.toString(16).padStart(8, '0')

const exchanges: fc.Arbitrary<Exchange> = fc.oneof(
  keys.map((key) => ({ request: get(key), status: 200, body: valueOf(key) })),
  fc.tuple(keys, fc.string({ unit: 'binary-ascii', maxLength: 92 })).map(([key, body]) => ({
    request: put(key, body),
    status: 200,
    body: '',
    etag: `"${hexadecimal(body.length)}-${hexadecimal(sumOf(body))}"`,
  })),
  fc.constantFrom(
    { request: 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n', status: 200, body: 'ok\n' },
    {
      request: 'GET /other HTTP/1.1\r\nHost: a\r\n\r\n',
      status: 404,
      body: 'no such key or path\n',
    },
    {
      request: 'POST /kv/a HTTP/1.1\r\nHost: a\r\n\r\n',
      status: 405,
      body: 'its Allow field names what is served there\n',
    },
    {
      request: 'HEAD /kv/a HTTP/1.1\r\nHost: a\r\n\r\n',
      status: 200,
      body: '',
      etag: '"00000000-00000000"',
    },
    { request: 'HEAD /kv/ HTTP/1.1\r\nHost: a\r\n\r\n', status: 404, body: '' },
    { request: 'HEAD http://a/healthz HTTP/1.1\r\nHost: a\r\n\r\n', status: 200, body: '' },
    { request: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', status: 204, body: '' },
    {
      request:
        'PUT /kv/%61 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x="y"\r\nhe\r\n03\r\nllo\r\n0\r\nT: v\r\n\r\n',
      status: 200,
      body: '',
      etag: '"00000005-00000214"',
    },
  ),
)

/** What one client sends, and the places where its bytes are cut into pieces. */
const courses = fc.record({
  exchanges: fc.array(exchanges, { minLength: 1, maxLength: 12 }),
  cuts: fc.array(fc.nat(600), { maxLength: 12 }),
})

function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.filter((cut) => cut < text.length), text.length].toSorted(
    (a, b) => a - b,
  )
  return places.slice(1).map((place, index) => text.slice(places[index], place))
}

test('however requests come in pieces and slots are answered, each client reads its replies in order', async () => {
  const bench = await createHttpBench({ slotCount: 5 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(courses, { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(fc.nat(20)),
      fc.integer({ min: 1, max: 5 }),
      async (clientCourses, choices, limit) => {
        const chosen = (below: number) => choices.next().value! % below
        const clients = await Promise.all(clientCourses.map(() => bench.connect()))
        const sending = clientCourses.map(async ({ exchanges: sent, cuts }, index) => {
          const client = clients[index]!
          sent.forEach(({ request }, number) => {
            if (request.startsWith('HEAD')) client.heads.add(number)
          })
          await client.sendParts(cutAt(sent.map(({ request }) => request).join(''), cuts))
        })
        const inHand: number[] = []
        const isDone = () =>
          clients.every(
            (client, index) => client.replies().length === clientCourses[index]!.exchanges.length,
          )
        await until(isDone, () => {
          const slots = bench.receive(limit)
          bench.serve(slots)
          inHand.push(...slots)
          // Any of those in hand go, in any order.
          const answered: number[] = []
          for (let count = chosen(3); count > 0 && inHand.length > 0; count--)
            answered.push(...inHand.splice(chosen(inHand.length), 1))
          bench.reply(answered)
        })
        await Promise.all(sending)
        clients.forEach((client, index) => expectExchanges(client, clientCourses[index]!.exchanges))
        expect(bench.port.inFlight()).toBe(0)
        for (const client of clients) client.socket.end()
        await until(() => bench.figures().connections === 0, bench.turn)
      },
    ),
    { numRuns: 60 },
  )
  await bench.close()
})

function expectExchanges(client: RawClient, sent: readonly Exchange[]): void {
  expect(
    client
      .replies()
      .map(({ status, body, fields }) => ({ status, body, etag: fields.get('etag') })),
  ).toEqual(
    sent.map(({ request, status, body, etag }) => ({
      status,
      body,
      etag: request.startsWith('GET') && status === 200 && body !== 'ok\n' ? NO_VERSION : etag,
    })),
  )
  expect(client.rest()).toBe('')
}

/** The bench answers reads so. */
const NO_VERSION = '"00000000-00000000"'
