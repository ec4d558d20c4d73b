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

/** Milliseconds since 1970, for naming reports; never for measuring. */
export function wallClock(): Date {
  return new Date()
}

const BRACKETS = 50

/**
 * How far, in nanoseconds, a thread's clock is now from CLOCK_MONOTONIC; never negative. Taken in the tightest of 50
 * brackets `monotonic, clock, monotonic`, whose half width, about 100 ns, is the error of the answer. About 40 µs,
 * allocates. @param originNs the run's start, which the clock counts from.
 */
export function clockErrorNs(clock: Clock, originNs: bigint): number {
  let tightestNs = Number.POSITIVE_INFINITY
  let errorNs = 0
  for (let bracket = 0; bracket < BRACKETS; bracket++) {
    const beforeNs = Number(monotonicOriginNs() - originNs)
    const nowNs = clock.nowNs()
    const widthNs = Number(monotonicOriginNs() - originNs) - beforeNs
    if (widthNs < tightestNs) {
      tightestNs = widthNs
      errorNs = Math.abs(nowNs - (beforeNs + widthNs / 2))
    }
  }
  return errorNs
}

const POLLED_NS = 10 * NS_PER_MS

/**
 * The longest time in nanoseconds between two successive readings of a clock: what a thread that does nothing but read
 * it lost to other threads, interrupts or the hypervisor. At least one reading's own cost, about 50 ns.
 * For the time before and after trials only: on cores that serve requests it would measure, and disturb, them.
 * Keeps a processor busy for `ns`; builds no objects. @param clock must run. @param ns @default 10 ms
 */
export function longestHiccup(clock: Clock, ns = POLLED_NS): number {
  const startNs = clock.nowNs()
  let longestNs = 0
  let previousNs = startNs
  while (previousNs - startNs < ns) {
    const nowNs = clock.nowNs()
    if (nowNs - previousNs > longestNs) longestNs = nowNs - previousNs
    previousNs = nowNs
  }
  return longestNs
}
