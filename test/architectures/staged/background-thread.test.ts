import { afterEach, expect, test, vi } from 'vitest'
import { BackgroundThread } from '../../../harness/architectures/staged/timer-thread.ts'
import { BackgroundSlices } from '../../../harness/measure/background-slices.ts'
import { ManualClock } from '../../base/manual-clock.ts'
import { oneThread } from '../../shared-memory/thread-parts.ts'

const MS = 1_000_000

afterEach(() => {
  vi.restoreAllMocks()
})

test('a background thread sleeps between its slices, and counts as awake while one is due', () => {
  const clock = new ManualClock()
  const { awake, counters, awakeCount } = oneThread()
  const slept: number[] = []
  const awakeInSleep: number[] = []
  vi.spyOn(Atomics, 'wait').mockImplementation((_words, _at, _value, ms) => {
    slept.push(ms!)
    awakeInSleep.push(awakeCount())
    clock.advance(ms! * MS)
    return 'timed-out'
  })
  const plan = { share: 0.5, sliceNs: 10 * MS, priorities: false }
  const slices = new BackgroundSlices(plan, 0, 1e-6, clock, counters)
  new BackgroundThread({ slices, clock, awake, stopped: () => slept.length === 5 }).run()
  expect(slept).toEqual([20, 20, 20, 20, 20])
  expect(counters.read().backgroundSlices).toBe(4)
  expect(new Set(awakeInSleep)).toEqual(new Set([0]))
  expect(awakeCount()).toBe(1)
})

test('it looks often enough whether it must stop', () => {
  const clock = new ManualClock()
  const { awake, counters } = oneThread()
  const sleep = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
  const plan = { share: 0.001, sliceNs: 10 * MS, priorities: true }
  const slices = new BackgroundSlices(plan, 0, 1e-6, clock, counters)
  let looks = 0
  new BackgroundThread({ slices, clock, awake, stopped: () => looks++ === 1 }).run()
  expect(sleep.mock.lastCall![3]).toBeLessThanOrEqual(100)
})
