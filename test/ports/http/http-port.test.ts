import { afterEach, beforeEach, expect, test } from 'vitest'
import { TURN_NOW, TURN_TOOK } from '../../../harness/contract/port.ts'
import { HttpPort } from '../../../harness/ports/http/http-port.ts'
import { written } from '../../base/written.ts'
import { createHttpBench, FIRST_SLOT, get, type HttpBench, put, until, valueOf } from './bench.ts'

const MOST_PIPELINED = 64

let bench: HttpBench
beforeEach(async () => {
  bench = await createHttpBench()
})
afterEach(() => bench.close())

/** Makes another bench the test's own. */
async function rebuild(changes: Parameters<typeof createHttpBench>[0]): Promise<void> {
  await bench.close()
  bench = await createHttpBench(changes)
}

const statusesOf = (replies: readonly { readonly status: number }[]) =>
  replies.map(({ status }) => status)

test('one connection serves one request after the other', async () => {
  const client = await bench.connect()
  for (let request = 1; request <= 3; request++) {
    client.send(get(`key${request}`))
    const replies = await bench.replies(client, request)
    expect(replies.at(-1)).toMatchObject({ status: 200, body: valueOf(`key${request}`) })
    expect(replies.at(-1)!.fields.has('connection')).toBe(false)
  }
  expect(client.rest()).toBe('')
  expect(bench.figures()).toMatchObject({ accepted: 1, connections: 1, received: 3 })
})

test('a request that comes byte by byte is received once it is whole', async () => {
  const client = await bench.connect()
  const text = put('key', 'hello')
  await client.sendParts(text.slice(0, -1).split(''))
  await bench.look()
  expect(bench.port.inFlight()).toBe(0)
  client.send(text.at(-1)!)
  const [reply] = await bench.replies(client, 1)
  expect(reply!.fields.get('etag')).toBe('"00000005-00000214"')
  expect(bench.figures().received).toBe(1)
})

test('a turn takes from its beginning to its end, without what comes before the next one', () => {
  const { port, clock } = bench
  port.begin()
  const startNs = clock.nowNs()
  clock.advance(300)
  port.endTurn()
  clock.advance(5_000)
  port.begin()
  expect([port.cell[TURN_NOW], port.cell[TURN_TOOK]]).toEqual([startNs + 5_300, 300])
})

test('slots are the port’s own, and each is in flight until its reply is flushed', async () => {
  const client = await bench.connect()
  client.send(get('a') + get('b') + get('c'))
  const slots = await bench.received(3)
  expect(new Set(slots).size).toBe(3)
  expect(slots.every((slot) => slot >= FIRST_SLOT && slot < FIRST_SLOT + 8)).toBe(true)
  bench.serve(slots)
  expect(bench.port.inFlight()).toBe(3)
  expect(bench.figures().inFlight).toBe(3)
  bench.port.reply(Int32Array.from(slots), 0, 3)
  expect(bench.port.inFlight()).toBe(3)
  bench.port.flush()
  expect(bench.port.inFlight()).toBe(0)
  expect(bench.figures().inFlight).toBe(0)
})

test('a reply waits for those of earlier requests of its connection, not for those of others', async () => {
  const [one, other] = [await bench.connect(), await bench.connect()]
  one.send(get('a') + get('b'))
  const [a, b] = await bench.received(2)
  other.send(get('c'))
  const [c] = await bench.received(1)
  bench.serve([a!, b!, c!])
  bench.reply([b!])
  bench.reply([c!])
  await until(() => other.replies().length === 1)
  expect(one.received()).toBe('')
  bench.reply([a!])
  await until(() => one.replies().length === 2)
  expect(one.replies().map(({ body }) => body)).toEqual([valueOf('a'), valueOf('b')])
})

test('receive takes no more than its limit and one request per connection in turn', async () => {
  const [one, other] = [await bench.connect(), await bench.connect()]
  one.send(get('a1') + get('a2') + get('a3'))
  await until(() => bench.arrivals() >= 1)
  other.send(get('b1'))
  await until(() => bench.arrivals() >= 2)
  expect(bench.port.hasArrivals()).toBe(true)
  const slots = bench.receive(2)
  expect(slots).toHaveLength(2)
  bench.serve(slots)
  bench.reply(slots)
  await until(() => one.replies().length === 1 && other.replies().length === 1)
})

