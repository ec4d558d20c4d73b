import type { Dispatcher } from 'undici'
import type { PlayedTrace } from './load-trial.ts'

/** Who sends requests, and hears what becomes of them. */
export interface FlightOwner {
  /** The request's first byte is about to be written. */
  onSent(flight: Flight): void
  /** The reply is complete; the flight is free after this call. */
  onReply(flight: Flight): void
  /** The reply will not come; the flight is free after this call. @param error undefined when its connection's was told. */
  onFailure(flight: Flight, error: Error | undefined): void
}

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2]

/**
 * One request in flight, as undici's handler; used again for the next request once its reply is complete, when undici no
 * longer knows it.
 */
export class Flight implements Dispatcher.DispatchHandler {
  readonly index: number
  readonly #owner: FlightOwner
  // Of the request: written by the owner before it dispatches.
  played: PlayedTrace
  position = 0
  connection = 0
  // Of the reply.
  status = 0
  tag: string | undefined
  /** As latin1. */
  body = ''
  #isSent = false
  #isSentAgain = false

  constructor(index: number, owner: FlightOwner, played: PlayedTrace) {
    this.index = index
    this.#owner = owner
    this.played = played
  }

  /** Readies it for another request. */
  reset(played: PlayedTrace, position: number, connection: number): void {
    this.played = played
    this.position = position
    this.connection = connection
    this.status = 0
    this.tag = undefined
    this.body = ''
    this.#isSent = false
    this.#isSentAgain = false
  }

  onRequestStart(): void {
    // After a connection broke, undici sends on another what stood behind the failed request in its pipeline. Whether it was
    // executed is not known, and an update must not be executed twice: what is thrown here fails the request unsent.
    if (this.#isSent) {
      this.#isSentAgain = true
      throw new Error('the connection closed under a pipelined request')
    }
    this.#isSent = true
    this.#owner.onSent(this)
  }

  onResponseStart(_controller: unknown, status: number, headers: Headers): void {
    this.status = status
    const tag = headers['etag']
    this.tag = typeof tag === 'string' ? tag : undefined
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.body += chunk.toString('latin1')
  }

  onResponseEnd(): void {
    this.#owner.onReply(this)
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#owner.onFailure(this, this.#isSentAgain ? undefined : error)
  }
}

/** Permits to send on the connections of one port: as many per connection as it may have requests in flight. */
export class Permits {
  readonly #pipelining: number
  /** Requests in flight, by connection. */
  readonly #inFlight: Int32Array
  /** A ring: when each free permit came back, in this order. */
  readonly #freedNs: Float64Array
  #oldest = 0
  #free: number
  #next = 0

  constructor(connections: number, pipelining: number) {
    this.#pipelining = pipelining
    this.#inFlight = new Int32Array(connections)
    this.#free = connections * pipelining
    this.#freedNs = new Float64Array(this.#free).fill(Number.NEGATIVE_INFINITY)
  }

  get free(): number {
    return this.#free
  }

  get inFlight(): number {
    return this.#freedNs.length - this.#free
  }

  /**
   * When the permit that is taken next came back; only while one is free. The k-th request can be sent as soon as k permits
   * have come back, whichever connection each of them belongs to.
   */
  readySinceNs(): number {
    return this.#freedNs[this.#oldest]!
  }

  /** Takes one for the connection with the fewest requests in flight, in turn among equals; only while one is free. */
  take(): number {
    const inFlight = this.#inFlight
    const count = inFlight.length
    let chosen = 0
    let fewest = this.#pipelining
    for (let step = 0, connection = this.#next; step < count && fewest > 0; step++) {
      if (inFlight[connection]! < fewest) {
        fewest = inFlight[connection]!
        chosen = connection
      }
      if (++connection === count) connection = 0
    }
    inFlight[chosen]!++
    this.#next = chosen + 1 === count ? 0 : chosen + 1
    if (++this.#oldest === this.#freedNs.length) this.#oldest = 0
    this.#free--
    return chosen
  }

  /** Gives one back. */
  release(connection: number, nowNs: number): void {
    this.#inFlight[connection]!--
    this.#freedNs[(this.#oldest + this.#free) % this.#freedNs.length] = nowNs
    this.#free++
  }
}
