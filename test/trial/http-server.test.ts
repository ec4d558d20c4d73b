import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { findTcpPorts, LOOPBACK } from '../../harness/ports/http/tcp-ports.ts'
import { keyText, parseEntityTag } from '../../harness/workload/http-messages.ts'
import { RawClient } from '../ports/http/raw-client.ts'
import { startServer, type StartedServer } from '../experiment/started-server.ts'

const PAYLOAD_BYTES = 92
// A busy machine may take long to start a dozen threads.
vi.setConfig({ testTimeout: 90_000 })

let started: StartedServer | undefined
const clients: RawClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy()
  await started?.server.stop()
  started = undefined
})

const recordUrl = (tcpPort: number, key: number) =>
  `http://${LOOPBACK}:${tcpPort}/kv/${keyText(key)}`
const READ = `GET /kv/${keyText(1)} HTTP/1.1\r\nHost: a\r\n\r\n`
/** Each on its own connection: fetch keeps others for later. */
const CLOSE = { headers: { connection: 'close' } }

async function connect(tcpPort: number): Promise<RawClient> {
  const client = await RawClient.connect(tcpPort)
  clients.push(client)
  return client
}

describe.each(['sharded', 'staged'])('%s', (arm) => {
  test('an update over one port is read over every port', async () => {
    started = await startServer(arm)
    const [first, second] = started.tcpPorts as [number, number]
    const before = await fetch(recordUrl(first, 7), CLOSE)
    expect(before.status).toBe(200)
    expect(await before.text()).toBe('\0'.repeat(PAYLOAD_BYTES))
    expect(parseEntityTag(before.headers.get('etag')!)).toMatchObject({ version: 0 })

    const update = await fetch(recordUrl(second, 7), { ...CLOSE, method: 'PUT', body: 'hello' })
    expect(update.status).toBe(200)
    expect(parseEntityTag(update.headers.get('etag')!)).toMatchObject({ version: 1 })

    for (const tcpPort of [first, second]) {
      const after = await fetch(recordUrl(tcpPort, 7), CLOSE)
      expect(await after.text()).toBe('hello')
      expect(after.headers.get('etag')).toBe(update.headers.get('etag'))
    }
    expect((await fetch(recordUrl(first, 1_000_000), CLOSE)).status).toBe(404)
    expect(started.server.figures().map(({ received }) => received)).toEqual([3, 2])
  })

  test('a stop answers what is on its way, ends connections and frees the ports', async () => {
    started = await startServer(arm)
    const [tcpPort, otherPort] = started.tcpPorts as [number, number]
    const [idle, busy] = [await connect(otherPort), await connect(tcpPort)]
    // Some are on their way at any moment.
    busy.socket.on('data', () => {
      if (!busy.isEnded) busy.send(READ.repeat(3))
    })
    busy.send(READ.repeat(20))
    await busy.holds(() => busy.replies().length > 0)
    const stopping = started.server.stop()
    await busy.holds(() => busy.isClosed)
    await idle.holds(() => idle.isClosed)
    await stopping
    const replies = busy.replies()
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    expect(busy.rest()).toBe('')
    expect(started.server.figures()).toMatchObject([
      { connections: 0, inFlight: 0, received: replies.length },
      { connections: 0, inFlight: 0, received: 0 },
    ])
    await expect(RawClient.connect(tcpPort)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    // Its successor may have the same ports at once.
    started = await startServer(arm, tcpPort)
    expect((await fetch(recordUrl(tcpPort, 1), CLOSE)).status).toBe(200)
  })
})

test('a stop does not wait for ever for a client that does not end', async () => {
  started = await startServer('sharded')
  const client = await connect(started.tcpPorts[0]!)
  client.socket.removeAllListeners('end')
  client.send(`${READ}GET /`)
  await client.holds(() => client.replies().length === 1)
  await started.server.stop()
  expect(started.server.figures()[0]).toMatchObject({ received: 1, replies2xx: 1 })
})

test('a port that cannot be listened on ends the start, with its reason', async () => {
  const first = await findTcpPorts(LOOPBACK, 2)
  const occupant = createServer().listen(first + 1, LOOPBACK)
  await once(occupant, 'listening')
  try {
    await expect(startServer('sharded', first)).rejects.toMatchObject({
      kind: 'run',
      code: 'listen',
      message: expect.stringMatching(
        /^thread failed: scenario=kv-update file=\S+ arm=sharded thread=\S+-1: cannot listen: .*EADDRINUSE/,
      ),
    })
    // Nothing of the server is left: its other port is free again.
    const again = createServer().listen(first, LOOPBACK)
    await once(again, 'listening')
    again.close()
  } finally {
    occupant.close()
  }
})

test('serving ends without an error when it is interrupted', async () => {
  started = await startServer('sharded')
  const interruption = new AbortController()
  const serving = started.server.serveUntil(interruption.signal)
  expect((await fetch(recordUrl(started.tcpPorts[0]!, 1), CLOSE)).status).toBe(200)
  interruption.abort()
  await expect(serving).resolves.toBeUndefined()
})
