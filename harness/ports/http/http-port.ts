import type { Clock } from '../../base/clock.ts'
import { type Port, type SlotIndex, TURN_CELLS, TURN_NOW, TURN_TOOK } from '../../contract/port.ts'
import { type RequestSlabMemory, SLOT_PORT } from '../../shared-memory/request-slab-layout.ts'
import { RequestView } from '../../shared-memory/request-view.ts'
import { type Connection, ConnectionList, OWN_REPLY, type OwnReply } from './connection.ts'
import { FIGURES, PortFigures } from './port-figures.ts'
import { PortSlots, REFUSED_LATE, REPLIED, UNDER_WAY } from './port-slots.ts'
import { STATUS } from './protocol.ts'
import { PortListener, type ListenAddress } from './port-listener.ts'
import { FRAMED, INCOMPLETE, RequestFramer } from './request-framer.ts'
import { errorReply, ownReply } from './reply-heads.ts'
import { ReplyOutput } from './reply-output.ts'
import { placeRequest } from './http-codec.ts'

/** What the owner of an http port needs. */
export interface HttpPortMemory {
  readonly kind: 'http'
  readonly index: number
  readonly slab: RequestSlabMemory
  readonly firstSlot: number
  /** Slots of this port: the permits for requests in flight. */
  readonly slotCount: number
  /** A request that waited longer, for a slot or for one that works on it, is refused; 0 for never. */
  readonly deadlineNs: number
  /** A longer body is refused. */
  readonly longestBodyBytes: number
  readonly address: ListenAddress
  /** Of all ports: see `port-figures.ts`. */
  readonly figures: SharedArrayBuffer
  /** What `/stats` calls the server. */
  readonly serverName: string
}

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
  readonly #figures: PortFigures
  readonly #listener: PortListener
  /** Connections that may have a request, and those that have one and wait for a slot; a connection is in one at most. */
  readonly #ready = new ConnectionList()
  readonly #waiting = new ConnectionList()
  readonly #dirty: Connection[] = []
  readonly #slots: PortSlots
  readonly #replied: Int32Array
  #repliedCount = 0
  readonly #output: ReplyOutput
  // Initialised with fractions, so that the fields hold doubles from the start.
  #endNs = 0.5
  readonly cell = new Float64Array(TURN_CELLS)
  #largestBacklog = 0

  constructor(memory: HttpPortMemory, clock: Clock) {
    const count = memory.slotCount
    this.#clock = clock
    this.#memory = memory
    this.#view = new RequestView(memory.slab)
    this.#framer = new RequestFramer(memory.longestBodyBytes)
    this.#figures = new PortFigures(memory.figures, memory.index)
    this.#figures.set(FIGURES.slots, count)
    this.#output = new ReplyOutput(this.#view, this.#figures)
    this.#listener = new PortListener(memory.address, clock, this.#figures, {
      arrived: (connection) => this.#arrived(connection),
      closed: (connection) => this.#closed(connection),
      timedOut: (connection, status) => this.#fail(connection, status),
    })
    this.#slots = new PortSlots(count, memory.deadlineNs)
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
    const { cell } = this
    cell[TURN_TOOK] = this.#endNs - cell[TURN_NOW]!
    this.#clock.read()
    cell[TURN_NOW] = this.#clock.cell[0]!
    this.#endNs = cell[TURN_NOW]!
  }

  /** Ends a turn that did something; for the driver. */
  endTurn(): void {
    this.#clock.read()
    this.#endNs = this.#clock.cell[0]!
  }

  read(): void {}

  inFlight(): number {
    return this.#slots.inFlight
  }

  /** Only the client knows when a request was due. */
  hasSampled(): boolean {
    return false
  }

  /** Nobody knows when the next request will come. */
  nextDueNs(target: Float64Array, at: number): void {
    target[at] = Number.POSITIVE_INFINITY
  }

  /** Whether a connection may have a request that is to be looked at. */
  hasArrivals(): boolean {
    return !this.#ready.isEmpty || (!this.#slots.isNoneFree && !this.#waiting.isEmpty)
  }

  receive(target: Int32Array, limit: number): number {
    let count = 0
    const ready = this.#ready
    const waiting = this.#waiting
    // Who waited for a slot goes first.
    while (count < limit && !this.#slots.isNoneFree) {
      const connection = waiting.take() ?? ready.take()
      if (connection === undefined) break
      const slot = this.#takeRequest(connection)
      if (slot !== -1) target[count++] = slot
    }
    if (count !== 0) {
      this.#figures.add(FIGURES.received, count)
      this.#figures.set(FIGURES.inFlight, this.inFlight())
    }
    if (this.#slots.isNoneFree) this.#queueUp()
    return count
  }

  /**
   * Frames the connection's next request into a slot. Answers the slot, or -1 when none is whole, it needs none, or none
   * is free: then the connection waits.
   */
  #takeRequest(connection: Connection): number {
    if (!this.#frame(connection)) return -1
    const { input } = connection
    if (this.#replyAtOnce(connection)) return -1
    // It may have waited for a turn of its port, as well as for a slot.
    if (this.#isOverdue(connection)) {
      this.#refuseFramed(connection)
      return -1
    }
    if (this.#slots.isNoneFree) {
      this.#waiting.add(connection)
      return -1
    }
    const local = this.#slots.take(connection)
    this.#leave(connection)
    connection.push(local)
    const slot = this.#memory.firstSlot + local
    this.#view.at(slot)
    placeRequest(this.#view, input, this.#framer)
    return slot
  }

  /** Whether the connection has a whole request, and room for its reply. */
  #frame(connection: Connection): boolean {
    if (!connection.isOpen || connection.isClosing) return false
    if (connection.isFull || connection.socket.writableNeedDrain) return false
    const outcome = this.#framer.frame(connection.input, connection.at, connection.end)
    if (outcome === FRAMED) return true
    this.#unframed(connection, outcome)
    return false
  }

  /** `/healthz` and `/stats` need no slot: they are answered when none is free, too. */
  #replyAtOnce(connection: Connection): boolean {
    const own = ownReply(connection.input, this.#framer, this.#memory)
    if (own === undefined) return false
    this.#leave(connection)
    this.#replyOwn(connection, own)
    return true
  }

  /** The request that was framed last is taken from its connection, which may have another one. */
  #leave(connection: Connection): void {
    const { closes, end } = this.#framer
    connection.framedUpTo(end)
    if (closes) connection.isClosing = true
    else if (connection.at < connection.end) this.#examine(connection)
  }

  /** The connection may have a request, which came with its latest bytes or before. */
  #examine(connection: Connection): void {
    if (!connection.isReady) connection.waitingSinceNs = connection.arrivedNs
    this.#ready.add(connection)
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
      this.#end(local, REPLIED)
    }
    for (let i = 0; i < dirty.length; i++) this.#send(dirty[i]!)
    dirty.length = 0
    this.#figures.set(FIGURES.inFlight, this.inFlight())
    return true
  }

  isLate(slot: SlotIndex): boolean {
    return this.#slots.isLate(slot - this.#memory.firstSlot, this.cell, TURN_NOW)
  }

  lateFromNs(slot: SlotIndex, target: Float64Array, at: number): void {
    this.#slots.lateFromNs(slot - this.#memory.firstSlot, target, at)
  }

  refuse(slots: Int32Array, from: number, to: number): void {
    this.#figures.add(FIGURES.received, from - to)
    this.#figures.add(FIGURES.refused, to - from)
    for (let i = from; i < to; i++) this.#end(slots[i]! - this.#memory.firstSlot, REFUSED_LATE)
  }

  /** Its reply is ready, or nobody is there any more to take it. */
  #end(local: number, state: number): void {
    const connection = this.#slots.connectionOf(local)
    if (!connection.isOpen) return this.#slots.release(local)
    this.#slots.end(local, state)
    this.#markDirty(connection)
  }

  #markDirty(connection: Connection): void {
    if (connection.isDirty) return
    connection.isDirty = true
    this.#dirty.push(connection)
  }

  /** Sends every reply of the connection that is ready and whose predecessors are. */
  #send(connection: Connection): void {
    connection.isDirty = false
    if (!connection.isOpen) return
    const output = this.#output
    for (; connection.pending !== 0; connection.shift()) {
      const local = connection.first()
      if (local === OWN_REPLY) {
        output.addOwn(connection.ownReplies.shift()!)
        continue
      }
      const state = this.#slots.state(local)
      if (state === UNDER_WAY) break
      const isLast = connection.isClosing && connection.pending === 1
      const slot = this.#memory.firstSlot + local
      if (state === REFUSED_LATE) output.addOwn(this.#refusal(slot, isLast))
      else output.add(slot, isLast, this.cell[TURN_NOW]!)
      this.#slots.release(local)
    }
    if (output.writeTo(connection.socket)) connection.activeNs = this.cell[TURN_NOW]!
    if (connection.at < connection.end && !connection.isClosing) this.#examine(connection)
    else if (connection.pending === 0 && (connection.isClosing || connection.isEnded))
      this.#listener.finish(connection)
  }

  #arrived(connection: Connection): void {
    this.#examine(connection)
    this.#notify()
  }

  /** The beginning of a request, or something that is none. */
  #unframed(connection: Connection, outcome: number): void {
    if (outcome !== INCOMPLETE) return this.#fail(connection, outcome)
    if (connection.at === connection.end) {
      if (connection.isEnded && connection.pending === 0) this.#listener.finish(connection)
    } else if (connection.isEnded) this.#fail(connection, STATUS.badRequest)
    else connection.leaveUnfinished(this.#framer.awaitsContinue(connection.end))
  }

  /** Replies with an error, after what is pending, and takes no more requests. */
  #fail(connection: Connection, status: number): void {
    if (connection.isClosing) return
    connection.isClosing = true
    this.#replyOwn(connection, errorReply(connection.input, connection.at, status, true))
    this.#notify()
  }

  #replyOwn(connection: Connection, own: ReturnType<typeof errorReply>): void {
    connection.ownReplies.push(this.#dated(own))
    connection.push(OWN_REPLY)
    this.#markDirty(connection)
  }

  #dated(own: ReturnType<typeof errorReply>): OwnReply {
    const bytes = own.bytes.slice()
    this.#output.date(bytes, own.dateAt, this.cell[TURN_NOW]!)
    return { bytes, status: own.status }
  }

  /** The reply to a request in a slot, still as it came, that nobody will work on. */
  #refusal(slot: SlotIndex, closes: boolean): OwnReply {
    this.#view.at(slot)
    return this.#dated(errorReply(this.#view.bytes, this.#view.wireByte(), STATUS.refused, closes))
  }

  /** No slot is free: who arrived waits, and who waited too long is refused. */
  #queueUp(): void {
    for (let left = this.#ready.count; left > 0; left--) this.#takeRequest(this.#ready.take()!)
    const waiting = this.#waiting
    if (waiting.count > this.#largestBacklog) {
      this.#largestBacklog = waiting.count
      this.#figures.set(FIGURES.largestBacklog, waiting.count)
    }
    if (this.#memory.deadlineNs === 0) return
    while (!waiting.isEmpty && this.#isOverdue(waiting.first!)) this.#refuse(waiting.take()!)
  }

  /** The request that it may have has waited beyond the deadline. */
  #isOverdue({ waitingSinceNs }: Connection): boolean {
    const { deadlineNs } = this.#memory
    return deadlineNs !== 0 && waitingSinceNs <= this.cell[TURN_NOW]! - deadlineNs
  }

  #refuse(connection: Connection): void {
    if (this.#frame(connection)) this.#refuseFramed(connection)
  }

  #refuseFramed(connection: Connection): void {
    const { start, closes } = this.#framer
    this.#leave(connection)
    this.#figures.add(FIGURES.refused, 1)
    this.#replyOwn(connection, errorReply(connection.input, start, STATUS.refused, closes))
  }

  /** Until the next request is to be refused; infinite when none waits, or none is refused. */
  untilRefusalNs(): number {
    const { deadlineNs } = this.#memory
    const oldest = this.#waiting.first
    if (deadlineNs === 0 || oldest === undefined) return Number.POSITIVE_INFINITY
    return oldest.waitingSinceNs + deadlineNs - this.cell[TURN_NOW]!
  }

  /** The connection is gone. Its slots in flight are freed when they come back. */
  #closed(connection: Connection): void {
    for (; connection.pending !== 0; connection.shift()) {
      const local = connection.first()
      if (local !== OWN_REPLY && this.#slots.state(local) !== UNDER_WAY) this.#slots.release(local)
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
