import type { Connection } from './connection.ts'

const FREE: Connection | undefined = undefined

/** What became of a slot in flight. */
export const UNDER_WAY = 0
export const REPLIED = 1
export const REFUSED_LATE = 2

/** The slots of one port by their index within it: which are free, and whose request each other one holds. */
export class PortSlots {
  readonly #free: Int32Array
  #freeCount: number
  readonly #connectionOf: (Connection | undefined)[]
  readonly #states: Uint8Array
  readonly #arrivedNs: Float64Array
  readonly #deadlineNs: number

  /** @param deadlineNs a request that waits longer is late; 0 for never. */
  constructor(count: number, deadlineNs: number) {
    this.#free = Int32Array.from({ length: count }, (_, slot) => count - 1 - slot)
    this.#freeCount = count
    this.#connectionOf = Array.from({ length: count }, () => FREE)
    this.#states = new Uint8Array(count)
    this.#arrivedNs = new Float64Array(count)
    this.#deadlineNs = deadlineNs
  }

  // Measured path from here to the end of the class.
  get isNoneFree(): boolean {
    return this.#freeCount === 0
  }

  get inFlight(): number {
    return this.#free.length - this.#freeCount
  }

  /** A free slot for the request that the connection has had since `waitingSinceNs`. Only while one is free. */
  take(connection: Connection): number {
    const local = this.#free[--this.#freeCount]!
    this.#connectionOf[local] = connection
    this.#arrivedNs[local] = connection.waitingSinceNs
    return local
  }

  /** Of a slot in flight. */
  connectionOf(local: number): Connection {
    return this.#connectionOf[local]!
  }

  /** `UNDER_WAY`, or whether it is replied or refused. */
  state(local: number): number {
    return this.#states[local]!
  }

  /** Its reply is ready to be sent. */
  end(local: number, state: number): void {
    this.#states[local] = state
  }

  release(local: number): void {
    this.#connectionOf[local] = FREE
    this.#states[local] = UNDER_WAY
    this.#free[this.#freeCount++] = local
  }

  /** Whether its request's deadline is over at the instant in `cell[at]`. */
  isLate(local: number, cell: Float64Array, at: number): boolean {
    if (this.#deadlineNs === 0) return false
    return cell[at]! - this.#arrivedNs[local]! >= this.#deadlineNs
  }

  /** Writes into `target[at]` from when on it is; infinite for never. */
  lateFromNs(local: number, target: Float64Array, at: number): void {
    if (this.#deadlineNs === 0) target[at] = Number.POSITIVE_INFINITY
    else target[at] = this.#arrivedNs[local]! + this.#deadlineNs
  }
}
