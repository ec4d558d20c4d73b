import cluster from 'node:cluster'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { keyText } from '../../harness/workload/http-messages.ts'

/*
 * What most people would write: `node:http` in a `node:cluster` of as many processes as there are processors, the same two
 * routes, a Map of the same records in each process. Started as `baseline.process.ts <TCP port> <processes> <keys>`.
 */
const [port = 0, processes = 1, keys = 0] = process.argv.slice(2).map(Number)
const PAYLOAD_BYTES = 92
const PREFIX = '/kv/'

/** A record of the baseline. */
interface Entry {
  version: number
  payload: Buffer
}

function serve(): void {
  const entries = new Map<string, Entry>()
  for (let key = 0; key < keys; key++)
    entries.set(keyText(key), { version: 0, payload: Buffer.alloc(PAYLOAD_BYTES) })
  createServer((request, response) => answer(entries, request, response)).listen(port, '127.0.0.1')
}

function answer(
  entries: ReadonlyMap<string, Entry>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { url = '', method } = request
  const entry = url.startsWith(PREFIX) ? entries.get(url.slice(PREFIX.length)) : undefined
  if (entry === undefined) {
    response.writeHead(404).end()
  } else if (method === 'GET') {
    reply(response, entry, entry.payload)
  } else {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      entry.payload = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
      entry.version++
      reply(response, entry, Buffer.alloc(0))
    })
  }
}

function reply(response: ServerResponse, { version }: Entry, body: Buffer): void {
  response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    ETag: `"${version}"`,
    'Content-Length': body.length,
  })
  response.end(body)
}

if (cluster.isPrimary) {
  for (let worker = 0; worker < processes; worker++) cluster.fork()
  process.on('SIGTERM', () => process.exit())
} else {
  serve()
}
