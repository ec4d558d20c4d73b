import { expect, test } from 'vitest'
import { trialTimes, windowsFor } from '../../harness/experiment/trial-plan.ts'
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
