import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import type { Workload } from '../../harness/contract/workload.ts'
import { parseTransport, prepareHttp, shareOutCpus } from '../../harness/asked/transport.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const NO_FLAGS = { connections: undefined, pipelining: undefined, tcpPort: undefined }
const WORKLOAD: Workload = {
  recordCount: 1,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}
const PLACE = { portCount: 2, clientCpus: [] }

test('a transport is found by its name', () => {
  expect(parseTransport('http', NO_FLAGS)).toBe('http')
  expect(parseTransport('replay', NO_FLAGS)).toBe('replay')
})

test('flags of real sockets are refused where there are none', () => {
  for (const flag of ['connections', 'pipelining', 'tcpPort']) {
    expect(caughtFailure(() => parseTransport('replay', { ...NO_FLAGS, [flag]: 1 }))).toMatchObject(
      {
        code: 'conflict',
      },
    )
  }
})

test('connections are the user’s, else the workload’s, else 64', async () => {
  const clients = { connections: 8, pipelining: 16 }
  expect(await prepareHttp(WORKLOAD, NO_FLAGS, PLACE)).toMatchObject({
    kind: 'http',
    host: '127.0.0.1',
    connections: 64,
    pipelining: 1,
    clientCpus: [],
  })
  expect(await prepareHttp({ ...WORKLOAD, clients }, NO_FLAGS, PLACE)).toMatchObject(clients)
  const flags = { ...NO_FLAGS, connections: 3, pipelining: 2 }
  expect(await prepareHttp({ ...WORKLOAD, clients }, flags, PLACE)).toMatchObject({
    // Two ports with two each.
    connections: 4,
    pipelining: 2,
  })
})

test('each port of a server needs a connection', async () => {
  const flags = { ...NO_FLAGS, connections: 1 }
  await expect(prepareHttp(WORKLOAD, flags, PLACE)).rejects.toMatchObject({
    kind: 'usage',
    code: 'connections',
  })
})

test('a TCP port in use is refused before anything is measured', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0 }, resolve)
  })
  const { port } = server.address() as { port: number }
  await expect(prepareHttp(WORKLOAD, { ...NO_FLAGS, tcpPort: port }, PLACE)).rejects.toMatchObject({
    kind: 'usage',
    code: 'port-in-use',
  })
  server.close()
})

test('the client gets a processor of its own where the servers keep two or the user left one', () => {
  expect(shareOutCpus(undefined, [0, 1])).toEqual({ servers: [0, 1], client: [] })
  expect(shareOutCpus(undefined, [0, 1, 2, 3])).toEqual({ servers: [0, 1, 2], client: [3] })
  expect(shareOutCpus([0], [0, 1])).toEqual({ servers: [0], client: [1] })
  expect(shareOutCpus([0, 1], [0, 1])).toEqual({ servers: [0, 1], client: [] })
})
