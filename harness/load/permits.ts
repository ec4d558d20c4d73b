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
