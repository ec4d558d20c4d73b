import { Client } from 'undici'
import { runError } from '../base/errors.ts'
import { type LoadTarget, targetText } from './load-plan.ts'

/** Connections are kept as long as a trial may last. */
const KEEP_ALIVE_MS = 3_600_000
/** For the connection and its first reply. */
const CONNECT_MS = 5_000
const HEALTH_PATH = '/healthz'
const OK = 200

/** Connections of each port: its share of the target's, at least one. */
export function connectionsPerPort(target: LoadTarget): number {
  return Math.max(1, Math.round(target.connections / target.tcpPorts.length))
}

/**
 * Connects to every port of a server, one connection per client; each has had one request answered.
 * @throws a run error with code `connect` when one is refused or not answered.
 */
export async function connectClients(target: LoadTarget): Promise<Client[][]> {
  const count = connectionsPerPort(target)
  const clients = target.tcpPorts.map((tcpPort) =>
    Array.from({ length: count }, () => createClient(target, tcpPort)),
  )
  try {
    await Promise.all(clients.flat().map((client) => askHealth(client)))
  } catch (error) {
    await destroyClients(clients)
    const what = `cannot connect to the server: ${targetText(target)}: ${text(error)}`
    throw runError('connect', what, undefined, error)
  }
  return clients
}

/** Closes all connections; may be called again. */
export async function destroyClients(clients: readonly (readonly Client[])[]): Promise<void> {
  await Promise.all(clients.flat().map((client) => client.destroy()))
}

function createClient(target: LoadTarget, tcpPort: number): Client {
  return new Client(`http://${target.host}:${tcpPort}`, {
    pipelining: target.pipelining,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connectTimeout: CONNECT_MS,
  })
}

async function askHealth(client: Client): Promise<void> {
  const { statusCode, body } = await client.request({
    path: HEALTH_PATH,
    method: 'GET',
    headersTimeout: CONNECT_MS,
    bodyTimeout: CONNECT_MS,
  })
  await body.dump()
  if (statusCode !== OK) throw new Error(`status ${statusCode} to GET ${HEALTH_PATH}`)
}

function text(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}
