import { expect, test } from 'vitest'
import { burnIterations } from '../../harness/measure/burn.ts'
import { difference, readOsCounters } from '../../harness/measure/os-counters.ts'
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
  const counted = difference(after!, before!)
  expect(counted.cpuSeconds).toBeGreaterThan(0)
  for (const value of Object.values(counted)) expect(value).toBeGreaterThanOrEqual(0)
})

test('a thread that does not exist has no counters', () => {
  expect(readOsCounters(NO_THREAD)).toBeNull()
})

test('what was counted in between is the difference of every counter', () => {
  expect(difference({ switches: 5, faults: 7 }, { switches: 2, faults: 7 })).toEqual({
    switches: 3,
    faults: 0,
  })
})
