import type { Clock } from '../base/clock.ts'
import { NS_PER_US } from '../base/units.ts'

let sink = 0

/** CPU work that no compiler removes and that touches no memory: a chain of dependent multiplications. */
export function burnIterations(count: number): void {
  let state = sink | 1
  for (let i = 0; i < count; i++) state = Math.imul(state, 0x9e3779b1) ^ i
  sink = state
}

const CALIBRATION_ITERATIONS = 200_000
const CALIBRATION_ROUNDS = 30

/**
 * Iterations of `burnIterations` that take a microsecond on this processor: the fastest of 30 rounds, since every
 * disturbance makes a round slower. About 10 ms.
 */
export function calibrateBurn(clock: Clock): number {
  let fastestNs = Number.POSITIVE_INFINITY
  for (let round = 0; round < CALIBRATION_ROUNDS; round++) {
    const startNs = clock.nowNs()
    burnIterations(CALIBRATION_ITERATIONS)
    fastestNs = Math.min(fastestNs, clock.nowNs() - startNs)
  }
  return (CALIBRATION_ITERATIONS * NS_PER_US) / fastestNs
}
