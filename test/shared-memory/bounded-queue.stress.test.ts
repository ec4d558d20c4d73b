import { expect, test } from 'vitest'
import { monotonicOriginNs } from '../../harness/base/clock.ts'
import { createBoundedQueue } from '../../harness/shared-memory/bounded-queue.ts'
import type { QueueThread } from './bounded-queue.worker.ts'
import { attachThreadParts, createThreadParts } from './thread-parts.ts'
import { answersOf, failsWithin } from './threads.ts'

const ENTRY = new URL('bounded-queue.worker.ts', import.meta.url)

interface Crowd {
  readonly producers: number
  readonly consumers: number
  readonly capacity: number
  readonly perProducer: number
  readonly waits: QueueThread['waits']
}

/** Sends all values through one queue, and answers how often each came out, and in order. */
async function sendThrough({ producers, consumers, capacity, perProducer, waits }: Crowd) {
  const threadCount = producers + consumers
  const taken = new Int32Array(new SharedArrayBuffer(producers * perProducer * 4))
  const progress = new Int32Array(new SharedArrayBuffer(8))
  progress[1] = producers
  const parts = createThreadParts(threadCount)
  const queue = createBoundedQueue(capacity)
  const originNs = monotonicOriginNs()
  const shared = { waits, queue, parts, originNs, perProducer, taken, progress }
  const threads = Array.from({ length: threadCount }, (_, thread): QueueThread => {
    const role = thread < producers ? 'producer' : 'consumer'
    return { ...shared, role, thread, first: thread * perProducer, count: perProducer }
  })
  const watch = { progress: () => Atomics.load(progress, 0), patienceMs: 10_000 }
  const inOrder = await answersOf<boolean>(ENTRY, threads, waits === 'unlocked' ? undefined : watch)
  const counts = threads.map((_, thread) => attachThreadParts(parts, thread).counters.read())
  return {
    inOrder: inOrder.every(Boolean),
    notOnce: taken.filter((times) => times !== 1).length,
    parks: counts.reduce((sum, { parks }) => sum + parks, 0),
    lostWakeUps: counts.reduce((sum, { lostQueueLockWakeUps }) => sum + lostQueueLockWakeUps, 0),
    awakeAtEnd: attachThreadParts(parts, 0).awakeCount(),
  }
}

// A condition that counts a sleeper as searching before it has woken it fails with three producers and one consumer.
test.each([
  { producers: 1, consumers: 1, capacity: 4, perProducer: 60_000 },
  { producers: 3, consumers: 1, capacity: 16, perProducer: 100_000 },
  { producers: 1, consumers: 3, capacity: 16, perProducer: 150_000 },
  { producers: 3, consumers: 3, capacity: 8, perProducer: 60_000 },
])(
  'asleep whenever they cannot go on, $producers producers and $consumers consumers pass every value once',
  async (crowd) => {
    const outcome = await sendThrough({ ...crowd, waits: 'park' })
    expect(outcome).toEqual({
      inOrder: true,
      notOnce: 0,
      parks: expect.any(Number),
      lostWakeUps: 0,
      awakeAtEnd: crowd.producers + crowd.consumers,
    })
    // Otherwise nobody slept, and no wake-up was tested.
    expect(outcome.parks).toBeGreaterThan(100)
  },
)

test('consumers that spin before they sleep take every value once', async () => {
  const crowd = { producers: 2, consumers: 2, capacity: 64, perProducer: 150_000 }
  const outcome = await sendThrough({ ...crowd, waits: 'spin-park' })
  expect(outcome).toMatchObject({ inOrder: true, notOnce: 0, awakeAtEnd: 4 })
})

test('without its mutex the queue is seen to lose or double values', async () => {
  const crowd = { producers: 2, consumers: 2, capacity: 64, perProducer: 50_000 }
  const failed = await failsWithin(10, async () => {
    const { notOnce } = await sendThrough({ ...crowd, waits: 'unlocked' })
    return notOnce > 0
  })
  expect(failed).toBe(true)
})
