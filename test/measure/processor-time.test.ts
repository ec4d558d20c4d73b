import { cpus } from 'node:os'
import { expect, test } from 'vitest'
import { monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { burnIterations } from '../../harness/measure/burn.ts'
import {
  foreignShare,
  parseProcessorTime,
  programUsage,
  type ProcessorTime,
  readProcessorTime,
  readProgramTimes,
} from '../../harness/measure/processor-time.ts'

const clock = new ThreadClock(monotonicOriginNs())

const STAT = `cpu  111 0 222 900 30 0 3 6 0 0
cpu0 50 0 100 400 10 0 1 2 0 0
cpu1 61 0 122 500 20 0 2 4 0 0
cpu10 0 0 0 70 7 0 0 1 0 0
intr 1 2 3
`

/** Two processors, watched for a second from zero. */
const START: ProcessorTime = {
  totalSeconds: 0,
  idleSeconds: 0,
  stealSeconds: 0,
  ownSeconds: 0,
  voluntarySwitches: 0,
}
const after = (spent: Partial<ProcessorTime>) =>
  foreignShare({ ...START, totalSeconds: 2, ...spent }, START)

test('idle time includes waiting for disks, and only the named processors count', () => {
  expect(parseProcessorTime(STAT, [1])).toEqual({ idleSeconds: 5.2, stealSeconds: 0.04 })
  expect(parseProcessorTime(STAT, [0, 10])).toEqual({ idleSeconds: 4.87, stealSeconds: 0.03 })
})

test('a processor that is missing makes the reading null', () => {
  expect(parseProcessorTime(STAT, [0, 2])).toBeNull()
  expect(parseProcessorTime('', [0])).toBeNull()
})

test('others took what was neither idle nor stolen nor our own', () => {
  const { othersShare, stealShare } = after({ idleSeconds: 1, stealSeconds: 0.2, ownSeconds: 0.5 })
  expect(othersShare).toBeCloseTo(0.15)
  expect(stealShare).toBeCloseTo(0.1)
})

test('only what happened between the readings counts', () => {
  const earlier = { ...START, totalSeconds: 100, idleSeconds: 60, ownSeconds: 30 }
  const later = { ...earlier, totalSeconds: 104, idleSeconds: 61, ownSeconds: 32 }
  expect(foreignShare(later, earlier)).toEqual({ othersShare: 0.25, stealShare: 0 })
})

test('shares are never negative, though our own threads ran on other processors too', () => {
  expect(after({ idleSeconds: 1.5, ownSeconds: 1.2 }).othersShare).toBe(0)
  expect(after({ idleSeconds: 2.01 }).othersShare).toBe(0)
})

test('going to sleep costs time that nobody is charged for', () => {
  const { othersShare } = after({ idleSeconds: 1, ownSeconds: 0.94, voluntarySwitches: 20_000 })
  expect(othersShare).toBeCloseTo(0.015)
})

test('sleeping often cannot hide a busy machine', () => {
  const { othersShare } = after({ idleSeconds: 1, ownSeconds: 0.8, voluntarySwitches: 1e9 })
  expect(othersShare).toBeCloseTo(0.06)
})

test('two readings at the same instant share nothing', () => {
  expect(foreignShare(START, START)).toEqual({ othersShare: 0, stealShare: 0 })
})

test.runIf(process.platform === 'linux')('on this machine times grow and shares are shares', () => {
  const all = [...cpus().keys()]
  const earlier = readProcessorTime(all, clock)
  burnIterations(20_000_000)
  const later = readProcessorTime(all, clock)
  expect(earlier).not.toBeNull()
  expect(later).not.toBeNull()
  for (const name of Object.keys(later!) as (keyof ProcessorTime)[]) {
    expect(later![name]).toBeGreaterThanOrEqual(earlier![name])
  }
  expect(later!.ownSeconds).toBeGreaterThan(earlier!.ownSeconds)
  for (const share of Object.values(foreignShare(later!, earlier!))) {
    expect(share).toBeGreaterThanOrEqual(0)
    expect(share).toBeLessThanOrEqual(1)
  }
})

test('a processor that does not exist has no time', () => {
  expect(readProcessorTime([2 ** 20], clock)).toBeNull()
})

test('programs of one name count together, the busiest first, and one that began meanwhile as a whole', () => {
  const times = (...programs: readonly (readonly [number, string, number])[]) =>
    new Map(programs.map(([id, name, cpuSeconds]) => [id, { name, cpuSeconds }]))
  const earlier = times([1, 'init', 5], [7, 'python3', 1], [8, 'python3', 2], [9, 'ended', 3])
  const later = times([1, 'init', 5], [7, 'python3', 1.25], [8, 'python3', 2.5], [11, 'make', 1])
  expect(programUsage(later, earlier)).toEqual([
    { name: 'make', cpuSeconds: 1 },
    { name: 'python3', cpuSeconds: 0.75 },
  ])
})

test.runIf(process.platform === 'linux')('the programs that are seen are the others', () => {
  const programs = readProgramTimes()
  expect(programs.has(process.pid)).toBe(false)
  expect(programs.get(process.ppid)!.name).not.toBe('')
})
