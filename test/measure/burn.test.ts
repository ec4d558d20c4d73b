import { expect, test } from 'vitest'
import type { Clock } from '../../harness/base/clock.ts'
import { burnIterations, calibrateBurn } from '../../harness/measure/burn.ts'

test('calibration takes the fastest round, since disturbances only slow it down', () => {
  let nowNs = 0
  let readings = 0
  // Rounds last a millisecond, but for one of a half.
  const clock: Clock = { nowNs: () => (nowNs += readings++ === 13 ? 500_000 : 1_000_000) }
  const iterationsPerUs = calibrateBurn(clock)
  let slowNs = 0
  const undisturbed = calibrateBurn({ nowNs: () => (slowNs += 1_000_000) })
  expect(iterationsPerUs).toBe(2 * undisturbed)
})

test('burning nothing is allowed', () => {
  expect(() => burnIterations(0)).not.toThrow()
})
