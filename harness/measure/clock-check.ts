import { type Clock, monotonicOriginNs } from '../base/clock.ts'
import { NS_PER_MS } from '../base/units.ts'

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
