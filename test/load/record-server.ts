import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { valueChecksum } from '../../harness/base/hash.ts'
import { keyText, RECORD_PATH } from '../../harness/workload/http-messages.ts'
import { entityTag } from './entity-tag.ts'
import { createKeySpace } from '../../harness/workload/keys.ts'

/** What a server does with one request instead of answering it right. */
export type Deviation =
  | 'wrong-checksum'
  | 'torn-payload'
  | 'refuse'
  | 'server-error'
  /** Executes it and never answers. */
  | 'silent'
  /** Breaks the connection, with all requests that are on it. */
  | 'break'
  | { readonly answerAfterMs: number }

export interface RecordServerOptions {
  readonly recordCount: number
  readonly valueBytes: number
  /** @param number of the request, from 1 */
  readonly deviate?: (number: number, key: number) => Deviation | undefined
  readonly document?: { readonly path: string; readonly text: string }
}

/** A server of records in this process, slow and right; it notes what it was asked for. */
export class RecordServer {
  readonly #server: Server
  readonly #options: RecordServerOptions
  readonly #hashes: Int32Array
  readonly #keys = new Map<string, number>()
  readonly #payloads: Buffer[]
  /** Updates executed, by key. */
  readonly versions: Int32Array
  /** Targets of all requests but those for health. */
  readonly targets: string[] = []
  /** Most requests that were not answered at one time. */
  mostInFlight = 0
  connections = 0
  #inFlight = 0

  static async start(options: RecordServerOptions): Promise<RecordServer> {
    const server = new RecordServer(options)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  private constructor(options: RecordServerOptions) {
    const { recordCount, valueBytes } = options
    this.#options = options
    this.#hashes = createKeySpace(recordCount).hashes
    for (let key = 0; key < recordCount; key++) this.#keys.set(keyText(key), key)
    this.#payloads = Array.from({ length: recordCount }, () => Buffer.alloc(valueBytes - 8))
    this.versions = new Int32Array(recordCount)
    this.#server = createServer((request, response) => this.#receive(request, response))
    this.#server.keepAliveTimeout = 0
    this.#server.on('connection', () => this.connections++)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? ''
    if (target === '/healthz') {
      response.end('ok\n')
      return
    }
    this.targets.push(target)
    this.mostInFlight = Math.max(this.mostInFlight, ++this.#inFlight)
    response.on('finish', () => this.#inFlight--)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => this.#answer(request, Buffer.concat(chunks), response))
  }

  #answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const path = (request.url ?? '').split('?')[0]!
    const { document } = this.#options
    if (document !== undefined) {
      if (path === document.path) response.end(document.text)
      else response.writeHead(404).end()
      return
    }
    const key = this.#keys.get(path.slice(RECORD_PATH.length))
    if (key === undefined) {
      response.writeHead(404).end()
      return
    }
    const deviation = this.#options.deviate?.(this.targets.length, key)
    if (deviation === 'refuse') {
      response.writeHead(503).end('busy')
      return
    }
    if (request.method === 'PUT') {
      this.versions[key]!++
      this.#payloads[key] = body
    }
    const version = this.versions[key]!
    const payload = request.method === 'PUT' ? Buffer.alloc(0) : this.#payloads[key]!
    if (deviation === 'silent') return
    if (deviation === 'break') {
      request.socket.destroy()
      return
    }
    if (deviation === 'server-error') {
      response.writeHead(500).end()
      return
    }
    const checksum =
      valueChecksum(this.#hashes[key]!, version) + (deviation === 'wrong-checksum' ? 1 : 0)
    const sent = deviation === 'torn-payload' ? payload.subarray(1) : payload
    const answer = () => {
      response.setHeader('ETag', entityTag(version, checksum | 0))
      response.setHeader('Content-Length', sent.length)
      response.end(sent)
    }
    if (typeof deviation === 'object') setTimeout(answer, deviation.answerAfterMs)
    else answer()
  }
}
