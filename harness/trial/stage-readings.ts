import { type StagedMemory, StageSettings } from '../architectures/staged/staged-memory.ts'
import type { Clock } from '../base/clock.ts'
import type { TrialMemory } from '../server/server-memory.ts'
import { AWAKE_THREADS_WORDS, AwakeThreads } from '../shared-memory/awake-threads.ts'
import { BoundedQueue, type BoundedQueueMemory } from '../shared-memory/bounded-queue.ts'
import { createThreadCounters, ThreadCounters } from '../shared-memory/thread-counters.ts'

/** Queues as the trial's own thread sees them: it only looks, and takes no part in the counts of the server's threads. */
export function watchedQueues(
  queues: readonly BoundedQueueMemory[],
  clock: Clock,
): readonly BoundedQueue[] {
  const counters = new ThreadCounters(createThreadCounters(1), 0)
  const awake = new AwakeThreads(new Int32Array(AWAKE_THREADS_WORDS), 1)
  return queues.map((queue) => new BoundedQueue(queue, clock, awake, counters))
}

/** What a stage's queue has counted, since its start or over the steady state, and what the stage was set to meanwhile. */
export interface StageReading {
  /** Requests that threads took, and batches in which they did; wrap at 2³² until they are subtracted. */
  readonly taken: number
  readonly batches: number
  readonly threads: number
  readonly batchBound: number
}

/** The stages of one server, as the queues and settings that it shares tell them: nobody on a request's path does more for it. */
export class StageReader {
  readonly #queues: readonly BoundedQueue[]
  readonly #settings: StageSettings

  private constructor(memory: StagedMemory, clock: Clock) {
    this.#queues = watchedQueues(memory.queues, clock)
    this.#settings = new StageSettings(memory)
  }

  /** Null where stages have no queues. */
  static of({ server }: Pick<TrialMemory, 'server'>, clock: Clock): StageReader | null {
    return server.architecture === 'staged' ? new StageReader(server.memory, clock) : null
  }

  /** A few loads per stage. */
  read(): readonly StageReading[] {
    return this.#queues.map((queue, stage) => ({
      taken: queue.taken(),
      batches: queue.statistics().popBatches,
      threads: this.#settings.activeThreads(stage),
      batchBound: this.#settings.batch(stage),
    }))
  }
}

/** What queues counted between two readings, less than 2³² each; the settings are those of the later one. */
export function subtractStages(
  later: readonly StageReading[],
  earlier: readonly StageReading[],
): readonly StageReading[] {
  return later.map((reading, stage) => ({
    ...reading,
    taken: (reading.taken - earlier[stage]!.taken) >>> 0,
    batches: (reading.batches - earlier[stage]!.batches) >>> 0,
  }))
}
