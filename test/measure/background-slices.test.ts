import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BackgroundSlices, NEXT_SLICE } from '../../harness/measure/background-slices.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { oneThread } from '../shared-memory/thread-parts.ts'

const START_NS = 1_000
const MS = 1_000_000
const PLAN = { share: 0.25, sliceNs: MS, priorities: true }

function createSlices(changes: Partial<typeof PLAN> = {}) {
  const clock = new ManualClock(START_NS)
  const { counters } = oneThread()
  // Slices that burn next to nothing.
  const slices = new BackgroundSlices({ ...PLAN, ...changes }, START_NS, 1e-6, clock, counters)
  return { clock, slices, done: () => counters.read().backgroundSlices }
}

test('slices are due at an even pace: share × time ÷ slice of them', () => {
  const { clock, slices, done } = createSlices()
  expect(slices.take(false)).toBe(false)
  expect(slices.cell[NEXT_SLICE]).toBe(START_NS + 4 * MS)
  clock.advance(4 * MS)
  expect([slices.take(false), slices.take(false)]).toEqual([true, false])
  clock.advance(10 * MS)
  while (slices.take(false));
  expect(done()).toBe(3)
  expect(slices.cell[NEXT_SLICE]).toBe(START_NS + 16 * MS)
})

test('with priorities requests go first, until a slice is 100 ms late', () => {
  const { clock, slices } = createSlices()
  clock.advance(103 * MS)
  expect(slices.take(true)).toBe(false)
  clock.advance(MS)
  expect(slices.take(true)).toBe(true)
  // The next one is less late.
  expect(slices.take(true)).toBe(false)
  expect(slices.take(false)).toBe(true)
})

test('without priorities work is done whatever else there is', () => {
  const { clock, slices } = createSlices({ priorities: false })
  clock.advance(4 * MS)
  expect([slices.take(true), slices.take(true)]).toEqual([true, false])
})

test('a share of nothing is never due', () => {
  const { clock, slices } = createSlices({ share: 0 })
  clock.advance(1e15)
  expect([slices.take(false), slices.cell[NEXT_SLICE]]).toEqual([false, Number.POSITIVE_INFINITY])
})

test('however the thread is delayed, as many slices are done as are due', () => {
  const steps = fc.array(fc.record({ ns: fc.nat(20 * MS), takes: fc.nat(3) }), { maxLength: 50 })
  fc.assert(
    fc.property(steps, fc.double({ min: 0.01, max: 0.9, noNaN: true }), (course, share) => {
      const { clock, slices, done } = createSlices({ share })
      const dueBy = (ns: number) => (share * (ns - START_NS)) / PLAN.sliceNs
      for (const { ns, takes } of course) {
        clock.advance(ns)
        for (let take = 0; take < takes; take++) slices.take(false)
        expect(done()).toBeLessThanOrEqual(dueBy(clock.nowNs()) + 1e-6)
      }
      while (slices.take(false));
      expect(done()).toBeGreaterThan(dueBy(clock.nowNs()) - 1 - 1e-6)
    }),
  )
})
