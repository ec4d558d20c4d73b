import { parentPort, workerData } from 'node:worker_threads'
import { ThreadClock } from '../../harness/base/clock.ts'

/** One of two threads that send each other what their clock says, by turns. */
export interface ClockThread {
  readonly thread: 0 | 1
  readonly originNs: bigint
  /** Word 0: whose turn it is. Word 1: threads that have their clock. */
  readonly turn: Int32Array
  /** The latest stamp. */
  readonly stamp: Float64Array
  readonly rounds: number
}

const SPINS = 1_000

const { thread, originNs, turn, stamp, rounds } = workerData as ClockThread
const clock = new ThreadClock(originNs)

function waitUntil(word: number, value: number): void {
  for (let tries = 0; Atomics.load(turn, word) !== value; tries++) {
    if (tries < SPINS) Atomics.pause()
    else Atomics.wait(turn, word, Atomics.load(turn, word), 1)
  }
}

Atomics.add(turn, 1, 1)
waitUntil(1, 2)
let smallestDifferenceNs = Number.POSITIVE_INFINITY
for (let round = 0; round < rounds; round++) {
  waitUntil(0, thread)
  const differenceNs = clock.nowNs() - stamp[0]!
  smallestDifferenceNs = Math.min(smallestDifferenceNs, differenceNs)
  stamp[0] = clock.nowNs()
  Atomics.store(turn, 0, 1 - thread)
}
parentPort?.postMessage(smallestDifferenceNs)
