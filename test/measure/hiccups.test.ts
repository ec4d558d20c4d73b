import { expect, test } from 'vitest'
import { monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { longestHiccup } from '../../harness/measure/clock-check.ts'
import { clockOf } from '../base/clock-of.ts'

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
