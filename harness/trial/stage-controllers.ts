import { controlsBatch, controlsThreads, threadsPerStage } from '../architectures/staged/launch.ts'
import { type StagedMemory, StageSettings } from '../architectures/staged/staged-memory.ts'
import type { Clock } from '../base/clock.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import { stagePlanOf } from '../server/deployment.ts'
import type { TrialMemory } from '../server/server-memory.ts'
import { AWAKE_THREADS_WORDS, AwakeThreads } from '../shared-memory/awake-threads.ts'
import { BoundedQueue } from '../shared-memory/bounded-queue.ts'
import { createThreadCounters, ThreadCounters } from '../shared-memory/thread-counters.ts'
import type { TrialContext } from './measured.ts'

/** Stages of a server whose controllers may act. */
export interface ControlledStages {
  readonly memory: StagedMemory
  readonly limits: ControllerLimits
}

/** Null where no controller may change anything. */
export function controlledStages(
  context: TrialContext,
  arm: Arm,
  { server }: Pick<TrialMemory, 'server'>,
): ControlledStages | null {
  if (server.architecture !== 'staged') return null
  const { loaded, workload, cores, clock } = context
  const stages = loaded.scenario
    .stages(loaded.params)
    .map((stage) => stagePlanOf(stage, workload, LARGEST_BATCH))
  return {
    memory: server.memory,
    limits: {
      batch: controlsBatch(arm),
      threads: controlsThreads(arm),
      maximumThreads: stages.map(
        ({ sleeps }) => threadsPerStage(arm, cores.length, sleeps).maximum,
      ),
      largestBatches: stages.map(({ batch }) => batch),
      clock,
    },
  }
}

/** What the controllers may change. */
export interface ControllerLimits {
  readonly batch: boolean
  readonly threads: boolean
  /** By stage. */
  readonly maximumThreads: readonly number[]
  /** By stage: never a larger batch, where a request declares long work. */
  readonly largestBatches: readonly number[]
  readonly clock: Clock
}

const SMALLEST_BATCH = 8
/** Sandstorm's largest batch. */
const LARGEST_BATCH = 1_000
const BATCH_STEP = 1.5
/** A rate must differ by this much to count as a change. */
const RATE_TOLERANCE = 0.05
/** A queue longer than this many batches gets one more thread; an empty one loses one. */
const QUEUE_THRESHOLD_BATCHES = 2

/**
 * Sandstorm's controllers (Welsh 2001: AggThrottle, ThreadPoolController), in the trial's own thread, once per 100 ms of
 * the warm-up; in the steady state they are frozen. Batch: go on in the direction in which the stage's output rate does
 * not fall, else turn around. Threads: one more while the queue is longer than a threshold, one fewer while it is empty.
 */
export class StageControllers {
  readonly #settings: StageSettings
  readonly #queues: readonly BoundedQueue[]
  readonly #limits: ControllerLimits
  readonly #factor: number[]
  readonly #lastRate: number[]
  readonly #lastPopped: number[]
  #lastNs: number

  constructor({ memory, limits }: ControlledStages) {
    this.#settings = new StageSettings(memory)
    const counters = new ThreadCounters(createThreadCounters(1), 0)
    // This thread only looks at lengths: it takes no part in the counts of the server's threads.
    const awake = new AwakeThreads(new Int32Array(AWAKE_THREADS_WORDS), 1)
    this.#queues = memory.queues.map(
      (queue) => new BoundedQueue(queue, limits.clock, awake, counters),
    )
    this.#limits = limits
    this.#factor = memory.queues.map(() => 1 / BATCH_STEP)
    this.#lastRate = memory.queues.map(() => 0)
    this.#lastPopped = memory.queues.map(() => 0)
    this.#lastNs = limits.clock.nowNs()
  }

  /** One step of each controller for each stage. */
  adjust(): void {
    if (!this.#limits.batch && !this.#limits.threads) return
    const nowNs = this.#limits.clock.nowNs()
    const seconds = (nowNs - this.#lastNs) / NS_PER_SECOND
    this.#lastNs = nowNs
    for (const [stage, queue] of this.#queues.entries()) {
      const length = queue.length()
      const popped = queue.statistics().pushes - length
      const rate = ((popped - this.#lastPopped[stage]!) | 0) / seconds
      this.#lastPopped[stage] = popped
      if (this.#limits.batch) this.#adjustBatch(stage, rate)
      if (this.#limits.threads) this.#adjustThreads(stage, length)
      this.#lastRate[stage] = rate
    }
  }

  #adjustBatch(stage: number, rate: number): void {
    if (rate < this.#lastRate[stage]! * (1 - RATE_TOLERANCE))
      this.#factor[stage] = 1 / this.#factor[stage]!
    const batch = Math.round(this.#settings.batch(stage) * this.#factor[stage]!)
    const largest = this.#limits.largestBatches[stage]!
    this.#settings.setBatch(stage, Math.min(Math.max(batch, SMALLEST_BATCH), largest))
  }

  #adjustThreads(stage: number, length: number): void {
    const threads = this.#settings.activeThreads(stage)
    if (length > this.#settings.batch(stage) * QUEUE_THRESHOLD_BATCHES) {
      this.#settings.setActiveThreads(
        stage,
        Math.min(threads + 1, this.#limits.maximumThreads[stage]!),
      )
    } else if (length === 0) {
      this.#settings.setActiveThreads(stage, Math.max(threads - 1, 1))
    }
  }

  /** What was found, for the result; empty when nothing was controlled. */
  settings(): Record<string, number> {
    const found: Record<string, number> = {}
    for (const stage of this.#queues.keys()) {
      if (this.#limits.batch) found[`batch.${stage}`] = this.#settings.batch(stage)
      if (this.#limits.threads) found[`threads.${stage}`] = this.#settings.activeThreads(stage)
    }
    return found
  }
}
