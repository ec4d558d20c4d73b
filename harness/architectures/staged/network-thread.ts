import type { Port, PortThread } from '../../contract/port.ts'
import type { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'

/** What a network thread is made of. */
export interface NetworkThreadParts {
  readonly port: Port
  readonly view: RequestView
  readonly firstQueue: BoundedQueue
  /** Finished requests of this port. */
  readonly replies: BoundedQueue
  readonly counters: ThreadCounters
  /** Most requests that one turn takes from the port, and most replies. */
  readonly batch: number
}

/**
 * Owns a port of the staged server: puts arriving requests into the first stage's queue and replies with what came back.
 * A full queue makes it wait: it keeps the rest of the batch and receives nothing until that is in.
 */
export class NetworkThread implements PortThread {
  readonly #port: Port
  readonly #view: RequestView
  readonly #firstQueue: BoundedQueue
  readonly #replies: BoundedQueue
  readonly #counters: ThreadCounters
  readonly #batch: number
  readonly #received: Int32Array
  #from = 0
  #to = 0
  readonly #finished: Int32Array

  constructor(parts: NetworkThreadParts) {
    this.#port = parts.port
    this.#view = parts.view
    this.#firstQueue = parts.firstQueue
    this.#replies = parts.replies
    this.#counters = parts.counters
    this.#batch = parts.batch
    this.#received = new Int32Array(parts.batch)
    this.#finished = new Int32Array(parts.batch)
  }

  /** Whatever it waits for is rung for, or due at its port. */
  nextTimerNs(target: Float64Array, at: number): void {
    target[at] = Number.POSITIVE_INFINITY
  }

  // Measured path from here to the end of the class.
  turn(): boolean {
    const replied = this.#replies.tryPopBatch(this.#finished, this.#batch)
    if (replied > 0) {
      this.#view.fetch(this.#finished, 0, replied)
      this.#port.reply(this.#finished, 0, replied)
      this.#port.flush()
    }
    if (this.#from === this.#to) {
      this.#from = 0
      this.#to = this.#port.receive(this.#received, this.#batch)
    }
    if (this.#from === this.#to) return replied !== 0
    const pushed = this.#firstQueue.tryPushBatch(this.#received, this.#from, this.#to)
    this.#from += pushed
    this.#counters.handedOff(pushed)
    return replied !== 0 || pushed !== 0
  }
}
