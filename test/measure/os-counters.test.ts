import { expect, test } from 'vitest'
import { burnIterations } from '../../harness/measure/burn.ts'
import { readOsCounters, subtractOsCounters } from '../../harness/measure/os-counters.ts'
import { kernelThreadId } from '../../harness/measure/affinity.ts'

const hasProc = process.platform === 'linux'
const NO_THREAD = 2 ** 30

test.runIf(hasProc)('counters of a thread only grow, and work uses processor time', () => {
  const id = kernelThreadId() ?? NO_THREAD
  const before = readOsCounters(id)
  burnIterations(20_000_000)
  const after = readOsCounters(id)
  expect(before).not.toBeNull()
  expect(after).not.toBeNull()
  const counted = subtractOsCounters(after!, before!)
  expect(counted.cpuSeconds).toBeGreaterThan(0)
  for (const value of Object.values(counted)) expect(value).toBeGreaterThanOrEqual(0)
})

test('a thread that does not exist has no counters', () => {
  expect(readOsCounters(NO_THREAD)).toBeNull()
})

test('what was counted in between is the difference of every counter', () => {
  const names = [
    'cpuSeconds',
    'runQueueWaitSeconds',
    'voluntarySwitches',
    'involuntarySwitches',
    'minorFaults',
    'majorFaults',
  ] as const
  const reading = (factor: number) =>
    Object.fromEntries(names.map((name, index) => [name, factor * (index + 1)])) as Record<
      (typeof names)[number],
      number
    >
  expect(subtractOsCounters(reading(5), reading(2))).toEqual(reading(3))
})