test('requests beyond the slots wait and are served later, none of them lost', async () => {
  await rebuild({ slotCount: 2 })
  const clients = await Promise.all(Array.from({ length: 5 }, () => bench.connect()))
  clients.forEach((client, index) => client.send(get(`a${index}`) + get(`b${index}`)))
  await until(() => bench.arrivals() >= 5)
  const first = bench.receive()
  expect(first).toHaveLength(2)
  expect(bench.receive()).toEqual([])
  expect(bench.port.hasArrivals()).toBe(false)
  // Two of the five have their second request waiting.
  expect(bench.figures()).toMatchObject({ inFlight: 2, largestBacklog: 5, refused: 0 })
  bench.serve(first)
  bench.reply(first)
  expect(bench.port.hasArrivals()).toBe(true)
  for (const [index, client] of clients.entries()) {
    const replies = await bench.replies(client, 2)
    expect(replies.map(({ body }) => body)).toEqual([valueOf(`a${index}`), valueOf(`b${index}`)])
  }
  expect(bench.figures()).toMatchObject({ received: 10, replies2xx: 10, inFlight: 0 })
})

test('one connection has no more than 64 requests on their way; the rest follows', async () => {
  await rebuild({ slotCount: 100 })
  const client = await bench.connect()
  const count = MOST_PIPELINED + 20
  client.send(Array.from({ length: count }, (_, index) => get(`key${index}`)).join(''))
  const slots = await bench.received(MOST_PIPELINED)
  await bench.look()
  expect(bench.port.inFlight()).toBe(MOST_PIPELINED)
  bench.serve(slots)
  bench.reply(slots.toReversed())
  const replies = await bench.replies(client, count)
  expect(replies.map(({ body }) => body)).toEqual(
    Array.from({ length: count }, (_, index) => valueOf(`key${index}`)),
  )
})

test('a request that waited beyond the deadline is refused, and its connection goes on', async () => {
  await rebuild({ slotCount: 1, deadlineMs: 5 })
  const [first, second] = [await bench.connect(), await bench.connect()]
  first.send(get('a'))
  const [slot] = await bench.received(1)
  const before = bench.arrivals()
  second.send(get('b'))
  await until(() => bench.arrivals() > before)
  bench.clock.advance(4_999_999)
  expect(bench.receive()).toEqual([])
  expect(bench.figures().refused).toBe(0)
  bench.clock.advance(1)
  expect(bench.receive()).toEqual([])
  bench.port.flush()
  await until(() => second.replies().length === 1)
  expect(second.replies()[0]!.status).toBe(503)
  expect(bench.figures()).toMatchObject({ refused: 1, replies5xx: 1 })
  bench.serve([slot!])
  bench.reply([slot!])
  second.send(get('c'))
  expect(statusesOf(await bench.replies(second, 2))).toEqual([503, 200])
})

test('a request that waited beyond the deadline for a turn of its port is refused, though slots are free', async () => {
  await rebuild({ slotCount: 2, deadlineMs: 5 })
  const client = await bench.connect()
  const before = bench.arrivals()
  client.send(get('a'))
  await until(() => bench.arrivals() > before)
  bench.clock.advance(5_000_000)
  expect(bench.receive()).toEqual([])
  bench.port.flush()
  await until(() => client.replies().length === 1)
  expect(client.replies()[0]!.status).toBe(503)
  expect(bench.figures()).toMatchObject({ refused: 1, received: 0, inFlight: 0 })
})

test('a refusal keeps its place behind the requests that are on their way', async () => {
  await rebuild({ slotCount: 2, deadlineMs: 5 })
  const client = await bench.connect()
  client.send(
    `${get('a')}${get('b')}${get('c')}HEAD /kv/d HTTP/1.1\r\nHost: a\r\n\r\n${get('e', 'Connection: close')}`,
  )
  client.heads.add(3)
  const slots = await bench.received(2)
  bench.clock.advance(6_000_000)
  // One look per request that is refused.
  for (let look = 0; look < 3; look++) bench.receive()
  bench.port.flush()
  await bench.look()
  expect(client.received()).toBe('')
  bench.serve(slots)
  bench.reply(slots)
  await until(() => client.isClosed)
  expect(statusesOf(client.replies())).toEqual([200, 200, 503, 503, 503])
  expect(client.replies().map(({ fields }) => fields.get('connection'))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    'close',
  ])
  expect(client.rest()).toBe('')
})

