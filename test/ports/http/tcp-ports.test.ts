import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { findTcpPorts, LOOPBACK, requireTcpPorts } from '../../../harness/ports/http/tcp-ports.ts'

const servers: Server[] = []
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(async (server) => {
      server.close()
      await once(server, 'close')
    }),
  )
})

/** Occupies a TCP port; answers which. */
async function listen(port = 0, reusePort = false): Promise<number> {
  const server = createServer()
  server.listen({ host: LOOPBACK, port, reusePort })
  await once(server, 'listening')
  servers.push(server)
  return (server.address() as AddressInfo).port
}

test.each([false, true])(
  'a port in use is refused, also when its listener would share it: %s',
  async (reusePort) => {
    const port = await listen(0, reusePort)
    await expect(requireTcpPorts(LOOPBACK, port, 1, '--port')).rejects.toMatchObject({
      kind: 'usage',
      code: 'port-in-use',
      message: `cannot listen: the port is in use: host=${LOOPBACK} port=${port}`,
      cure: expect.stringContaining('--port'),
    })
  },
)

test('every port of a range is tried, and those in front of one in use are free again', async () => {
  const first = await findTcpPorts(LOOPBACK, 3)
  await listen(first + 2)
  await expect(requireTcpPorts(LOOPBACK, first, 3, '--tcp-port')).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(`port=${first + 2}`),
  })
  await requireTcpPorts(LOOPBACK, first, 2, '--tcp-port')
  await listen(first)
})

test.each([
  [65_535, 2, '1 to 65534'],
  [65_530, 7, '1 to 65529'],
  [70_000, 1, '1 to 65535'],
])('a range from %i on of %i ports is refused', async (first, count, range) => {
  await expect(requireTcpPorts(LOOPBACK, first, count, '--tcp-port')).rejects.toMatchObject({
    kind: 'usage',
    code: 'tcp-port',
    cure: `--tcp-port takes ${range} here`,
  })
})

test('the last port of all may be asked for', async () => {
  // Somebody else may have it: then it is in use, not out of range.
  const code = await requireTcpPorts(LOOPBACK, 65_535, 1, '--port').then(
    () => undefined,
    (error: { code: string }) => error.code,
  )
  expect([undefined, 'port-in-use']).toContain(code)
})

test('an address that this machine does not have is refused', async () => {
  // RFC 5737: for documentation, nobody’s.
  await expect(requireTcpPorts('192.0.2.1', 18_080, 1, '--port')).rejects.toMatchObject({
    kind: 'usage',
    code: 'host',
    message: 'cannot listen: this machine has no such address: host=192.0.2.1 port=18080',
  })
})

test('a search finds ports that can be listened on, and no taken ones', async () => {
  const first = await findTcpPorts(LOOPBACK, 2)
  await listen(first + 1)
  const next = await findTcpPorts(LOOPBACK, 2)
  expect(next).toBeGreaterThan(first + 1)
  await listen(next)
  await listen(next + 1)
})

test('a search where nothing can be listened on says so', async () => {
  await expect(findTcpPorts('192.0.2.1', 1)).rejects.toMatchObject({
    kind: 'usage',
    code: 'tcp-ports',
    message: expect.stringContaining('host=192.0.2.1'),
  })
})
