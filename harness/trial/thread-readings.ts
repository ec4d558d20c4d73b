import { setTimeout as delay } from 'node:timers/promises'
import { poolConditionAt, StageSettings } from '../architectures/staged/staged-memory.ts'
import { difference, type OsCounters, readOsCounters } from '../measure/os-counters.ts'
import type { TrialMemory } from '../server/server-memory.ts'
import { STALL_CELLS, STALL_LONGEST, takeStalls } from '../server/stall-detector.ts'
import type { ServerThreads } from '../server/server-threads.ts'
import { AwakeThreads } from '../shared-memory/awake-threads.ts'
import { type BoundedQueueMemory, QUEUE_NOT_EMPTY_WORD } from '../shared-memory/bounded-queue.ts'
import { Condition } from '../shared-memory/condition.ts'
import {
  type CounterName,
  ThreadCounters,
  createThreadCounters,
} from '../shared-memory/thread-counters.ts'

/** What a thread has counted: since its start, or over the steady state. */
export interface ThreadReading {
  readonly name: string
  readonly cpu: number | null
  readonly os: OsCounters | null
  readonly own: Readonly<Record<CounterName, number>>
  readonly heapBytes: number
  /** By stage, as in `StallMemory`; null where nobody looks for stalls. */
  readonly stalls: Float64Array | null
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
      stalls: memory.stalls && takeStalls(memory.stalls, thread),
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
  // The longest of them starts anew as well.
  const stalls =
    later.stalls?.map((value, at) =>
      at % STALL_CELLS === STALL_LONGEST ? value : value - (earlier.stalls?.[at] ?? 0),
    ) ?? null
  return { ...later, own, stalls, os: later.os && earlier.os && difference(later.os, earlier.os) }
}

/** So long threads have to tell; they do within the time that it takes to wake them. */
const TOLD_LIMIT_MS = 60

/** The threads of one server, as the trial wakes them at its end and hears what their heaps did in the steady state. */
export class WokenThreads {
  readonly #conditions: readonly Condition[]
  readonly #counters: readonly ThreadCounters[]
  /** Of staged, whose controllers leave threads aside. */
  readonly #settings: StageSettings | null

  constructor(memory: TrialMemory) {
    // This thread's own wake-ups are nobody's figures.
    const own = new ThreadCounters(createThreadCounters(1), 0)
    const awake = new AwakeThreads(memory.awake, memory.plans.length)
    this.#conditions = conditionsOf(memory.server, awake, own)
    const { server } = memory
    this.#settings = server.architecture === 'staged' ? new StageSettings(server.memory) : null
    this.#counters = memory.plans.map((_, thread) => new ThreadCounters(memory.counters, thread))
  }

  /** Wakes all that wait for work and returns what each told of the trial; null for one that did not in time. */
  async tell(trial: number): Promise<ThreadReading['heap'][]> {
    for (const condition of this.#conditions) condition.wakeAll()
    this.#settings?.callInactive()
    for (let waitedMs = 0; waitedMs < TOLD_LIMIT_MS; waitedMs++) {
      if (this.#counters.every((counters) => counters.toldTrial() === trial)) break
      await delay(1)
    }
    return this.#counters.map((counters) => {
      if (counters.toldTrial() !== trial) return null
      const { collections, allocatedBytes } = counters.read()
      return { collections, allocatedBytes }
    })
  }
}

function conditionsOf(
  server: TrialMemory['server'],
  awake: AwakeThreads,
  counters: ThreadCounters,
): readonly Condition[] {
  const notEmpty = (queue: BoundedQueueMemory) =>
    new Condition(new Int32Array(queue.buffer), QUEUE_NOT_EMPTY_WORD, awake, counters)
  if (server.architecture === 'sharded')
    return server.memory.offLoad === null ? [] : [notEmpty(server.memory.offLoad.requests)]
  const { memory, fused } = server
  const timer = memory.timers === null ? [] : [notEmpty(memory.timers.waiting)]
  return fused
    ? [
        new Condition(new Int32Array(memory.buffer), poolConditionAt(memory), awake, counters),
        ...timer,
      ]
    : [...memory.queues.map(notEmpty), ...timer]
}
