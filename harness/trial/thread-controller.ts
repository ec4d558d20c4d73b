import type { StageSettings } from '../architectures/staged/staged-memory.ts'

/** What the controller sees of a stage at the end of a window. */
export interface StageLook {
  /** Requests in its queue. */
  readonly length: number
  /** Most that a thread takes from it at once. */
  readonly batch: number
  /** Its threads that are at work. */
  readonly working: number
}

/** A queue longer than so many batches may get one more thread. */
const LONG_QUEUE_BATCHES = 2
/** A batch without a bound of its own counts as so many. */
const LONG_BATCH = 256
/** A thread is kept for this part of what one as good as those that are there would add to the rate … */
const WORTH_KEEPING = 0.25
/** … and no less than this, which a rate differs by from one window to the next. */
const LEAST_GAIN = 0.02
/** Windows until a stage is tried again, at first and at most: doubled with each thread that was taken back. */
const FIRST_PAUSE = 1
const LONGEST_PAUSE = 16

/** A thread that a stage has on trial. */
interface ThreadTrial {
  readonly stage: number
  /** Threads without it. */
  readonly threads: number
  readonly rateBefore: number
  /** Null in its window; then it is put aside for the next one. */
  rateWith: number | null
}

/**
 * Sandstorm's controller of pools (Welsh 2001, ThreadPoolController): one more thread for the stage with the longest queue, one
 * fewer where the queue is empty and not all are at work. Beyond Sandstorm: a thread stays only if it raised the rate at which
 * requests are completed above that of the window before and that of the one behind its own, since a server that is still being compiled gets
 * faster by itself. (At saturation some queue is always long, whatever the number of threads.) One thread is on trial at a time.
 */
export class ThreadController {
  readonly #settings: Pick<StageSettings, 'activeThreads' | 'setActiveThreads'>
  readonly #maximum: readonly number[]
  /** By stage: windows until it is tried again, and as many after the next one that is taken back. */
  readonly #waits: number[]
  readonly #pauses: number[]
  #trial: ThreadTrial | null = null

  /** @param maximum threads of each stage. */
  constructor(
    settings: Pick<StageSettings, 'activeThreads' | 'setActiveThreads'>,
    maximum: readonly number[],
  ) {
    this.#settings = settings
    this.#maximum = maximum
    this.#waits = maximum.map(() => 0)
    this.#pauses = maximum.map(() => FIRST_PAUSE)
  }

  /** Whether a thread is on trial: nothing else should be changed meanwhile. */
  get isTrying(): boolean {
    return this.#trial !== null
  }

  /** The end of a window. @param completedPerSecond requests of the whole server in it */
  step(stages: readonly StageLook[], completedPerSecond: number): void {
    if (this.#trial !== null && !this.#judge(this.#trial, completedPerSecond)) return
    for (const [stage, look] of stages.entries()) {
      if (this.#waits[stage]! > 0) this.#waits[stage]!--
      const threads = this.#settings.activeThreads(stage)
      if (look.length === 0 && look.working < threads && threads > 1)
        this.#settings.setActiveThreads(stage, threads - 1)
    }
    this.#try(stages, completedPerSecond)
  }

  /** The end of the warm-up: a thread that is on trial has not proved itself. */
  settle(): void {
    if (this.#trial !== null)
      this.#settings.setActiveThreads(this.#trial.stage, this.#trial.threads)
    this.#trial = null
  }

  /** Answers whether the present window tells what the server does without a thread on trial, and with all that it keeps. */
  #judge(trial: ThreadTrial, rate: number): boolean {
    const { stage, threads, rateBefore, rateWith } = trial
    if (rateWith === null) {
      trial.rateWith = rate
      this.#settings.setActiveThreads(stage, threads)
      return false
    }
    this.#trial = null
    const gain = Math.max(LEAST_GAIN, WORTH_KEEPING / threads)
    if (rateWith > Math.max(rateBefore, rate) * (1 + gain)) {
      this.#pauses[stage] = FIRST_PAUSE
      this.#settings.setActiveThreads(stage, threads + 1)
      return false
    }
    this.#waits[stage] = this.#pauses[stage]! + 1
    this.#pauses[stage] = Math.min(2 * this.#pauses[stage]!, LONGEST_PAUSE)
    return true
  }

  #try(stages: readonly StageLook[], rateBefore: number): void {
    let longest = 1
    let stage: number | null = null
    for (const [index, { length, batch }] of stages.entries()) {
      const share = length / (LONG_QUEUE_BATCHES * Math.min(batch, LONG_BATCH))
      const mayGrow =
        this.#waits[index] === 0 && this.#settings.activeThreads(index) < this.#maximum[index]!
      if (!mayGrow || share <= longest) continue
      longest = share
      stage = index
    }
    if (stage === null) return
    const threads = this.#settings.activeThreads(stage)
    this.#trial = { stage, threads, rateBefore, rateWith: null }
    this.#settings.setActiveThreads(stage, threads + 1)
  }
}
