import { NS_PER_MS } from './units.ts'

/**
 * A source of time: nanoseconds since the run's start, monotonic, the same in every thread that shares the origin.
 *
 * Measured paths call `read` and take `cell[0]`: a number with a fraction that is returned by a call which is not inlined is
 * boxed on the heap, idle turns included (40 MB/s of garbage per polling reactor; an element of a Float64Array is not).
 */
export interface Clock {
  /** Cell 0: the latest reading of this thread. */
  readonly cell: Float64Array
  /** Reads the time into `cell[0]`; allocates nothing. */
  read(): void
  /** Reads the time and returns it: for rare use. */
  nowNs(): number
}

const BRACKET_READINGS = 2_000

/** CLOCK_MONOTONIC in nanoseconds: the same in every thread of the machine. About 60 ns a call, allocates. */
export function monotonicOriginNs(): bigint {
  return process.hrtime.bigint()
}

/**
 * The run's clock in one thread: `performance.now()` plus an offset that is fixed once against CLOCK_MONOTONIC.
 * `performance.now()` starts at zero in every thread and does not allocate; `hrtime.bigint()` is global but does.
 * The offset comes from the tightest of 2,000 brackets `now, hrtime, now`: the first readings are microseconds off.
 * `performance.timeOrigin` would be wrong: it follows the wall clock and differs between threads.
 * Cost: about 50 ns a reading.
 */
export class ThreadClock implements Clock {
  readonly cell = new Float64Array(1)
  readonly #offsetNs: number

  /** @param originNs the run's start as `monotonicOriginNs()` read it in the thread that began the run. */
  constructor(originNs: bigint) {
    let tightestMs = Number.POSITIVE_INFINITY
    let offsetNs = 0
    for (let reading = 0; reading < BRACKET_READINGS; reading++) {
      const before = performance.now()
      const monotonicNs = process.hrtime.bigint()
      const after = performance.now()
      if (after - before < tightestMs) {
        tightestMs = after - before
        offsetNs = Number(monotonicNs - originNs) - ((before + after) / 2) * NS_PER_MS
      }
    }
    this.#offsetNs = offsetNs
  }

  read(): void {
    this.cell[0] = performance.now() * NS_PER_MS + this.#offsetNs
  }

  nowNs(): number {
    this.read()
    return this.cell[0]!
  }
}

/** A clock for tests: stands still until it is told to move. */
export class ManualClock implements Clock {
  readonly cell = new Float64Array(1)
  #nowNs: number

  constructor(startNs = 0) {
    this.#nowNs = startNs
  }

  read(): void {
    this.cell[0] = this.#nowNs
  }

  nowNs(): number {
    this.read()
    return this.#nowNs
  }

  advance(byNs: number): void {
    this.#nowNs += byNs
  }
}

/** Milliseconds since 1970, for naming reports; never for measuring. */
export function wallClock(): Date {
  return new Date()
}
