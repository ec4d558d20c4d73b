import { once } from 'node:events'
import { createServer } from 'node:net'
import { type CrossoverError, usageError } from '../../base/errors.ts'

export const LOOPBACK = '127.0.0.1'
/** Where a search for free ports begins: below the range from which the kernel gives ports to clients. */
const FIRST_TRIED = 18_080
const LAST_TCP_PORT = 65_535
const MOST_TRIED = 200

/** The first of `count` free TCP ports in a row. @throws CrossoverError of kind `usage` when there are none. */
export async function findTcpPorts(host: string, count: number): Promise<number> {
  for (let first = FIRST_TRIED; first < FIRST_TRIED + MOST_TRIED * count; first += count) {
    if ((await firstTaken(host, first, count)) === undefined) return first
  }
  throw usageError(
    'tcp-ports',
    `no ${count} free TCP ports in a row from ${FIRST_TRIED} on: host=${host}`,
    'name the first of some with --tcp-port',
  )
}

/**
 * Refuses TCP ports that cannot be listened on, before anything is started. Without SO_REUSEPORT: otherwise another
 * server's port would be shared with it unseen.
 * @throws CrossoverError of kind `usage`. @param flag that named the port.
 */
export async function requireTcpPorts(
  host: string,
  first: number,
  count: number,
  flag: string,
): Promise<void> {
  if (first + count - 1 > LAST_TCP_PORT) {
    throw usageError(
      'tcp-port',
      `${flag} ${first}: ${count} ports in a row from there exceed ${LAST_TCP_PORT}`,
      `${flag} takes 1 to ${LAST_TCP_PORT - count + 1} here`,
    )
  }
  const taken = await firstTaken(host, first, count)
  if (taken !== undefined) throw refusal(host, taken.port, taken.code, flag)
}

async function firstTaken(
  host: string,
  first: number,
  count: number,
): Promise<{ port: number; code: string } | undefined> {
  for (let port = first; port < first + count; port++) {
    const code = await tryPort(host, port)
    if (code !== undefined) return { port, code }
  }
  return undefined
}

/** Why the port cannot be listened on, as the system's error code; undefined when it can. */
async function tryPort(host: string, port: number): Promise<string | undefined> {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  } finally {
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
  }
}

function refusal(host: string, port: number, code: string, flag: string): CrossoverError {
  const where = `host=${host} port=${port}`
  if (code === 'EADDRINUSE') {
    return usageError(
      'port-in-use',
      `cannot listen: the port is in use: ${where}`,
      `end the program that listens there (ss -ltnp shows it), or choose another ${flag}`,
    )
  }
  if (code === 'EACCES') {
    return usageError(
      'port-denied',
      `cannot listen: permission denied: ${where}`,
      `choose a ${flag} from 1024 on, which needs no privilege`,
    )
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EINVAL') {
    return usageError(
      'host',
      `cannot listen: this machine has no such address: ${where}`,
      'choose another --host, e.g. 127.0.0.1, or 0.0.0.0 for all of its addresses',
    )
  }
  return usageError('listen', `cannot listen: ${code}: ${where}`, `choose another ${flag}`)
}