test('a request refused in its slot gets its reply in its place, and its slot is free when that is sent', async () => {
  await rebuild({ slotCount: 3, deadlineMs: 5 })
  const [client, gone] = [await bench.connect(), await bench.connect()]
  client.send(`${get('a')}HEAD /kv/b HTTP/1.1\r\nHost: a\r\n\r\n`)
  client.heads.add(1)
  const [a, b] = await bench.received(2)
  gone.send(get('c'))
  const [c] = await bench.received(1)
  const { port, clock } = bench
  const late = () => {
    port.begin()
    return [a!, b!, c!].map((slot) => port.isLate(slot))
  }
  clock.advance(4_999_999)
  expect(late()).toEqual([false, false, false])
  const fromNs = clock.nowNs() + 1
  expect(written((target, at) => port.lateFromNs(b!, target, at))).toBe(fromNs)
  clock.advance(1)
  expect(late()).toEqual([true, true, true])
  gone.socket.resetAndDestroy()
  await until(() => bench.figures().connections === 1)
  port.refuse(Int32Array.of(b!, c!), 0, 2)
  port.flush()
  expect(bench.figures()).toMatchObject({ refused: 2, received: 1, inFlight: 2 })
  bench.serve([a!])
  bench.reply([a!])
  await until(() => client.replies().length === 2)
  expect(statusesOf(client.replies())).toEqual([200, 503])
  expect(bench.figures()).toMatchObject({ inFlight: 0, replies2xx: 1, replies5xx: 1 })
  client.send(get('d', 'Connection: close'))
  const [d] = await bench.received(1)
  clock.advance(5_000_000)
  port.begin()
  port.refuse(Int32Array.of(d!), 0, 1)
  port.flush()
  await until(() => client.isClosed)
  expect(client.replies().at(-1)!.status).toBe(503)
  expect(client.replies().at(-1)!.fields.get('connection')).toBe('close')
  expect(client.rest()).toBe('')
})

test('where there is no deadline no request is ever late', async () => {
  const client = await bench.connect()
  client.send(get('a'))
  const [slot] = await bench.received(1)
  bench.clock.advance(60_000_000_000)
  bench.port.begin()
  expect(bench.port.isLate(slot!)).toBe(false)
  const fromNs = written((target, at) => bench.port.lateFromNs(slot!, target, at))
  expect(fromNs).toBe(Number.POSITIVE_INFINITY)
})

const own = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

test('health and counters are told in the order of a pipeline, without a slot', async () => {
  const client = await bench.connect()
  client.send(own('/healthz') + get('a') + own('/stats') + get('b') + own('/healthz'))
  const slots = await bench.received(2)
  bench.serve(slots)
  await bench.look()
  // What stands in front of the first slot is not held back by it.
  expect(client.replies().map(({ body }) => body)).toEqual(['ok\n'])
  bench.reply([slots[1]!])
  bench.reply([slots[0]!])
  await until(() => client.replies().length === 5)
  const replies = client.replies()
  expect(statusesOf(replies)).toEqual([200, 200, 200, 200, 200])
  expect(replies[0]!.fields.get('content-type')).toBe('text/plain')
  expect(JSON.parse(replies[2]!.body)).toMatchObject({ server: 'bench' })
  expect([1, 3, 4].map((index) => replies[index]!.body)).toEqual([
    valueOf('a'),
    valueOf('b'),
    'ok\n',
  ])
})

test('counters are those of all ports, one by one and together', async () => {
  const [busy, asking] = [await bench.connect(), await bench.connect()]
  busy.send(get('a'))
  const slots = await bench.received(1)
  asking.send(own('/stats'))
  const [reply] = await bench.replies(asking, 1)
  expect(reply!.fields.get('content-type')).toBe('application/json')
  expect(JSON.parse(reply!.body)).toMatchObject({
    server: 'bench',
    freeSlots: 7,
    total: { slots: 8, inFlight: 1, received: 1, connections: 2 },
    ports: [{ slots: 0, connections: 0 }, bench.figures()].map((port) => ({
      ...port,
      replies2xx: 0,
    })),
  })
  bench.serve(slots)
  bench.reply(slots)
})

