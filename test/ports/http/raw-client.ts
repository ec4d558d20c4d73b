import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { type ParsedReply, parseReplies } from './parse-replies.ts'

/** After which something may have changed. */
const EVENTS = ['data', 'end', 'close']

/** A client that sends what it is told, byte by byte if need be, and notes what comes. */
export class RawClient {
  readonly socket: Socket
  readonly #chunks: Buffer[] = []
  /** Numbers of its requests whose method is HEAD. */
  readonly heads = new Set<number>()
  /** The server has sent all that it will. */
  isEnded = false
  isClosed = false

  /** @param isPaused it reads nothing until its socket is resumed. */
  static async connect(tcpPort: number, isPaused = false): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port: tcpPort, noDelay: true, allowHalfOpen: true })
    const client = new RawClient(socket)
    await once(socket, 'connect')
    if (isPaused) socket.pause()
    return client
  }

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
    socket.on('end', () => {
      this.isEnded = true
      socket.end()
    })
    // Resets are among what is tested.
    socket.on('error', () => {})
    socket.on('close', () => {
      this.isClosed = true
    })
  }

  /** A character per byte. */
  send(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'))
  }

  /** Sends one part after the other, each on its own as far as the kernel lets it. */
  async sendParts(parts: readonly string[]): Promise<void> {
    for (const part of parts) {
      this.send(part)
      // oxlint-disable-next-line no-await-in-loop -- the order is the point
      await setImmediate()
    }
  }

  received(): string {
    return Buffer.concat(this.#chunks).toString('latin1')
  }

  /** Waits until it holds, which may change with what comes; answers whether it does, at the latest when all is over. */
  holds(condition: () => boolean): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const look = () => {
      const holds = condition()
      if (!holds && !this.isClosed) return
      for (const event of EVENTS) this.socket.off(event, look)
      resolve(holds)
    }
    for (const event of EVENTS) this.socket.on(event, look)
    look()
    return promise
  }

  /** The whole replies so far. @throws when something else came. */
  replies(): readonly ParsedReply[] {
    return parseReplies(this.received(), this.heads).replies
  }

  /** What came behind the last whole reply. */
  rest(): string {
    return parseReplies(this.received(), this.heads).rest
  }
}
