import { expect, test } from 'vitest'
import { monotonicOriginNs } from '../../harness/base/clock.ts'
import { MUTEX_WORDS } from '../../harness/shared-memory/mutex.ts'
import type { MutexThread } from './mutex.worker.ts'
import { createThreadParts } from './thread-parts.ts'
import { runThreads, type Watch } from './threads.ts'

// Mutual exclusion is tested in keyed-lock.stress.test.ts, whose `single` lock is one mutex; here, that waiters wake.

const ENTRY = new URL('mutex.worker.ts', import.meta.url)
/** A waiter that nobody wakes comes back after a second: a few lost wake-ups outlast the 15 s that all may take. */
const ROUNDS = 20_000
/** Well below that second, so that a whole interval falls into it. */
const TWIN_PATIENCE_MS = 400

function handOver(silent: boolean) {
  const shared = {
    silent,
    mutex: new Int32Array(new SharedArrayBuffer(MUTEX_WORDS * 4)),
    progress: new Int32Array(new SharedArrayBuffer(8)),
    parts: createThreadParts(2),
    originNs: monotonicOriginNs(),
    rounds: ROUNDS,
  }
  const threads: MutexThread[] = [
    { ...shared, role: 'owner', thread: 0 },
    { ...shared, role: 'waiter', thread: 1 },
  ]
  const watch: Watch = {
    progress: () => Atomics.load(shared.progress, 0),
    patienceMs: TWIN_PATIENCE_MS,
  }
  return runThreads<number>(ENTRY, threads, silent ? watch : undefined)
}

test('whoever waits for a mutex gets it when it is released', async () => {
  const outcome = await handOver(false)
  // The waiter had to wait in every round.
  expect(outcome).toEqual({ state: 'done', answers: [expect.any(Number), ROUNDS] })
})

test('a release that wakes nobody is seen to leave the waiter asleep', async () => {
  expect(await handOver(true)).toEqual({ state: 'stuck' })
})