test.each(['/healthz/', '/healthz%3F', '/health', '/stat', '/statsx'])(
  'the path %s is none of the port’s own',
  async (path) => {
    const client = await bench.connect()
    client.send(own(path))
    expect(statusesOf(await bench.replies(client, 1))).toEqual([404])
    expect(bench.figures().received).toBe(1)
  },
)

test('figures add up: each request has a reply, counted by the first digit of its status', async () => {
  await rebuild({ slotCount: 3, deadlineMs: 1 })
  const clients = await Promise.all(Array.from({ length: 4 }, () => bench.connect()))
  const messages = [
    `${get('a')}GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n`,
    `${put('b', 'c')}DELETE /kv/a HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n${get('c')}`,
    `${get('d')}no request\r\n\r\n`,
  ]
  clients.forEach((client, index) => client.send(messages[index]!))
  await until(() => clients.every((client) => client.replies().length === 2), bench.turn)
  await until(() => clients[3]!.isClosed && bench.figures().connections === 3)
  expect(clients.map((client) => statusesOf(client.replies()))).toEqual([
    [200, 404],
    [200, 405],
    [200, 200],
    [200, 400],
  ])
  expect(bench.figures()).toEqual({
    connections: 3,
    accepted: 4,
    received: 6,
    replies2xx: 5,
    replies4xx: 3,
    replies5xx: 0,
    refused: 0,
    timeouts: 0,
    slots: 3,
    inFlight: 0,
    largestBacklog: expect.any(Number),
  })
})

const LARGE = { slotCount: MOST_PIPELINED, valueBytes: 1_024, leastReplyBytes: 1_016 }
const largeValueOf = (key: string) => valueOf(key).padEnd(LARGE.leastReplyBytes, '.')
const keysUpTo = (count: number) => Array.from({ length: count }, (_, index) => `key${index}`)

test('replies that are longer together than the room for output go out whole', async () => {
  await rebuild(LARGE)
  const client = await bench.connect()
  const keys = keysUpTo(MOST_PIPELINED)
  client.send(keys.map((key) => get(key)).join(''))
  // 64 replies of 1.2 kB, and nothing of them can be written before the first is ready.
  const slots = await bench.received(MOST_PIPELINED)
  bench.serve(slots)
  bench.reply(slots.toReversed())
  await until(() => client.replies().length === MOST_PIPELINED)
  expect(client.replies().map(({ body }) => body)).toEqual(keys.map(largeValueOf))
  expect(client.rest()).toBe('')
})

test('a client that does not read is not served without bound, and gets everything once it reads', async () => {
  await rebuild(LARGE)
  const client = await bench.connect(true)
  // More than the kernel keeps for both sides together, in either direction.
  const keys = keysUpTo(24_000)
  const filler = `X: ${'x'.repeat(1_000)}`
  client.send(keys.map((key) => get(key, filler)).join('') + get('last', 'Connection: close'))
  const received = await bench.stalled()
  expect(received).toBeGreaterThan(0)
  expect(received).toBeLessThan(keys.length)
  expect(bench.port.inFlight()).toBe(0)
  // What is not served is not read either: it stays with the client.
  expect(client.socket.writableLength).toBeGreaterThan(0)
  // Others are served meanwhile, and their replies stay apart.
  const other = await bench.connect()
  other.send(get('other').repeat(MOST_PIPELINED))
  await bench.replies(other, MOST_PIPELINED)
  client.socket.resume()
  await until(() => client.isClosed, bench.turn)
  const replies = client.replies()
  expect(replies).toHaveLength(keys.length + 1)
  expect(keys.find((key, index) => replies[index]!.body !== largeValueOf(key))).toBeUndefined()
  expect(client.rest()).toBe('')
})

test('a port that cannot listen says so', async () => {
  const address = { ...bench.memory.address, tcpPort: bench.port.tcpPort }
  const second = new HttpPort({ ...bench.memory, address }, bench.clock)
  await expect(second.listen()).rejects.toMatchObject({
    kind: 'run',
    code: 'listen',
    message: expect.stringMatching(/^cannot listen: .*EADDRINUSE/),
  })
})
