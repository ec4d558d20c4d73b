import { expect, test } from 'vitest'
import { HeapWatch } from '../../harness/server/heap-watch.ts'
import {
  Control,
  createControl,
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WARM_UP,
} from '../../harness/ports/replay/control.ts'
import {
  createThreadCounters,
  ThreadCounters,
} from '../../harness/shared-memory/thread-counters.ts'

const OBJECTS = 300_000
const OBJECT_BYTES = 800

function createWatch() {
  const control = new Control(createControl())
  const counters = new ThreadCounters(createThreadCounters(1), 0)
  const watch = new HeapWatch(control, counters)
  return {
    control,
    watch,
    /** What the thread has told. */
    told: () => {
      const { collections, allocatedBytes } = counters.read()
      return { trial: counters.toldTrial(), collections, allocatedBytes }
    },
  }
}

const TEMPLATE = Array.from({ length: 100 }, (_, index) => index)

/** Makes garbage that no compiler leaves out: `OBJECTS` fill any young generation several times. */
function makeGarbage(objects: number): void {
  let latest = TEMPLATE
  for (let made = 0; made < objects; made++) latest = latest.slice()
  expect(latest).toEqual(TEMPLATE)
}

test('nothing is told before the end of a steady state', () => {
  const { control, watch, told } = createWatch()
  const nothing = { trial: 0, collections: 0, allocatedBytes: 0 }
  control.nextTrial()
  for (const phase of [PHASE_WARM_UP, PHASE_REHEARSAL, PHASE_STEADY_STATE] as const) {
    watch.look()
    control.startPhase(phase, 0)
    watch.look()
    makeGarbage(100)
    watch.look()
    expect(told()).toEqual(nothing)
  }
  control.closePorts()
  watch.look()
  expect(told().trial).toBe(1)
})

test('what the heap does in a steady state is told, and nothing of before', () => {
  const { control, watch, told } = createWatch()
  control.nextTrial()
  control.startPhase(PHASE_REHEARSAL, 0)
  watch.look()
  makeGarbage(OBJECTS)
  control.startPhase(PHASE_STEADY_STATE, 0)
  watch.look()
  makeGarbage(OBJECTS)
  watch.look()
  control.beginAnew()
  watch.look()
  const busy = told()
  expect(busy.trial).toBe(1)
  expect(busy.collections).toBeGreaterThan(0)
  expect(busy.allocatedBytes).toBeGreaterThan(OBJECTS * OBJECT_BYTES)
  // The next trial starts from nothing.
  control.nextTrial()
  control.startPhase(PHASE_REHEARSAL, 0)
  watch.look()
  makeGarbage(OBJECTS)
  control.startPhase(PHASE_STEADY_STATE, 0)
  watch.look()
  watch.look()
  control.beginAnew()
  expect(told()).toEqual(busy)
  watch.look()
  const quiet = told()
  expect([quiet.trial, quiet.collections]).toEqual([2, 0])
  expect(quiet.allocatedBytes).toBeLessThan((OBJECTS * OBJECT_BYTES) / 10)
})

test('a trial without a steady state is not told of', () => {
  const { control, watch, told } = createWatch()
  control.nextTrial()
  control.startPhase(PHASE_REHEARSAL, 0)
  watch.look()
  makeGarbage(100)
  control.beginAnew()
  watch.look()
  expect(told().trial).toBe(0)
})

test('a thread that slept over the end of a trial tells when it looks again, once', () => {
  const { control, watch, told } = createWatch()
  control.nextTrial()
  control.startPhase(PHASE_STEADY_STATE, 0)
  watch.look()
  control.closePorts()
  control.beginAnew()
  watch.look()
  const first = told()
  expect(first.trial).toBe(1)
  makeGarbage(100)
  watch.look()
  expect(told()).toEqual(first)
})
