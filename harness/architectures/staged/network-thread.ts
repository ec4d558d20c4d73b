import type { Port, PortThread } from '../../contract/port.ts'
import type { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { LateSlots } from '../../shared-memory/late-slots.ts'
import type { RoomBells } from './room-bells.ts'

/** What a network thread is made of. */
export interface NetworkThreadParts {
  readonly port: Port
  /** The port's number. */
  readonly index: number
  readonly view: RequestView
  readonly firstQueue: BoundedQueue
  /** Finished requests of this port, and late ones that it is to refuse. */
  readonly replies: BoundedQueue
  /** Null where no request has a deadline. */
  readonly late: LateSlots | null
  /** Where it says that it waits for room in the first queue. */
  readonly room: RoomBells
  readonly counters: ThreadCounters
  /** Most requests that one turn takes from the port, and most replies. */
  readonly batch: number
}

/**
 * Owns a port of the staged server: puts arriving requests into the first stage's queue and replies with what came back.
 * Those that a pool found late come back as well, and are refused. A full queue makes it wait: it keeps the rest of the batch and receives nothing until that is in, or refused as late. It may
 * sleep meanwhile: whoever makes room rings for it.
 */
export class NetworkThread implements PortThread {
  readonly #port: Port
  readonly #index: number
  readonly #view: RequestView
  readonly #firstQueue: BoundedQueue
  readonly #replies: BoundedQueue
  readonly #room: RoomBells
  readonly #counters: ThreadCounters
  readonly #late: LateSlots | null
  readonly #batch: number
  readonly #received: Int32Array
  #from = 0
  #to = 0
  readonly #finished: Int32Array

  constructor(parts: NetworkThreadParts) {
    this.#port = parts.port
    this.#index = parts.index
    this.#room = parts.room
    this.#view = parts.view
    this.#firstQueue = parts.firstQueue
    this.#replies = parts.replies
    this.#counters = parts.counters
    this.#late = parts.late
    this.#batch = parts.batch
    this.#received = new Int32Array(parts.batch)
    this.#finished = new Int32Array(parts.batch)
  }

  /** Whatever it waits for is rung for, or due at its port, but for the deadline of what it keeps. */
  nextTimerNs(target: Float64Array, at: number): void {
    if (this.#from === this.#to) target[at] = Number.POSITIVE_INFINITY
    else this.#port.lateFromNs(this.#received[this.#from]!, target, at)
  }

  /** It keeps a part of a batch for which the first queue had no room. */
  isHeldUp(): boolean {
    return this.#from !== this.#to
  }

  // Measured path from here to the end of the class.
  turn(): boolean {
    const replied = this.#replies.tryPopBatch(this.#finished, this.#batch)
    if (replied > 0) this.#answer(replied)
    const refused = this.#refuseLate()
    if (this.#from === this.#to) {
      this.#from = 0
      this.#to = this.#port.receive(this.#received, this.#batch)
      if (this.#late !== null) this.#late.received(this.#port, this.#received, this.#to)
    }
    if (this.#from === this.#to) return replied !== 0 || refused !== 0
    if (this.#isFull()) return replied !== 0 || refused !== 0
    const pushed = this.#firstQueue.tryPushBatch(this.#received, this.#from, this.#to)
    this.#from += pushed
    this.#counters.handedOff(pushed)
    // Also when another port was faster: it has not said that it waits, and must look again.
    return true
  }

  /** Replies to what came back, or refuses it. */
  #answer(count: number): void {
    const port = this.#port
    const late = this.#late
    this.#view.fetch(this.#finished, 0, count)
    const answered = late === null ? count : late.pickMarked(this.#finished, count)
    if (answered !== 0) port.reply(this.#finished, 0, answered)
    if (answered < count) port.refuse(late!.slots, 0, count - answered)
    port.flush()
  }

  /** Whether the first queue is full even after this thread said that it waits for room. */
  #isFull(): boolean {
    if (!this.#firstQueue.isFull()) return false
    this.#room.wait(this.#index)
    return this.#firstQueue.isFull()
  }

  /** Of the requests that wait for room, which came in the order in which they were due; tells how many. */
  #refuseLate(): number {
    const from = this.#from
    let end = from
    while (end < this.#to && this.#port.isLate(this.#received[end]!)) end++
    if (end === from) return 0
    this.#port.refuse(this.#received, from, end)
    this.#from = end
    return end - from
  }
}
