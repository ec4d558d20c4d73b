import { expect, test } from 'vitest'
import {
  answersOnlyTimes,
  capacityTimes,
  chooseTimes,
  trialTimes,
  windowsFor,
} from '../../harness/trial/times.ts'
import { WINDOW_NS } from '../../harness/measure/recorder-layout.ts'

test.each([
  [0, 1],
  [1, 2],
  [WINDOW_NS, 2],
  [WINDOW_NS + 1, 3],
  [10 * WINDOW_NS, 11],
])('a phase of %i ns has %i windows, one of them for what is due later', (ns, windows) => {
  expect(windowsFor(ns)).toBe(windows)
})

test('the steady state is as long as asked for, and the warm-up comes to an end', () => {
  const times = trialTimes(1.5)
  expect(times.steadyNs).toBe(1.5e9)
  expect(times.rehearsalAfterNs).toBeLessThan(times.leastWarmUpNs)
  expect(times.leastWarmUpNs).toBeLessThan(times.longestWarmUpNs)
  expect(times.longestDrainNs).toBeGreaterThan(0)
})

test('the warm-up is longest at capacity and shortest where only answers count', () => {
  const atLoad = chooseTimes('load', 1.5, undefined)
  const atCapacity = chooseTimes('capacity', 1.5, false)
  const forAnswers = chooseTimes('load', 1.5, true)
  expect([atLoad, atCapacity, forAnswers]).toEqual([
    trialTimes(1.5),
    capacityTimes(1.5),
    answersOnlyTimes(1.5),
  ])
  expect(chooseTimes('capacity', 1.5, true)).toEqual({
    ...forAnswers,
    leastWarmUpNs: 0.5e9,
    longestWarmUpNs: 0.5e9,
  })
  const leasts = [forAnswers, atLoad, atCapacity].map((times) => times.leastWarmUpNs)
  expect(leasts).toEqual(leasts.toSorted((a, b) => a - b))
  expect(new Set(leasts).size).toBe(3)
})
