import { difference, type OsCounters, readOsCounters } from '../measure/os-counters.ts'
import type { TrialMemory } from '../server/server-memory.ts'
import type { ServerThreads } from '../server/server-threads.ts'
import { type CounterName, ThreadCounters } from '../shared-memory/thread-counters.ts'

/** What a thread has counted: since its start, or over the steady state. */
export interface ThreadReading {
  readonly name: string
  readonly cpu: number | null
  readonly os: OsCounters | null
  readonly own: Readonly<Record<CounterName, number>>
  readonly heapBytes: number
  /** Of the steady state; null before its end, and where the thread does not tell. */
  readonly heap: { readonly collections: number; readonly allocatedBytes: number } | null
}

/** Reads the counters of all threads, and starts their longest gaps anew. About 0.1 ms a thread. */
export function readThreads(memory: TrialMemory, threads: ServerThreads): ThreadReading[] {
  return memory.plans.map((plan, thread) => {
    const threadId = threads.threadIds[thread] ?? null
    const counters = new ThreadCounters(memory.counters, thread)
    const own = counters.read()
    counters.resetLongestGap()
    return {
      name: plan.name,
      cpu: plan.cpu ?? null,
      os: threadId === null ? null : readOsCounters(threadId),
      own,
      heapBytes: threads.heapBytes[thread] ?? 0,
      heap: null,
    }
  })
}

/** What was counted between two readings of one thread. */
export function subtractThreads(later: ThreadReading, earlier: ThreadReading): ThreadReading {
  // The longest gap starts anew with the steady state; the others are totals.
  const { longestGapNs } = later.own
  const own = { ...difference(later.own, earlier.own), longestGapNs }
  return { ...later, own, os: later.os && earlier.os && difference(later.os, earlier.os) }
}
