/** What a request's owner sees of its network card, and what drives it. */

/** Index of a slot in the request slab, the same in every thread. */
export type SlotIndex = number
/** `receive` has no request to give. */
export const NO_SLOT = -1

/**
 * One port: owned by exactly one thread, which alone calls it. A request enters by `receive` and leaves by `reply`
 * on that thread. No method allocates, blocks or throws.
 */
export interface Port {
  /** The next request that is due at `nowNs` and admitted, or `NO_SLOT`. */
  receive(nowNs: number): SlotIndex
  /** Takes the answered request; it is recorded at the next `flush`. */
  reply(slot: SlotIndex): void
  /** Reads the clock once, after the last handler of the batch, and records every request replied since the last flush. */
  flush(): void
  /** Requests received and not yet replied. */
  inFlight(): number
  /** When the next request is due; infinite when none will be. */
  nextDueNs(): number
}

/**
 * What an architecture runs on a port's thread. The port's driver calls `turn` over and over and decides when to park;
 * `turn` itself never loops without bound and never parks.
 */
export interface PortThread {
  /** A bounded amount of work at the instant `nowNs`. Answers whether there was any. */
  turn(nowNs: number): boolean
}

