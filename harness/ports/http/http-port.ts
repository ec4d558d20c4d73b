import type { Clock } from '../../base/clock.ts'
import { alignedWordsFor, BYTES_PER_WORD } from '../../base/units.ts'
import type { Port } from '../../contract/port.ts'
import {
  type RequestSlabMemory,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_PORT,
  SLOT_REPLY_BYTES,
} from '../../shared-memory/request-slab-layout.ts'
import { RequestView } from '../../shared-memory/request-view.ts'
import { type Connection, OWN_REPLY } from './connection.ts'
import { ConnectionList } from './connection-list.ts'
import { HttpDate } from './http-date.ts'
import { FIGURES, PortFigures } from './port-figures.ts'
import { PortListener, type ListenAddress } from './port-listener.ts'
import { FRAMED, INCOMPLETE, RequestFramer } from './request-framer.ts'
import { errorReply, ownReply } from './own-replies.ts'
import { CLOSE_FIELD_BYTES, insertClose } from './reply-heads.ts'
import {
  WIRE_DATE_AT,
  WIRE_HEAD_BYTES,
  WIRE_REPLY_HEAD_BYTES,
  WIRE_REQUEST_BYTES,
} from './wire-layout.ts'

/** What the owner of an http port needs. */
export interface HttpPortMemory {
  readonly kind: 'http'
  readonly index: number
  readonly slab: RequestSlabMemory
  readonly firstSlot: number
  /** Slots of this port: the permits for requests in flight. */
  readonly slotCount: number
  /** A request that waited longer for a slot is refused; 0 for never. */
  readonly deadlineNs: number
  /** A longer body is refused. */
  readonly longestBodyBytes: number
  readonly address: ListenAddress
  /** Of all ports: see `port-figures.ts`. */
  readonly figures: SharedArrayBuffer
  /** What `/stats` calls the server. */
  readonly serverName: string
}

const REFUSED = 503
const BAD_REQUEST = 400
const FIRST_OUTPUT_BYTES = 1 << 16
const FREE: Connection | undefined = undefined

/**
 * A listening socket and its connections as one port. Bytes that come are framed into slots when the architecture asks for
 * requests; replies go out in the order of their connection's requests, all that are ready in one write. Requests that
 * find no free slot stay in their connection, which stops reading: the backlog is the kernel's and the client's.
 */
export class HttpPort implements Port {
  readonly #clock: Clock
  readonly #memory: HttpPortMemory
  readonly #view: RequestView
  readonly #framer: RequestFramer
  readonly #date = new HttpDate()
  readonly #figures: PortFigures
  readonly #listener: PortListener
  readonly #ready = new ConnectionList()
  readonly #dirty: Connection[] = []
  readonly #free: Int32Array
  #freeCount: number
  /** Of each slot in flight, by its index within the port. */
  readonly #connectionOf: (Connection | undefined)[]
  readonly #isReplied: Uint8Array
  readonly #replied: Int32Array
  #repliedCount = 0
  #output = Buffer.allocUnsafeSlow(FIRST_OUTPUT_BYTES)
  // Initialised with fractions, so that the fields hold doubles from the start.
  #nowNs = 0.5
  #endNs = 0.5
  #turnNs = 0.5
  #largestBacklog = 0

