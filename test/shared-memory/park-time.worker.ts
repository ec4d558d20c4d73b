import { getHeapStatistics } from 'node:v8'
import { parkTime } from '../../harness/shared-memory/idle-strategy.ts'
import { answer, dataOfThread } from './start-line.ts'

/** A thread that asks for sleeps, which end at once. */
export interface ParkingThread {
  /** Timeouts, ms, asked for in turn. */
  readonly asked: Float64Array
  readonly rounds: number
}

const CALLS = 20_000

const { asked, rounds } = dataOfThread<ParkingThread>()
const words = new Int32Array(new SharedArrayBuffer(4))

function allocatedBytes(): number {
  return (getHeapStatistics() as unknown as { total_allocated_bytes: number }).total_allocated_bytes
}

/** Bytes per call. */
function round(): number {
  const before = allocatedBytes()
  // Never the word's value.
  for (let call = 0; call < CALLS; call++)
    Atomics.wait(words, 0, 1, parkTime(asked[call % asked.length]!))
  return (allocatedBytes() - before) / CALLS
}

// The least of all rounds: the first ones fill the list and are not yet compiled, and compiling allocates as well.
answer(Math.min(...Array.from({ length: rounds }, round)))
