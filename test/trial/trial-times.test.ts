import { expect, test } from 'vitest'
import { trialTimes } from '../../harness/trial/player.ts'

test('the steady state is as long as asked for, and the warm-up comes to an end', () => {
  const times = trialTimes(1.5)
  expect(times.steadyNs).toBe(1.5e9)
  expect(times.rehearsalAfterNs).toBeLessThan(times.leastWarmUpNs)
  expect(times.leastWarmUpNs).toBeLessThan(times.longestWarmUpNs)
  expect(times.longestDrainNs).toBeGreaterThan(0)
})
