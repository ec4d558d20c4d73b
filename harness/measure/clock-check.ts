import { type Clock, monotonicOriginNs } from '../base/clock.ts'

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
