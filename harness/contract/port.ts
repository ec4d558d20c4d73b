/** What a request's owner sees of its network card, and what drives it. */

/** Cells of a port's `cell`: the instant of the present turn, and how long the turn before took. */
export const TURN_NOW = 0
export const TURN_TOOK = 1
export const TURN_CELLS = 2

/** Index of a slot in the request slab, the same in every thread. */
export type SlotIndex = number

/**
 * One port: owned by exactly one thread, which alone calls it. A request enters by `receive` and leaves by `reply`, or by
 * `refuse`, on that thread. No method allocates, blocks or throws.
 */
export interface Port {
  /** Begins a turn: reads the clock; until the next one, `receive` gives what is due at that instant. For the driver. */
  begin(): void
  /**
   * `TURN_NOW`: the instant of the present turn. `TURN_TOOK`: how long the turn before took, until this one's beginning, or its
   * own end where other things happen between turns. In cells, since numbers with a fraction that are returned are garbage.
   */
  readonly cell: Float64Array
  /** For whoever takes a port for a clock: within a turn time stands still. */
  read(): void
  /** Writes the slots of up to `limit` requests that are due and admitted to the start of `target`; tells how many. */
  receive(target: Int32Array, limit: number): number
  /** Whether one of the requests that `receive` gave last is sampled: the time it spends is stamped. */
  hasSampled(): boolean
  /** Whether a received request's deadline was over when the present turn began. Never where there is none. */
  isLate(slot: SlotIndex): boolean
  /** Writes into `target[at]` the instant from which on it is; infinite where there is none. */
  lateFromNs(slot: SlotIndex, target: Float64Array, at: number): void
  /**
   * Refuses the received requests `slots[from … to − 1]`, of which no record may know: they count as refused instead of
   * received, and their slots are free for others, at the latest at the next `flush`.
   */
  refuse(slots: Int32Array, from: number, to: number): void
  /** Takes the answered requests `slots[from … to − 1]`; they are recorded at the next `flush`. */
  reply(slots: Int32Array, from: number, to: number): void
  /** Reads the clock once, after the last handler of the batch, and records every request replied since the last flush. */
  flush(): void
  /** Requests received and neither replied nor refused. */
  inFlight(): number
  /** Writes into `target[at]` when the next request is due; infinite when none will be. */
  nextDueNs(target: Float64Array, at: number): void
}

/**
 * What an architecture runs on a port's thread. The port's driver calls `turn` over and over and decides when to park;
 * `turn` itself never loops without bound and never parks.
 */
export interface PortThread {
  /** A bounded amount of work. Answers whether there was some. The driver has begun the port's turn. */
  turn(): boolean
  /**
   * Writes into `target[at]` when the thread has something to do again that nobody will ring for, a timer or work of its own:
   * 0 for at once, infinite for never. The driver does not sleep past it.
   */
  nextTimerNs(target: Float64Array, at: number): void
  /**
   * Whether it receives nothing now, since it has nowhere to put what it received already: then what is due at its port is nothing
   * to stay awake for, and somebody will ring when there is room.
   */
  isHeldUp(): boolean
}