  constructor(memory: HttpPortMemory, clock: Clock) {
    const count = memory.slotCount
    this.#clock = clock
    this.#memory = memory
    this.#view = new RequestView(memory.slab)
    this.#framer = new RequestFramer(memory.longestBodyBytes)
    this.#figures = new PortFigures(memory.figures, memory.index)
    this.#figures.set(FIGURES.slots, count)
    this.#listener = new PortListener(memory.address, clock, this.#figures, {
      arrived: (connection) => this.#arrived(connection),
      closed: (connection) => this.#closed(connection),
      timedOut: (connection, status) => this.#fail(connection, status),
    })
    this.#free = Int32Array.from({ length: count }, (_, slot) => count - 1 - slot)
    this.#freeCount = count
    this.#connectionOf = Array.from({ length: count }, () => FREE)
    this.#isReplied = new Uint8Array(count)
    this.#replied = new Int32Array(count)
    for (let slot = 0; slot < count; slot++) {
      this.#view.at(memory.firstSlot + slot)
      this.#view.set(SLOT_PORT, memory.index)
    }
  }

  /** Listens. @throws CrossoverError when the address cannot be had. */
  listen(): Promise<void> {
    return this.#listener.listen()
  }

  /** Where it listens, also when the kernel chose the port. */
  get tcpPort(): number {
    return this.#listener.tcpPort
  }

  /** Calls back whenever there may be a request to receive; for the driver. */
  onArrival(callback: () => void): void {
    this.#notify = callback
  }
  #notify: () => void = () => {}

  // Measured path: from here to `#arrived`.
  begin(): void {
    this.#turnNs = this.#endNs - this.#nowNs
    this.#nowNs = this.#clock.nowNs()
    this.#endNs = this.#nowNs
  }

  nowNs(): number {
    return this.#nowNs
  }

  /** How long the last turn took, without the time that the event loop spent on sockets. */
  turnNs(): number {
    return this.#turnNs
  }

  inFlight(): number {
    return this.#memory.slotCount - this.#freeCount
  }

  /** Only the client knows when a request was due. */
  hasSampled(): boolean {
    return false
  }

  /** Nobody knows when the next request will come. */
  nextDueNs(): number {
    return Number.POSITIVE_INFINITY
  }

  /** Whether a connection may have a request, and a slot is free for it. */
  hasArrivals(): boolean {
    return this.#freeCount !== 0 && !this.#ready.isEmpty
  }

  receive(target: Int32Array, limit: number): number {
    let count = 0
    const ready = this.#ready
    while (count < limit && !ready.isEmpty && this.#freeCount !== 0) {
      const connection = ready.take()!
      const slot = this.#takeRequest(connection)
      if (slot !== -1) target[count++] = slot
    }
    if (count !== 0) {
      this.#figures.add(FIGURES.received, count)
      this.#figures.set(FIGURES.inFlight, this.inFlight())
    }
    if (this.#freeCount === 0 && !ready.isEmpty) this.#backlog()
    return count
  }

  /** Frames the connection's next request into a slot. Answers the slot, or -1 when none is whole or it needs none. */
  #takeRequest(connection: Connection): number {
    if (!connection.isOpen || connection.isClosing) return -1
    if (connection.isFull || connection.socket.writableNeedDrain) return -1
    const framer = this.#framer
    const { input } = connection
    const outcome = framer.frame(input, connection.at, connection.end)
    if (outcome !== FRAMED) {
      this.#unframed(connection, outcome)
      return -1
    }
    connection.framedUpTo(framer.end)
    if (framer.closes) connection.isClosing = true
    else if (connection.at < connection.end) this.#ready.add(connection)
    const own = ownReply(input, framer.start, framer.closes, this.#memory)
    if (own !== undefined) {
      this.#replyOwn(connection, own)
      return -1
    }
    const local = this.#free[--this.#freeCount]!
    this.#connectionOf[local] = connection
    connection.push(local)
    const slot = this.#memory.firstSlot + local
    const view = this.#view
    view.at(slot)
    const { bytes } = view
    const from = framer.start
    const count = framer.end - from
    const to = view.wireByte()
    for (let i = 0; i < count; i++) bytes[to + i] = input[from + i]!
    view.set(WIRE_HEAD_BYTES, framer.headEnd - from)
    view.set(WIRE_REQUEST_BYTES, count)
    return slot
  }

  reply(slots: Int32Array, from: number, to: number): void {
    const first = this.#memory.firstSlot
    let count = this.#repliedCount
    for (let i = from; i < to; i++) this.#replied[count++] = slots[i]! - first
    this.#repliedCount = count
  }

  /** Also tells whether there was anything, be it only what the port itself replied. */
  flush(): boolean {
    const count = this.#repliedCount
    const dirty = this.#dirty
    if (count === 0 && dirty.length === 0) return false
    this.#repliedCount = 0
    for (let i = 0; i < count; i++) {
      const local = this.#replied[i]!
      const connection = this.#connectionOf[local]!
      if (connection.isOpen) {
        this.#isReplied[local] = 1
        this.#markDirty(connection)
      } else this.#release(local)
    }
    for (let i = 0; i < dirty.length; i++) this.#send(dirty[i]!)
    dirty.length = 0
    this.#figures.set(FIGURES.inFlight, this.inFlight())
    this.#endNs = this.#clock.nowNs()
    return true
  }

  #markDirty(connection: Connection): void {
    if (connection.isDirty) return
    connection.isDirty = true
    this.#dirty.push(connection)
  }

  #release(local: number): void {
    this.#connectionOf[local] = FREE
    this.#isReplied[local] = 0
    this.#free[this.#freeCount++] = local
  }

  /** Sends every reply of the connection that is ready and whose predecessors are. */
  #send(connection: Connection): void {
    connection.isDirty = false
    if (!connection.isOpen) return
    let bytes = 0
    while (connection.pending !== 0) {
      const local = connection.first()
      if (local === OWN_REPLY) {
        const own = connection.ownReplies.shift()!
        this.#makeRoom(bytes + own.bytes.length)
        this.#output.set(own.bytes, bytes)
        bytes += own.bytes.length
        this.#countStatus(own.status)
      } else {
        if (this.#isReplied[local] === 0) break
        bytes = this.#appendReply(local, bytes, connection)
        this.#release(local)
      }
      connection.shift()
    }
    if (bytes !== 0) this.#write(connection, bytes)
    if (connection.at < connection.end && !connection.isClosing) this.#ready.add(connection)
    else if (connection.pending === 0 && (connection.isClosing || connection.isEnded))
      this.#listener.finish(connection)
  }

  /** Copies a slot's reply behind the `at` bytes of output; answers how many there are then. */
  #appendReply(local: number, at: number, connection: Connection): number {
    const view = this.#view
    view.at(this.#memory.firstSlot + local)
    const headBytes = view.get(WIRE_REPLY_HEAD_BYTES)
    const bodyBytes = view.get(SLOT_REPLY_BYTES)
    this.#makeRoom(at + headBytes + bodyBytes + CLOSE_FIELD_BYTES)
    const output = this.#output
    const { bytes } = view
    const head = view.wireByte()
    const dateAt = view.get(WIRE_DATE_AT)
    for (let i = 0; i < headBytes; i++) output[at + i] = bytes[head + i]!
    this.#date.write(output, at + dateAt, this.#nowNs)
    // "HTTP/1.1 200 OK": the first digit of the status.
    this.#countStatus((bytes[head + STATUS_AT]! - DIGIT_ZERO) * 100)
    let end = at + headBytes
    const isLast = connection.isClosing && connection.pending === 1
    if (isLast) end = insertClose(output, at, end, dateAt)
    const body = (view.base + SLOT_KEY + alignedWordsFor(view.get(SLOT_KEY_BYTES))) * BYTES_PER_WORD
    for (let i = 0; i < bodyBytes; i++) output[end + i] = bytes[body + i]!
    return end + bodyBytes
  }

  #makeRoom(bytes: number): void {
    if (bytes <= this.#output.length) return
    const larger = Buffer.allocUnsafeSlow(2 * Math.max(bytes, this.#output.length))
    larger.set(this.#output)
    this.#output = larger
  }

  #write(connection: Connection, bytes: number): void {
    const { socket } = connection
    socket.write(this.#output.subarray(0, bytes))
    connection.activeNs = this.#nowNs
    // What the kernel did not take at once still lies in the buffer.
    if (socket.writableLength !== 0) this.#output = Buffer.allocUnsafeSlow(FIRST_OUTPUT_BYTES)
  }

  #countStatus(status: number): void {
    if (status < 400) this.#figures.add(FIGURES.replies2xx, 1)
    else this.#figures.add(status < 500 ? FIGURES.replies4xx : FIGURES.replies5xx, 1)
  }

  #arrived(connection: Connection): void {
    this.#ready.add(connection)
    this.#notify()
  }

  /** The beginning of a request, or something that is none. */
  #unframed(connection: Connection, outcome: number): void {
    if (outcome !== INCOMPLETE) return this.#fail(connection, outcome)
    if (connection.at === connection.end) {
      if (connection.isEnded && connection.pending === 0) this.#listener.finish(connection)
    } else if (connection.isEnded) this.#fail(connection, BAD_REQUEST)
    else connection.leaveUnfinished()
  }

  /** Replies with an error, after what is pending, and takes no more requests. */
  #fail(connection: Connection, status: number): void {
    if (connection.isClosing) return
    connection.isClosing = true
    this.#replyOwn(connection, errorReply(connection.input, connection.at, status, true))
    this.#notify()
  }

  #replyOwn(connection: Connection, own: ReturnType<typeof errorReply>): void {
    const bytes = own.bytes.slice()
    this.#date.write(bytes, own.dateAt, this.#nowNs)
    connection.ownReplies.push({ bytes, status: own.status })
    connection.push(OWN_REPLY)
    this.#markDirty(connection)
  }

  /** No slot is free: connections wait, and those that waited too long are refused. */
  #backlog(): void {
    const ready = this.#ready
    if (ready.count > this.#largestBacklog) {
      this.#largestBacklog = ready.count
      this.#figures.set(FIGURES.largestBacklog, ready.count)
    }
    const { deadlineNs } = this.#memory
    if (deadlineNs === 0) return
    for (let waiting = ready.count; waiting > 0; waiting--) {
      const connection = ready.take()!
      if (this.#nowNs - connection.arrivedNs < deadlineNs) ready.add(connection)
      else this.#refuse(connection)
    }
  }

  #refuse(connection: Connection): void {
    if (!connection.isOpen || connection.isClosing || connection.isFull) return
    const framer = this.#framer
    const { input } = connection
    const outcome = framer.frame(input, connection.at, connection.end)
    if (outcome !== FRAMED) return this.#unframed(connection, outcome)
    connection.framedUpTo(framer.end)
    if (framer.closes) connection.isClosing = true
    else if (connection.at < connection.end) this.#ready.add(connection)
    this.#figures.add(FIGURES.refused, 1)
    this.#replyOwn(connection, errorReply(input, framer.start, REFUSED, framer.closes))
  }

  /** The connection is gone. Its slots in flight are freed when they come back. */
  #closed(connection: Connection): void {
    for (; connection.pending !== 0; connection.shift()) {
      const local = connection.first()
      if (local !== OWN_REPLY && this.#isReplied[local] === 1) this.#release(local)
    }
    connection.ownReplies.length = 0
  }

  /** Ends connections whose clients are too slow or silent; now and then. */
  sweep(nowNs: number): void {
    this.#listener.sweep(nowNs)
  }

  /** Stops listening; every connection ends when what is pending of it is replied. */
  endConnections(): void {
    this.#listener.endConnections()
  }

  /** Stops listening and tears every connection down. */
  close(): void {
    this.#listener.close()
  }
}

const STATUS_AT = 'HTTP/1.1 '.length
const DIGIT_ZERO = 48
