import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Clock,
  monotonicOriginNs,
  ThreadClock,
  clockErrorNs,
  longestHiccup,
} from '../../harness/base/clock.ts'
import { ManualClock } from './manual-clock.ts'
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

const originNs = monotonicOriginNs()
const clock = new ThreadClock(originNs)
const SECOND_NS = 1_000_000_000

test('a clock that is wrong by a second is further off than one that is right', () => {
  const rightNs = clockErrorNs(clock, originNs)
  expect(rightNs).toBeGreaterThanOrEqual(0)
  for (const offsetNs of [SECOND_NS, -SECOND_NS]) {
    const wrong = clockOf(() => clock.nowNs() + offsetNs)
    expect(clockErrorNs(wrong, originNs)).toBeGreaterThan(rightNs)
  }
})

test('a clock that counts from another instant is off by the difference', () => {
  const errorNs = clockErrorNs(clock, originNs + BigInt(SECOND_NS))
  expect(Math.round(errorNs / SECOND_NS)).toBe(1)
})

test('the longest time between two readings is found', () => {
  const stepsNs = [50, 60, 50, 7_000, 300, 50]
  let reading = 0
  let nowNs = 1_000
  const clock = clockOf(() => (nowNs += stepsNs[reading++ % stepsNs.length]!))
  expect(longestHiccup(clock, 20_000)).toBe(7_000)
})

test('a hiccup that outlasts the time of polling counts in full', () => {
  let nowNs = 0
  const clock = clockOf(() => (nowNs += 50_000))
  expect(longestHiccup(clock, 10)).toBe(50_000)
})

test('polls for 10 ms unless told otherwise', () => {
  let readings = 0
  const clock = clockOf(() => readings++ * 1_000_000)
  longestHiccup(clock)
  expect(readings).toBe(11)
})

test('on a real clock a hiccup takes time', () => {
  const ns = longestHiccup(new ThreadClock(monotonicOriginNs()), 1_000_000)
  expect(ns).toBeGreaterThan(0)
})
