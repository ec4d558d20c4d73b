import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../../base/clock.ts'
import { messageOf, runError } from '../../base/errors.ts'
import { NS_PER_MS } from '../../base/units.ts'
import { Connection, LARGEST_INPUT_BYTES } from './connection.ts'
import { FIGURES, type PortFigures } from './port-figures.ts'
import { STATUS } from './protocol.ts'

/** Where a port listens. */
export interface ListenAddress {
  readonly host: string
  readonly tcpPort: number
  /** Several ports share the TCP port; the kernel spreads connections over them. */
  readonly reusePort: boolean
  /** How long a request may take to arrive, and a client to take its reply; @default 10 s */
  readonly slowMs: number
  /** How long a connection may be silent; @default 120 s */
  readonly idleMs: number
}

export const SLOW_MS = 10_000
export const IDLE_MS = 120_000

/** After our side is closed, how long a client may go on sending before the connection is torn down. */
const LINGER_MS = 1_000
const BACKLOG = 4_096
const NOTHING = new Uint8Array(0)

/** What a listener tells the port that owns it. */
export interface ListenerEvents {
  /** Bytes came, or the end of what the client sends, or room for replies. */
  arrived(connection: Connection): void
  closed(connection: Connection): void
  /** Its request took too long: to be answered with this status. */
  timedOut(connection: Connection, status: number): void
}

/** The listening socket of one port and the sockets of its clients: accepting, reading, closing, timing out. */
export class PortListener {
  readonly #address: ListenAddress
  readonly #clock: Clock
  readonly #figures: PortFigures
  readonly #events: ListenerEvents
  readonly #server: Server
  readonly #connections = new Set<Connection>()

  constructor(address: ListenAddress, clock: Clock, figures: PortFigures, events: ListenerEvents) {
    this.#address = address
    this.#clock = clock
    this.#figures = figures
    this.#events = events
    // A client may close its side and still wait for replies.
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) =>
      this.#accept(socket),
    )
  }

  async listen(): Promise<void> {
    const { host, tcpPort, reusePort } = this.#address
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#server.once('error', reject)
    this.#server.listen({ host, port: tcpPort, reusePort, backlog: BACKLOG }, resolve)
    try {
      await promise
    } catch (error) {
      throw runError('listen', `cannot listen: ${messageOf(error)}`, undefined, error)
    }
    this.#server.off('error', reject)
    // A connection that cannot be accepted, for lack of descriptors say, is its client's to try again.
    this.#server.on('error', () => {})
  }

  /** Where it listens, also when the kernel chose the port. */
  get tcpPort(): number {
    const address = this.#server.address()
    return address !== null && typeof address === 'object' ? address.port : this.#address.tcpPort
  }

  #accept(socket: Socket): void {
    const connection = new Connection(socket, NOTHING, this.#clock.nowNs())
    this.#connections.add(connection)
    this.#figures.add(FIGURES.accepted, 1)
    this.#figures.set(FIGURES.connections, this.#connections.size)
    socket.on('data', (chunk: Uint8Array) => this.#read(connection, chunk))
    socket.on('end', () => {
      connection.isEnded = true
      this.#events.arrived(connection)
    })
    socket.on('drain', () => this.#events.arrived(connection))
    // What went wrong is the client's affair; `close` follows.
    socket.on('error', () => {})
    socket.on('close', () => this.#forget(connection))
  }

  // Measured path.
  #read(connection: Connection, chunk: Uint8Array): void {
    if (connection.isClosing) return
    connection.arrivedNs = this.#clock.nowNs()
    connection.give(chunk)
    if (connection.end - connection.at > LARGEST_INPUT_BYTES) connection.pause()
    this.#events.arrived(connection)
  }
  // End of the measured path.

  #forget(connection: Connection): void {
    if (!connection.isOpen) return
    connection.isOpen = false
    this.#connections.delete(connection)
    this.#figures.set(FIGURES.connections, this.#connections.size)
    this.#events.closed(connection)
  }

  /** Closes our side; what the client still sends is read and thrown away, so that the reply is not lost to a reset. */
  finish(connection: Connection): void {
    if (connection.isClosed) return
    connection.isClosing = true
    connection.isClosed = true
    connection.activeNs = this.#clock.nowNs()
    connection.socket.end()
    connection.socket.resume()
  }

  sweep(nowNs: number): void {
    const slowSinceNs = nowNs - this.#address.slowMs * NS_PER_MS
    const idleSinceNs = nowNs - this.#address.idleMs * NS_PER_MS
    const lingerSinceNs = nowNs - LINGER_MS * NS_PER_MS
    for (const connection of this.#connections) {
      const { socket, activeNs } = connection
      const isSilent = Math.max(activeNs, connection.arrivedNs) < idleSinceNs
      if (connection.isClosed) {
        // What the client has not taken yet is not lost before its time either.
        const sinceNs = socket.writableLength === 0 ? lingerSinceNs : slowSinceNs
        if (activeNs < sinceNs) socket.destroy()
      } else if (connection.unfinishedSinceNs < slowSinceNs) {
        this.#figures.add(FIGURES.timeouts, 1)
        connection.unfinishedSinceNs = Number.POSITIVE_INFINITY
        this.#events.timedOut(connection, STATUS.requestTimeout)
      } else if (socket.writableLength !== 0 && activeNs < slowSinceNs) {
        this.#figures.add(FIGURES.timeouts, 1)
        socket.destroy()
      } else if (connection.pending === 0 && isSilent) {
        this.#figures.add(FIGURES.timeouts, 1)
        this.finish(connection)
      }
    }
  }

  /** Accepts no more; connections end when what is pending of them is replied. May be called again. */
  endConnections(): void {
    this.#server.close()
    for (const connection of this.#connections) {
      connection.isClosing = true
      if (connection.pending === 0) this.finish(connection)
    }
  }

  /** Accepts no more and tears every connection down. */
  close(): void {
    this.#server.close()
    for (const connection of this.#connections) connection.socket.destroy()
  }
}
