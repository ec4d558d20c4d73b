import { setTimeout as delay } from 'node:timers/promises'
import { poolConditionAt, StageSettings } from '../architectures/staged/staged-memory.ts'
import type { TrialMemory } from '../server/server-memory.ts'
import { AwakeThreads } from '../shared-memory/awake-threads.ts'
import { type BoundedQueueMemory, QUEUE_NOT_EMPTY_WORD } from '../shared-memory/bounded-queue.ts'
import { Condition } from '../shared-memory/condition.ts'
import { createThreadCounters, ThreadCounters } from '../shared-memory/thread-counters.ts'
import type { ThreadReading } from './thread-readings.ts'

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
