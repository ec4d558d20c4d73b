import { expect, test } from 'vitest'
import { monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { burnIterations, burnModule, calibrateBurn, shareBurn } from '../../harness/measure/burn.ts'
import { clockOf } from '../base/clock-of.ts'

test('calibration takes the fastest round, since disturbances only slow it down', () => {
  let nowNs = 0
  let readings = 0
  // Rounds last a millisecond, but for one of a half.
  const clock = clockOf(() => (nowNs += readings++ === 13 ? 500_000 : 1_000_000))
  const iterationsPerUs = calibrateBurn(clock)
  let slowNs = 0
  const undisturbed = calibrateBurn(clockOf(() => (slowNs += 1_000_000)))
  expect(iterationsPerUs).toBe(2 * undisturbed)
})

test('burning nothing is allowed', () => {
  expect(() => burnIterations(0)).not.toThrow()
})

test('a burn takes time in proportion to its iterations: no compiler takes them away', () => {
  const clock = new ThreadClock(monotonicOriginNs())
  // The fastest of several: whoever disturbs makes it slower.
  const fastestNs = (iterations: number) => {
    const rounds = Array.from({ length: 9 }, () => {
      const startNs = clock.nowNs()
      burnIterations(iterations)
      return clock.nowNs() - startNs
    })
    return Math.min(...rounds)
  }
  burnIterations(1_000_000)
  const ratio = fastestNs(4_000_000) / fastestNs(400_000)
  expect(ratio).toBeGreaterThan(5)
  expect(ratio).toBeLessThan(20)
})

test('a thread burns with the module of another one', () => {
  const module = burnModule()
  expect(WebAssembly.Module.exports(module)).toEqual([{ name: 'burn', kind: 'function' }])
  shareBurn(module)
  expect(burnModule()).toBe(module)
  expect(() => burnIterations(10)).not.toThrow()
})
