import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { monotonicOriginNs } from '../../harness/base/clock.ts'
import type { ClockThread } from './clock.worker.ts'

const ENTRY = new URL('clock.worker.ts', import.meta.url)
const ROUNDS = 100_000

/**
 * Lets two threads exchange stamps, and answers the smallest time that a stamp was under way, as each of them saw it.
 * @param behindNs how much later the second thread believes that the run began.
 */
async function exchangeStamps(behindNs: bigint): Promise<number[]> {
  const originNs = monotonicOriginNs()
  const shared = {
    turn: new Int32Array(new SharedArrayBuffer(8)),
    stamp: new Float64Array(new SharedArrayBuffer(8)),
    rounds: ROUNDS,
  }
  shared.stamp[0] = Number.NEGATIVE_INFINITY
  const threads: ClockThread[] = [
    { ...shared, thread: 0, originNs },
    { ...shared, thread: 1, originNs: originNs + behindNs },
  ]
  return Promise.all(
    threads.map((workerData) => {
      const worker = new Worker(ENTRY, { workerData, execArgv: [] })
      return new Promise<number>((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
      })
    }),
  )
}

test('no thread receives a stamp from its future', async () => {
  for (const smallestDifferenceNs of await exchangeStamps(0n)) {
    expect(smallestDifferenceNs).toBeGreaterThanOrEqual(0)
  }
})

test('a clock that is behind the other is seen to receive stamps from its future', async () => {
  // A stamp is under way for 100 ns when each thread has a processor, for some 10 µs when they share one.
  const [, behind] = await exchangeStamps(100_000n)
  expect(behind).toBeLessThan(0)
})
