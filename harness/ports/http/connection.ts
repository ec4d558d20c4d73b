import type { Socket } from 'node:net'

/** Requests of one connection that may be on their way at once; a client that pipelines more waits. A power of two. */
const MOST_PIPELINED = 64
/** An error's reply may come behind as many. */
const ORDER_PLACES = 2 * MOST_PIPELINED

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'

/** Unframed bytes at which a connection stops reading. */
export const LARGEST_INPUT_BYTES = 1 << 16

/** In the order of replies: the reply does not come from a slot but from the connection's own list. */
export const OWN_REPLY = -1

/** A reply that the port makes itself: an error, or what `/healthz` and `/stats` say. */
export interface OwnReply {
  readonly bytes: Uint8Array
  readonly status: number
}

/**
 * One client's connection: bytes that are not framed yet, and what is to be replied, in the order of its requests. Plain
 * data of the port that owns it.
 */
export class Connection {
  readonly socket: Socket
  /** Bytes that came and are not framed: `input[at … end − 1]`. */
  input: Uint8Array
  at = 0
  end = 0
  readonly #order = new Int32Array(ORDER_PLACES)
  #oldest = 0
  #next = 0
  readonly ownReplies: OwnReply[] = []
  isOpen = true
  /** The client has sent all that it will. */
  isEnded = false
  /** No further request is taken: it asked for that, or sent something wrong. */
  isClosing = false
  /** Our side is closed; what still comes is thrown away. */
  isClosed = false
  #isPaused = false
  /** In the port's list of connections that may have a request. */
  isReady = false
  /** In its list of those that may have a reply to send. */
  isDirty = false
  nextReady: Connection | undefined
  /** When the request came that it may have: what the deadline counts from. */
  waitingSinceNs = 0.5
  /** When its latest bytes came; when its unfinished request began; when it last got a reply. */
  arrivedNs = 0.5
  unfinishedSinceNs = Number.POSITIVE_INFINITY
  activeNs: number

  constructor(socket: Socket, empty: Uint8Array, nowNs: number) {
    this.socket = socket
    this.input = empty
    this.activeNs = nowNs
  }

  /** Requests whose replies are not sent. */
  get pending(): number {
    return (this.#next - this.#oldest) | 0
  }

  get isFull(): boolean {
    return this.pending === MOST_PIPELINED
  }

  /** Takes what the client sent. */
  give(chunk: Uint8Array): void {
    if (this.at === this.end) {
      this.input = chunk
      this.at = 0
      this.end = chunk.length
      return
    }
    // Rare: a request in several parts, or more requests than were taken.
    this.input = Buffer.concat([this.input.subarray(this.at, this.end), chunk])
    this.at = 0
    this.end = this.input.length
  }

  /** A request that ends there is taken. */
  framedUpTo(at: number): void {
    this.at = at
    this.unfinishedSinceNs = Number.POSITIVE_INFINITY
    if (!this.#isPaused || this.end - at > LARGEST_INPUT_BYTES) return
    this.#isPaused = false
    this.socket.resume()
  }

  /**
   * What is there is the beginning of a request: the rest must come in time.
   * @param awaitsContinue its client sends the rest once it is told to; behind replies that are pending it is not, and sends it after a while.
   */
  leaveUnfinished(awaitsContinue: boolean): void {
    if (awaitsContinue && this.pending === 0) this.socket.write(CONTINUE)
    this.unfinishedSinceNs = Math.min(this.unfinishedSinceNs, this.arrivedNs)
  }

  /** Stops reading until more of what came is framed. */
  pause(): void {
    this.#isPaused = true
    this.socket.pause()
  }

  /** @param entry index of a slot within the port, or `OWN_REPLY`. */
  push(entry: number): void {
    this.#order[this.#next & (ORDER_PLACES - 1)] = entry
    this.#next = (this.#next + 1) | 0
  }

  /** The entry whose reply goes first; only while one is pending. */
  first(): number {
    return this.#order[this.#oldest & (ORDER_PLACES - 1)]!
  }

  shift(): void {
    this.#oldest = (this.#oldest + 1) | 0
  }
}

/** Connections in the order in which they were added, each in one list at most and once; linked through themselves. */
export class ConnectionList {
  #first: Connection | undefined
  #last: Connection | undefined
  #count = 0

  get count(): number {
    return this.#count
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  get first(): Connection | undefined {
    return this.#first
  }

  /** Adds it at the end, unless it is in the list. */
  add(connection: Connection): void {
    if (connection.isReady) return
    connection.isReady = true
    if (this.#last === undefined) this.#first = connection
    else this.#last.nextReady = connection
    this.#last = connection
    this.#count++
  }

  /** Takes the first one out. */
  take(): Connection | undefined {
    const connection = this.#first
    if (connection === undefined) return undefined
    this.#first = connection.nextReady
    if (this.#first === undefined) this.#last = undefined
    connection.nextReady = undefined
    connection.isReady = false
    this.#count--
    return connection
  }
}
