import { controlsBatch, controlsThreads, threadsPerStage } from '../architectures/staged/launch.ts'
import { type StagedMemory, StageSettings } from '../architectures/staged/staged-memory.ts'
import type { Clock } from '../base/clock.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import { LARGEST_BATCH } from '../contract/common-options.ts'
import { stagePlansOf } from '../server/deployment.ts'
import type { TrialMemory } from '../server/server-memory.ts'
import type { BoundedQueue } from '../shared-memory/bounded-queue.ts'
import type { TrialContext } from './measured.ts'
import { watchedQueues } from './stage-readings.ts'
import { ThreadController } from './thread-controller.ts'

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
  const shape = { arm, stages: loaded.scenario.stages(loaded.params), workload }
  const stages = stagePlansOf(shape, LARGEST_BATCH)
  return {
    memory: server.memory,
    limits: {
      batch: controlsBatch(arm),
      threads: controlsThreads(arm),
      maximumThreads: stages.map(
        ({ sleeps }) => threadsPerStage(arm, cores.length, sleeps).maximum,
      ),
      sleeps: stages.map(({ sleeps }) => sleeps),
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
  /** By stage: whether its threads sleep in it. */
  readonly sleeps: readonly boolean[]
  /** By stage: never a larger batch, where a request declares long work. */
  readonly largestBatches: readonly number[]
  readonly clock: Clock
}

const SMALLEST_BATCH = 8
const BATCH_STEP = 1.5
/** A rate must differ by this much to count as a change. */
const RATE_TOLERANCE = 0.05

/**
 * Sandstorm's controllers (Welsh 2001: AggThrottle, ThreadPoolController), in the trial's own thread, once per 100 ms of
 * the warm-up; in the steady state they are frozen. Batch: go on in the direction in which the stage's output rate does
 * not fall, else turn around. Threads: see `ThreadController`; while one is on trial batches stay as they are.
 */
export class StageControllers {
  readonly #settings: StageSettings
  readonly #queues: readonly BoundedQueue[]
  /** By stage: those behind their wait, which are for the stage's threads as well. */
  readonly #returned: readonly (BoundedQueue | null)[]
  readonly #replyQueues: readonly BoundedQueue[]
  readonly #limits: ControllerLimits
  readonly #threads: ThreadController
  readonly #factor: number[]
  readonly #lastRate: number[]
  readonly #lastTaken: number[]
  #lastNs: number
  #lastCompleted: number

  constructor({ memory, limits }: ControlledStages) {
    this.#settings = new StageSettings(memory)
    this.#queues = watchedQueues(memory.queues, limits.clock)
    this.#returned = memory.queues.map((_, stage) => {
      const queue = memory.timers?.returned[stage] ?? null
      return queue && watchedQueues([queue], limits.clock)[0]!
    })
    this.#replyQueues = watchedQueues(memory.replyQueues, limits.clock)
    this.#limits = limits
    this.#threads = new ThreadController(this.#settings, limits.maximumThreads, limits.sleeps)
    this.#lastCompleted = this.#completed()
    this.#factor = memory.queues.map(() => 1 / BATCH_STEP)
    this.#lastRate = memory.queues.map(() => 0)
    this.#lastTaken = memory.queues.map((_, stage) => this.#taken(stage))
    this.#lastNs = limits.clock.nowNs()
  }

  /** One step of each controller for each stage. */
  adjust(): void {
    if (!this.#limits.batch && !this.#limits.threads) return
    const nowNs = this.#limits.clock.nowNs()
    const seconds = (nowNs - this.#lastNs) / NS_PER_SECOND
    this.#lastNs = nowNs
    if (this.#limits.threads) this.#adjustThreads(seconds)
    for (const stage of this.#queues.keys()) {
      const taken = this.#taken(stage)
      const rate = ((taken - this.#lastTaken[stage]!) | 0) / seconds
      this.#lastTaken[stage] = taken
      if (this.#limits.batch && !this.#threads.isTrying) this.#adjustBatch(stage, rate)
      this.#lastRate[stage] = rate
    }
  }

  /** Requests ever answered by the pools, without those that they sent back to be refused; wraps. */
  #completed(): number {
    let completed = 0
    for (const queue of this.#replyQueues) completed += queue.statistics().pushes
    for (const stage of this.#queues.keys()) completed -= this.#settings.late(stage)
    return completed | 0
  }

  /**
   * Requests that threads have taken to work on, wraps: those behind their wait too, since the bound is that of their batches as
   * well and threads that are busy with them take nothing else. A late one that is taken to be refused is no work done.
   */
  #taken(stage: number): number {
    const back = this.#returned[stage]?.taken() ?? 0
    return (this.#queues[stage]!.taken() + back - this.#settings.late(stage)) | 0
  }

  #adjustThreads(seconds: number): void {
    const completed = this.#completed()
    const completedPerSecond = ((completed - this.#lastCompleted) | 0) / seconds
    this.#lastCompleted = completed
    const looks = this.#queues.map((queue, stage) => ({
      length: queue.length() + (this.#returned[stage]?.length() ?? 0),
      batch: this.#settings.batch(stage),
      working: this.#settings.working(stage),
    }))
    this.#threads.step(looks, completedPerSecond)
  }

  #adjustBatch(stage: number, rate: number): void {
    if (rate < this.#lastRate[stage]! * (1 - RATE_TOLERANCE))
      this.#factor[stage] = 1 / this.#factor[stage]!
    const batch = Math.round(this.#settings.batch(stage) * this.#factor[stage]!)
    const largest = this.#limits.largestBatches[stage]!
    this.#settings.setBatch(stage, Math.min(Math.max(batch, SMALLEST_BATCH), largest))
  }

  /** The end of the warm-up: what was found, for the result; empty when nothing was controlled. */
  settings(): Record<string, number> {
    this.#threads.settle()
    const found: Record<string, number> = {}
    for (const stage of this.#queues.keys()) {
      if (this.#limits.batch) found[`batch.${stage}`] = this.#settings.batch(stage)
      if (this.#limits.threads) found[`threads.${stage}`] = this.#settings.activeThreads(stage)
    }
    return found
  }
}
