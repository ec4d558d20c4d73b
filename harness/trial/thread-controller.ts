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

/** Windows in a row that must have found a stage's queue empty and a thread without work before one is taken away; doubled each time that it was missed. */
const IDLE_WINDOWS = 5
const MOST_IDLE_WINDOWS = 80
/** A stage whose queue is not empty within so many windows after one was taken gets it back at once. */
const PROBATION_WINDOWS = 10
/** Where a stage sleeps, threads beyond those that were at work on average: what one look sees differs from the next. */
const SPARE_SLEEPERS = 1

/** What is known of a stage since a thread was last given or taken. */
interface IdleSpell {
  /** Windows in a row with an empty queue and a thread without work. */
  windows: number
  /** So many before one is taken away. */
  needed: number
  /** Sum of threads at work in them. */
  working: number
  /** Windows left in which a thread that was taken comes back at once; 0 when none is out. */
  probation: number
}

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
 * fewer where the queue is empty and not all are at work, in several windows in a row: one look at either is chance. It comes back
 * at once if the queue is not empty soon after, since below saturation no rate could ever show that it was missed. A stage that
 * sleeps keeps one more than were at work on average. Beyond Sandstorm: a thread that is added stays only if it raised the rate at which
 * requests are completed above that of the window before and that of the one behind its own, since a server that is still being compiled gets
 * faster by itself. (At saturation some queue is always long, whatever the number of threads.) One thread is on trial at a time.
 */
export class ThreadController {
  readonly #settings: Pick<StageSettings, 'activeThreads' | 'setActiveThreads'>
  readonly #maximum: readonly number[]
  /** By stage: windows until it is tried again, and as many after the next one that is taken back. */
  readonly #waits: number[]
  readonly #pauses: number[]
  readonly #sleeps: readonly boolean[]
  readonly #idle: readonly IdleSpell[]
  #trial: ThreadTrial | null = null

  /**
   * @param maximum threads of each stage.
   * @param sleeps whether threads of each stage sleep in it
   */
  constructor(
    settings: Pick<StageSettings, 'activeThreads' | 'setActiveThreads'>,
    maximum: readonly number[],
    sleeps: readonly boolean[],
  ) {
    this.#settings = settings
    this.#maximum = maximum
    this.#waits = maximum.map(() => 0)
    this.#pauses = maximum.map(() => FIRST_PAUSE)
    this.#sleeps = sleeps
    this.#idle = maximum.map(() => ({ windows: 0, needed: IDLE_WINDOWS, working: 0, probation: 0 }))
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
      this.#lookForIdle(stage, look)
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

  /** Takes a thread away, or gives the one back that was taken last. */
  #lookForIdle(stage: number, { length, working }: StageLook): void {
    const spell = this.#idle[stage]!
    const threads = this.#settings.activeThreads(stage)
    if (length !== 0 && spell.probation !== 0) {
      spell.probation = 0
      spell.needed = Math.min(2 * spell.needed, MOST_IDLE_WINDOWS)
      this.#settings.setActiveThreads(stage, Math.min(threads + 1, this.#maximum[stage]!))
    } else if (spell.probation !== 0) spell.probation--
    if (length !== 0 || working >= threads) {
      spell.windows = 0
      spell.working = 0
      return
    }
    spell.windows++
    spell.working += working
    if (spell.windows < spell.needed) return
    const least = this.#sleeps[stage]!
      ? Math.ceil(spell.working / spell.windows) + SPARE_SLEEPERS
      : 1
    if (threads <= least) return
    spell.windows = 0
    spell.working = 0
    spell.probation = PROBATION_WINDOWS
    this.#settings.setActiveThreads(stage, threads - 1)
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
