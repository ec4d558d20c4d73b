import { AWAKE_THREADS_WORDS, AwakeThreads } from '../../harness/shared-memory/awake-threads.ts'
import {
  createThreadCounters,
  ThreadCounters,
} from '../../harness/shared-memory/thread-counters.ts'

/** What every structure that waits wants from the thread that uses it. */
export interface ThreadParts {
  readonly awake: AwakeThreads
  readonly counters: ThreadCounters
  /** Threads that the count says are awake. */
  readonly awakeCount: () => number
}

/** What threads share of the count of awake threads and of their counters. */
export interface ThreadPartsMemory {
  readonly awake: SharedArrayBuffer
  readonly counters: SharedArrayBuffer
}

/** @param awakeCount threads that count as awake at the start. */
export function createThreadParts(
  threadCount: number,
  awakeCount = threadCount,
): ThreadPartsMemory {
  const awake = new Int32Array(new SharedArrayBuffer(AWAKE_THREADS_WORDS * 4))
  awake[0] = awakeCount
  return { awake: awake.buffer, counters: createThreadCounters(threadCount) }
}

/** The parts of one thread. @param processors as many awake threads may spin. */
export function attachThreadParts(
  memory: ThreadPartsMemory,
  thread: number,
  processors = 2,
): ThreadParts {
  const words = new Int32Array(memory.awake)
  return {
    awake: new AwakeThreads(words, processors),
    counters: new ThreadCounters(memory.counters, thread),
    awakeCount: () => Atomics.load(words, 0),
  }
}

/** The parts of the only thread of a test. */
export function oneThread(processors = 2): ThreadParts {
  return attachThreadParts(createThreadParts(1), 0, processors)
}
