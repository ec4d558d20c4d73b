import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ManualClock, monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'

test('a manual clock stands still until it is told to move', () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(fc.nat()), (startNs, steps) => {
      const clock = new ManualClock(startNs)
      let expectedNs = startNs
      for (const stepNs of steps) {
        expect(clock.nowNs()).toBe(expectedNs)
        clock.advance(stepNs)
        expectedNs += stepNs
      }
      expect(clock.nowNs()).toBe(expectedNs)
    }),
  )
  expect(new ManualClock().nowNs()).toBe(0)
})

test('the clock of a thread never goes back', () => {
  const clock = new ThreadClock(monotonicOriginNs())
  let lastNs = clock.nowNs()
  for (let reading = 0; reading < 10_000; reading++) {
    const nowNs = clock.nowNs()
    expect(nowNs).toBeGreaterThanOrEqual(lastNs)
    lastNs = nowNs
  }
})

test('clocks count from the origin that they were given', () => {
  const originNs = monotonicOriginNs()
  const shiftNs = 5_000_000_000n
  const early = new ThreadClock(originNs - shiftNs)
  const late = new ThreadClock(originNs)
  // Read in turn, so that the true difference lies between two of one clock's readings.
  const before = late.nowNs()
  const shifted = early.nowNs() - Number(shiftNs)
  const after = late.nowNs()
  const offsetsErrorNs = 20_000
  expect(shifted).toBeGreaterThan(before - offsetsErrorNs)
  expect(shifted).toBeLessThan(after + offsetsErrorNs)
})
