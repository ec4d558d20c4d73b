import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Clock,
  ManualClock,
  monotonicOriginNs,
  ThreadClock,
} from '../../harness/base/clock.ts'
import { clockOf } from './clock-of.ts'

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

test('the cell of a manual clock holds what was read last, not what it would be now', () => {
  const clock = new ManualClock(5)
  clock.read()
  clock.advance(10)
  expect(clock.cell[0]).toBe(5)
  clock.read()
  expect(clock.cell[0]).toBe(15)
})

test.each<[string, Clock]>([
  ['a manual clock', new ManualClock(7)],
  ['the clock of a thread', new ThreadClock(monotonicOriginNs())],
  ['a clock made for a test', clockOf(() => performance.now())],
])('a reading of %s stands in its cell, whoever took it', (_, clock) => {
  for (let reading = 0; reading < 100; reading++) {
    const beforeNs = clock.nowNs()
    expect(clock.cell[0]).toBe(beforeNs)
    clock.read()
    const readNs = clock.cell[0]!
    expect(readNs).toBeGreaterThanOrEqual(beforeNs)
    expect(readNs).toBeLessThanOrEqual(clock.nowNs())
    if (clock instanceof ManualClock) clock.advance(reading)
  }
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
