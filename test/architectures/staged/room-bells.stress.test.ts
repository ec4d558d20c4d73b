import { expect, test } from 'vitest'
import { roomWordsFor } from '../../../harness/architectures/staged/room-bells.ts'
import { monotonicOriginNs } from '../../../harness/base/clock.ts'
import { createBoundedQueue } from '../../../harness/shared-memory/bounded-queue.ts'
import { DOORBELL_WORDS } from '../../../harness/shared-memory/doorbell.ts'
import { attachThreadParts, createThreadParts } from '../../shared-memory/thread-parts.ts'
import { failsWithin, runThreads } from '../../shared-memory/threads.ts'
import type { RoomThread } from './room-bells.worker.ts'

const ENTRY = new URL('room-bells.worker.ts', import.meta.url)

const sharedWords = (count: number) => new Int32Array(new SharedArrayBuffer(count * 4))

/** Owners of ports send values through a first queue that is most often full. */
async function sendThrough(owners: number, capacity: number, perOwner: number, rings = true) {
  const parts = createThreadParts(owners + 1)
  const progress = sharedWords(1)
  const shared = {
    owners,
    perOwner,
    rings,
    queue: createBoundedQueue(capacity),
    replies: createBoundedQueue(2),
    doorbells: sharedWords(owners * DOORBELL_WORDS),
    room: sharedWords(roomWordsFor(owners)),
    parts,
    originNs: monotonicOriginNs(),
    progress,
  }
  const threads = Array.from({ length: owners + 1 }, (_, thread): RoomThread => {
    return { ...shared, thread, role: thread < owners ? 'owner' : 'taker' }
  })
  const watch = { progress: () => Atomics.load(progress, 0), patienceMs: rings ? 10_000 : 2_000 }
  const outcome = await runThreads<boolean>(ENTRY, threads, watch)
  const counts = threads.map((_, thread) => attachThreadParts(parts, thread).counters.read())
  return {
    outcome,
    ownersParked: counts.slice(0, owners).reduce((sum, { parks }) => sum + parks, 0),
  }
}

test.each([
  [1, 1, 100_000],
  [2, 1, 60_000],
  [3, 4, 60_000],
])(
  '%i owners of ports never sleep over room in a queue of %i, in %i values each',
  async (owners, capacity, perOwner) => {
    const { outcome, ownersParked } = await sendThrough(owners, capacity, perOwner)
    expect(outcome).toEqual({ state: 'done', answers: Array(owners + 1).fill(true) })
    // Otherwise nobody slept, and nothing was tested.
    expect(ownersParked).toBeGreaterThan(100)
  },
)

test('where nobody rings for room they are seen to sleep over it', async () => {
  const stuck = await failsWithin(5, async () => {
    const { outcome } = await sendThrough(2, 1, 60_000, false)
    return outcome.state === 'stuck'
  })
  expect(stuck).toBe(true)
})
