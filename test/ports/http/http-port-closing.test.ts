import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createHttpBench,
  get,
  type HttpBench,
  IDLE_MS,
  put,
  settle,
  SLOW_MS,
  until,
  valueOf,
} from './bench.ts'
import type { RawClient } from './raw-client.ts'

let bench: HttpBench
beforeEach(async () => {
  bench = await createHttpBench()
})
afterEach(() => bench.close())

/** What the client has read when the connection is over, as `status body connection-field`. */
async function readToEnd(client: RawClient) {
  await until(() => client.isClosed, bench.turn)
  expect(client.rest()).toBe('')
  return client
    .replies()
    .map(({ status, body, fields }) => [status, body, fields.get('connection')] as const)
}

/** Until the port has taken notice of so many things more. */
async function arrived(count: number, act: () => void): Promise<void> {
  const before = bench.arrivals()
  act()
  await until(() => bench.arrivals() >= before + count)
}

test('the last reply of a connection that is to be closed says so, and nothing comes behind it', async () => {
  const client = await bench.connect()
  client.send(get('a') + get('b', 'Connection: close') + get('c'))
  expect(await readToEnd(client)).toEqual([
    [200, valueOf('a'), undefined],
    [200, valueOf('b'), 'close'],
  ])
  await until(() => bench.figures().connections === 0)
  expect(bench.figures().received).toBe(2)
})

test.each(['/healthz', '/stats', '/other'])('so does the reply from %s', async (path) => {
  const client = await bench.connect()
  client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  const replies = await readToEnd(client)
  expect(replies.map(([, , connection]) => connection)).toEqual(['close'])
})

