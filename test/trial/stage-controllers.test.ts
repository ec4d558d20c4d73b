import { expect, test } from 'vitest'
import {
  createStagedMemory,
  StageSettings,
} from '../../harness/architectures/staged/staged-memory.ts'
import { StageControllers } from '../../harness/trial/stage-controllers.ts'
import { BoundedQueue, type BoundedQueueMemory } from '../../harness/shared-memory/bounded-queue.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { oneThread } from '../shared-memory/thread-parts.ts'

const STEP_NS = 100_000_000
const BATCH = 100
const THREADS = 2

/** Two stages and their controllers; the test plays the pool. */
function controlled(what: { batch?: boolean; threads?: boolean }) {
  const memory = createStagedMemory({
    portCount: 1,
    stageCount: 2,
    slotCount: 4_096,
    queueCapacity: 0,
    locks: 'striped',
    stripes: 1,
    setsTimers: [true, false],
    hasDeadline: false,
  })
  const settings = new StageSettings(memory)
  for (const stage of [0, 1]) {
    settings.setBatch(stage, BATCH)
    settings.setActiveThreads(stage, THREADS)
  }
  const clock = new ManualClock()
  const controllers = new StageControllers({
    memory,
    limits: {
      batch: what.batch ?? false,
      threads: what.threads ?? false,
      maximumThreads: [4, 4],
      sleeps: [false, false],
      largestBatches: [1_000, 1_000],
      clock,
    },
  })
  const { awake, counters } = oneThread()
  const attach = (queue: BoundedQueueMemory) => new BoundedQueue(queue, clock, awake, counters)
  const queues = memory.queues.map(attach)
  const replies = memory.replyQueues.map(attach)[0]!
  const values = new Int32Array(4_096)
  const returned = attach(memory.timers!.returned[0]!)
  return {
    settings,
    controllers,
    push: (stage: number, count: number) => queues[stage]!.tryPushBatch(values, 0, count),
    pushReturned: (count: number) => returned.tryPushBatch(values, 0, count),
    popReturned: (count: number) => returned.tryPopBatch(values, count),
    pop: (stage: number, count: number) => queues[stage]!.tryPopBatch(values, count),
    /** @param completed requests since the step before */
    step: (completed = 0) => {
      replies.tryPopBatch(values, replies.tryPushBatch(values, 0, completed))
      clock.advance(STEP_NS)
      controllers.adjust()
    },
  }
}

test('without controllers nothing changes and nothing is reported', () => {
  const { settings, controllers, push, step } = controlled({})
  push(0, 4_000)
  step()
  expect([settings.batch(0), settings.activeThreads(0)]).toEqual([BATCH, THREADS])
  expect(controllers.settings()).toEqual({})
})

test('a stage whose queue is long has a thread on trial, which stays when more was completed with it', () => {
  const { settings, push, step } = controlled({ threads: true })
  const threads = () => [settings.activeThreads(0), settings.activeThreads(1)]
  push(0, 2 * BATCH + 1)
  const seen = [1_000, 1_500, 1_000, 1_500].map((completed) => {
    step(completed)
    return threads()
  })
  // With it, without it, kept; and then another one.
  expect(seen).toEqual([
    [3, 2],
    [2, 2],
    [3, 2],
    [4, 2],
  ])
})

test('a long queue of requests behind their wait has a thread on trial as well', () => {
  const { settings, pushReturned, step } = controlled({ threads: true })
  pushReturned(2 * BATCH + 1)
  step(1_000)
  expect(settings.activeThreads(0)).toBe(THREADS + 1)
})

test('a thread that is on trial when the warm-up ends is taken back', () => {
  const { settings, controllers, push, step } = controlled({ threads: true })
  push(0, 2 * BATCH + 1)
  step(1_000)
  expect(settings.activeThreads(0)).toBe(3)
  expect(controllers.settings()).toEqual({ 'threads.0': 2, 'threads.1': 2 })
  expect(settings.activeThreads(0)).toBe(2)
})

test('batches stay as they are while a thread is on trial', () => {
  const { settings, push, step } = controlled({ threads: true, batch: true })
  push(0, 2 * BATCH + 1)
  step(1_000)
  step(1_000)
  expect(settings.batch(0)).toBe(BATCH)
  step(1_000)
  expect(settings.batch(0)).not.toBe(BATCH)
})

test('the batch goes on in its direction while the rate holds and turns around when it falls', () => {
  const { settings, push, pop, step } = controlled({ batch: true })
  const serve = (count: number) => {
    push(0, count)
    pop(0, count)
    step()
    return settings.batch(0)
  }
  // Smaller first, since the rate has only risen; then it falls.
  expect([1_000, 1_000, 900, 900, 500].map(serve)).toEqual([67, 45, 68, 102, 68])
})

test('requests that are taken behind their wait are the stage’s work as well', () => {
  const { settings, push, pop, pushReturned, popReturned, step } = controlled({ batch: true })
  const serve = ([begun, returned]: readonly [number, number]) => {
    push(0, begun)
    pop(0, begun)
    pushReturned(returned)
    popReturned(returned)
    step()
    return settings.batch(0)
  }
  // As many in all each time; then fewer come back.
  const windows = [
    [1_000, 0],
    [500, 500],
    [100, 900],
    [100, 400],
  ] as const
  expect(windows.map(serve)).toEqual([67, 45, 30, 45])
})

test('what was taken only to be refused is neither done nor completed', () => {
  const { settings, push, step } = controlled({ threads: true })
  push(0, 2 * BATCH + 1)
  step(1_000)
  expect(settings.activeThreads(0)).toBe(3)
  settings.addLate(0, 900)
  step(1_900)
  step(1_000)
  // The thread on trial made no more complete.
  expect(settings.activeThreads(0)).toBe(2)
  const batches = controlled({ batch: true })
  const serve = (late: number) => {
    batches.push(0, 1_000)
    batches.settings.addLate(0, late)
    batches.pop(0, 1_000)
    batches.step()
    return batches.settings.batch(0)
  }
  expect([0, 0, 900].map(serve)).toEqual([67, 45, 68])
})

test('batches stay within their bounds', () => {
  const { settings, step } = controlled({ batch: true })
  for (let i = 0; i < 20; i++) step()
  expect(settings.batch(0)).toBe(8)
})

test('what was found is reported by stage', () => {
  const { controllers } = controlled({ batch: true, threads: true })
  expect(controllers.settings()).toEqual({
    'batch.0': BATCH,
    'threads.0': THREADS,
    'batch.1': BATCH,
    'threads.1': THREADS,
  })
})
