import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ISOLATION_WORDS } from '../../harness/base/units.ts'
import {
  BoundedQueue,
  createBoundedQueue,
  QUEUE_HEAD_WORD,
  QUEUE_NOT_EMPTY_WORD,
  QUEUE_TAIL_WORD,
} from '../../harness/shared-memory/bounded-queue.ts'
import { CONDITION_WORDS, Condition } from '../../harness/shared-memory/condition.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { oneThread } from './thread-parts.ts'

// Words of the drawing in condition.ts.
const SEQUENCE = 0
const SLEEPERS = ISOLATION_WORDS

/** An empty queue whose positions begin at `start`. */
function queueAt(capacity: number, start = 0) {
  const memory = createBoundedQueue(capacity)
  const words = new Int32Array(memory.buffer)
  words[QUEUE_TAIL_WORD] = start
  words[QUEUE_HEAD_WORD] = start
  const parts = oneThread()
  const queue = new BoundedQueue(memory, new ManualClock(), parts.awake, parts.counters)
  return { queue, parts, words }
}

const capacities = fc.constantFrom(1, 2, 4, 8, 32)
const starts = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.integer({ min: 2 ** 31 - 9, max: 2 ** 31 - 1 }),
)
/** A batch to push, a slice of an array, or most values to pop. */
const steps = fc.array(
  fc.record({
    pushes: fc.boolean(),
    values: fc.array(fc.integer(), { maxLength: 12 }),
    from: fc.nat(3),
    limit: fc.nat(12),
  }),
  { maxLength: 100 },
)

/** A queue in plain words. */
class Model {
  readonly values: number[] = []
  readonly statistics = { pushes: 0, popBatches: 0 }

  push(values: readonly number[]): void {
    this.values.push(...values)
    this.statistics.pushes += values.length
  }

  pop(limit: number): number[] {
    const values = this.values.splice(0, limit)
    this.statistics.popBatches += Number(values.length > 0)
    return values
  }
}

test('behaves like an array queue, whatever its positions', () => {
  const push = (queue: BoundedQueue, model: Model, values: readonly number[], from: number) => {
    const taken = queue.tryPushBatch(Int32Array.from(values), from, values.length)
    model.push(values.slice(from, from + taken))
    return { taken, isFull: queue.isFull() }
  }
  fc.assert(
    fc.property(capacities, starts, steps, (capacity, start, course) => {
      const { queue } = queueAt(capacity, start)
      const model = new Model()
      for (const { pushes, values, from, limit } of course) {
        const batch = pushes ? values : []
        const first = Math.min(from, batch.length)
        const room = capacity - model.values.length
        expect(push(queue, model, batch, first)).toEqual({
          taken: Math.min(room, batch.length - first),
          isFull: model.values.length === capacity,
        })
        const expected = model.pop(pushes ? 0 : limit)
        const target = new Int32Array(limit)
        const count = queue.tryPopBatch(target, pushes ? 0 : limit)
        expect([...target.subarray(0, count)]).toEqual(expected)
        expect(queue.length()).toBe(model.values.length)
        expect(queue.hasWork()).toBe(model.values.length > 0)
        expect(queue.isFull()).toBe(model.values.length === capacity)
        expect(queue.statistics()).toEqual(model.statistics)
      }
    }),
  )
})

test('takes the lock once per batch, and not at all to find itself empty', () => {
  const { queue, parts } = queueAt(8)
  const values = new Int32Array(8)
  queue.tryPopBatch(values, 8)
  expect(parts.counters.read().queueLockAcquisitions).toBe(0)
  queue.tryPushBatch(values, 0, 5)
  queue.tryPopBatch(values, 8)
  expect(parts.counters.read().queueLockAcquisitions).toBe(2)
  expect(parts.counters.read().contendedQueueLockAcquisitions).toBe(0)
})

test('with nobody asleep a push wakes nobody', () => {
  const { queue, parts } = queueAt(8)
  queue.tryPushBatch(new Int32Array(8), 0, 8)
  expect(parts.counters.read().wakeUps).toBe(0)
  expect(parts.awakeCount()).toBe(1)
})

test('a push between the second look of a consumer and its sleep ends the sleep', () => {
  const { queue } = queueAt(8)
  let looks = 0
  queue.notEmpty.park(
    {
      hasWork: () => {
        looks++
        queue.tryPushBatch(new Int32Array(1), 0, 1)
        return false
      },
    },
    20_000,
  )
  expect(looks).toBe(1)
  expect(queue.length()).toBe(1)
})

test('a pop between the second look of a producer and its sleep ends the sleep', () => {
  const { queue } = queueAt(1)
  queue.tryPushBatch(new Int32Array(1), 0, 1)
  queue.notFull.park({ hasWork: () => queue.tryPopBatch(new Int32Array(1), 1) === 0 }, 20_000)
  expect(queue.isFull()).toBe(false)
})

test('a consumer that leaves values behind wakes another for them', () => {
  const { queue, words } = queueAt(8)
  // One consumer sleeps, and never comes.
  words[QUEUE_NOT_EMPTY_WORD + SLEEPERS] = 1
  const signals = () => words[QUEUE_NOT_EMPTY_WORD + SEQUENCE]
  queue.tryPushBatch(new Int32Array(3), 0, 3)
  expect(signals()).toBe(1)
  queue.tryPopBatch(new Int32Array(2), 2)
  expect(signals()).toBe(2)
  queue.tryPopBatch(new Int32Array(2), 2)
  expect(signals()).toBe(2)
})

test('queues of a pool signal the condition of the pool', () => {
  const parts = oneThread()
  const words = new Int32Array(new SharedArrayBuffer(CONDITION_WORDS * 4))
  const pool = new Condition(words, 0, parts.awake, parts.counters)
  const clock = new ManualClock()
  const queues = [1, 2].map(
    () => new BoundedQueue(createBoundedQueue(4), clock, parts.awake, parts.counters, pool),
  )
  for (const queue of queues) {
    pool.park({ hasWork: () => queue.tryPushBatch(new Int32Array(1), 0, 1) === 0 }, 20_000)
  }
  // Both pushes changed the sequence that sleepers of the pool wait on.
  expect(words[SEQUENCE]).toBe(2)
})

test('refuses a capacity that is not a power of two', () => {
  expect(() => createBoundedQueue(3)).toThrow('queue capacity must be a power of two: capacity=3')
})