test('an update over a connection that is to be closed says so in front of its date', async () => {
  const client = await bench.connect()
  client.send(put('a', 'b').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
  expect(await readToEnd(client)).toEqual([[200, '', 'close']])
  expect(client.received()).toMatch(/^HTTP\/1\.1 200 OK\r\nConnection: close\r\nDate: [A-Z]/)
})

test('a client of version 1.0 is answered and the connection closed', async () => {
  const client = await bench.connect()
  client.send('GET /kv/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
  expect(await readToEnd(client)).toEqual([[200, valueOf('a'), 'close']])
})

test('a client that has ended its side still gets all of its replies', async () => {
  const client = await bench.connect()
  client.send(get('a') + get('b') + get('c'))
  client.socket.end()
  const slots = await bench.received(3)
  await settle()
  bench.serve(slots)
  bench.reply([slots[2]!, slots[0]!])
  await until(() => client.replies().length === 1)
  await bench.look()
  expect(client.isEnded).toBe(false)
  bench.reply([slots[1]!])
  expect((await readToEnd(client)).map(([, body]) => body)).toEqual(['a', 'b', 'c'].map(valueOf))
})

test('a client that ends its side before a slot is free is answered all the same', async () => {
  await bench.close()
  bench = await createHttpBench({ slotCount: 1 })
  const [first, second] = [await bench.connect(), await bench.connect()]
  first.send(get('a'))
  const slots = await bench.received(1)
  second.send(get('b') + get('c'))
  second.socket.end()
  await bench.look()
  bench.serve(slots)
  bench.reply(slots)
  expect((await readToEnd(second)).map(([, body]) => body)).toEqual(['b', 'c'].map(valueOf))
})

test('a client that ends its side within a request is told that this is none', async () => {
  const client = await bench.connect()
  client.send(get('a') + get('b').slice(0, -1))
  client.socket.end()
  expect(await readToEnd(client)).toEqual([
    [200, valueOf('a'), undefined],
    [400, 'the request is malformed\n', 'close'],
  ])
})

test('a client that ends its side without a request is left in silence', async () => {
  const client = await bench.connect()
  client.socket.end()
  expect(await readToEnd(client)).toEqual([])
  await until(() => bench.figures().connections === 0)
  expect(bench.figures()).toMatchObject({ replies4xx: 0, timeouts: 0 })
})

test('behind a malformed request nothing is taken; what was in front of it is answered', async () => {
  const client = await bench.connect()
  client.send(`${get('a')}${put('b', 'c')}GET /kv/d HTTP/1.1\nHost: a\r\n\r\n${get('e')}`)
  const slots = await bench.received(2)
  await bench.look()
  expect(client.received()).toBe('')
  bench.serve(slots)
  bench.reply(slots)
  expect(await readToEnd(client)).toEqual([
    [200, valueOf('a'), undefined],
    [200, '', undefined],
    [400, 'the request is malformed\n', 'close'],
  ])
  expect(bench.figures().received).toBe(2)
})

test('what still comes behind a malformed request is thrown away and does not harm its reply', async () => {
  const client = await bench.connect()
  client.send(`no request\r\n\r\n`)
  for (let part = 0; part < 50; part++) client.send('x'.repeat(10_000))
  expect(await readToEnd(client)).toEqual([[400, 'the request is malformed\n', 'close']])
})

test('what came before a malformed request was looked at is thrown away, too', async () => {
  const client = await bench.connect()
  // So much that the port stops reading.
  await arrived(2, () => client.send(`no request\r\n\r\n${'x'.repeat(400_000)}`))
  expect(await readToEnd(client)).toEqual([[400, 'the request is malformed\n', 'close']])
  await until(() => bench.figures().connections === 0)
})

test('a client that goes on sending after the end is torn down', async () => {
  const client = await bench.connect()
  client.socket.removeAllListeners('end')
  client.send(`no request\r\n\r\n`)
  await until(() => client.replies().length === 1, bench.turn)
  bench.sweepAfter(1_000)
  await settle()
  expect(bench.figures().connections).toBe(1)
  bench.sweepAfter(1)
  await until(() => bench.figures().connections === 0)
})

test('the slots of a client that is gone are free once they are answered', async () => {
  const client = await bench.connect()
  client.send(get('a') + get('b') + get('c') + get('d'))
  const slots = await bench.received(4)
  bench.serve(slots)
  // Answered, but not sent: its predecessors are not.
  bench.reply([slots[2]!])
  expect(bench.port.inFlight()).toBe(4)
  // Answered, not flushed.
  bench.port.reply(Int32Array.from([slots[0]!]), 0, 1)
  client.socket.resetAndDestroy()
  await until(() => bench.figures().connections === 0)
  expect(bench.port.inFlight()).toBe(3)
  bench.port.flush()
  expect(bench.port.inFlight()).toBe(2)
  bench.reply([slots[3]!, slots[1]!])
  expect(bench.port.inFlight()).toBe(0)
  expect(bench.figures().inFlight).toBe(0)
  // All eight can be had again, each once.
  const next = await bench.connect()
  next.send(Array.from({ length: 8 }, (_, index) => get(`k${index}`)).join(''))
  const again = await bench.received(8)
  expect(new Set(again).size).toBe(8)
  bench.serve(again)
  bench.reply(again)
  await until(() => next.replies().length === 8)
  expect(next.replies().map(({ body }) => body)).toEqual(
    Array.from({ length: 8 }, (_, index) => valueOf(`k${index}`)),
  )
})

test('what waits of a client that is gone is not received', async () => {
  await bench.close()
  bench = await createHttpBench({ slotCount: 1 })
  const client = await bench.connect()
  client.send(get('a') + get('b'))
  const slots = await bench.received(1)
  client.socket.resetAndDestroy()
  await until(() => bench.figures().connections === 0)
  bench.serve(slots)
  bench.reply(slots)
  expect(bench.receive()).toEqual([])
  expect(bench.port.inFlight()).toBe(0)
})

test('a request that does not arrive in time is answered with 408 and its connection closed', async () => {
  const client = await bench.connect()
  await arrived(1, () => client.send('GET /kv/a HTTP'))
  bench.turn()
  bench.sweepAfter(SLOW_MS - 1)
  await arrived(1, () => client.send('/1.1\r\n'))
  bench.turn()
  bench.sweepAfter(1)
  await settle()
  expect(client.received()).toBe('')
  bench.sweepAfter(1)
  expect(await readToEnd(client)).toEqual([[408, 'the request took too long to arrive\n', 'close']])
  await until(() => bench.figures().connections === 0)
  expect(bench.figures()).toMatchObject({ timeouts: 1, replies4xx: 1 })
})

test('a slow request is answered behind those that are on their way', async () => {
  const client = await bench.connect()
  client.send(`${get('a')}GET /kv`)
  const slots = await bench.received(1)
  await bench.look()
  bench.sweepAfter(SLOW_MS + 1)
  await settle()
  expect(client.received()).toBe('')
  bench.serve(slots)
  bench.reply(slots)
  expect((await readToEnd(client)).map(([status]) => status)).toEqual([200, 408])
})

test('a request that came in time does not count against the next one', async () => {
  const client = await bench.connect()
  const [first, second] = [get('a'), get('b')]
  await arrived(1, () => client.send(first.slice(0, 10)))
  bench.turn()
  bench.sweepAfter(SLOW_MS - 1)
  await arrived(1, () => client.send(first.slice(10) + second.slice(0, 10)))
  bench.turn()
  bench.sweepAfter(SLOW_MS - 1)
  await arrived(1, () => client.send(second.slice(10)))
  expect((await bench.replies(client, 2)).map(({ body }) => body)).toEqual(['a', 'b'].map(valueOf))
  expect(bench.figures().timeouts).toBe(0)
})

/** A client that reads nothing, and a server that has sent it all that goes. */
async function stalledClient(): Promise<RawClient> {
  await bench.close()
  bench = await createHttpBench({ slotCount: 64, valueBytes: 1_024, leastReplyBytes: 1_016 })
  const client = await bench.connect(true)
  client.send(get('a').repeat(24_000))
  await bench.stalled()
  return client
}

test('a client that does not take its reply in time is torn down', async () => {
  await stalledClient()
  bench.sweepAfter(SLOW_MS)
  await settle()
  expect(bench.figures()).toMatchObject({ connections: 1, timeouts: 0 })
  bench.sweepAfter(1)
  await until(() => bench.figures().connections === 0)
  expect(bench.figures()).toMatchObject({ timeouts: 1, inFlight: 0 })
  expect(bench.port.inFlight()).toBe(0)
})

test('it has the same time when its connection is to be closed', async () => {
  const client = await stalledClient()
  const { replies2xx } = bench.figures()
  bench.port.endConnections()
  bench.sweepAfter(SLOW_MS)
  client.socket.resume()
  expect(await readToEnd(client)).toHaveLength(replies2xx)
})

test('a silent connection is closed, one that waits for its reply is not', async () => {
  const [silent, waiting] = [await bench.connect(), await bench.connect()]
  waiting.send(get('a'))
  const slots = await bench.received(1)
  bench.sweepAfter(IDLE_MS)
  await settle()
  expect(bench.figures()).toMatchObject({ connections: 2, timeouts: 0 })
  bench.sweepAfter(1)
  expect(await readToEnd(silent)).toEqual([])
  await until(() => bench.figures().connections === 1)
  expect(bench.figures().timeouts).toBe(1)
  bench.serve(slots)
  bench.reply(slots)
  await until(() => waiting.replies().length === 1)
  // Its silence begins with the reply.
  bench.sweepAfter(IDLE_MS)
  await settle()
  expect(waiting.isEnded).toBe(false)
})

test('connections end when what is on its way is answered, and no new ones are accepted', async () => {
  const [idle, busy] = [await bench.connect(), await bench.connect()]
  busy.send(get('a') + get('b'))
  const slots = await bench.received(2)
  bench.port.endConnections()
  expect(await readToEnd(idle)).toEqual([])
  await expect(bench.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  bench.port.endConnections()
  busy.send(get('c'))
  bench.serve(slots)
  bench.reply(slots.toReversed())
  expect(await readToEnd(busy)).toEqual([
    [200, valueOf('a'), undefined],
    [200, valueOf('b'), 'close'],
  ])
  await until(() => bench.figures().connections === 0)
})

test('closing tears down what is still open', async () => {
  const client = await bench.connect()
  client.send(get('a'))
  const slots = await bench.received(1)
  bench.port.close()
  await until(() => client.isClosed && bench.figures().connections === 0)
  bench.serve(slots)
  bench.reply(slots)
  expect(bench.port.inFlight()).toBe(0)
})
