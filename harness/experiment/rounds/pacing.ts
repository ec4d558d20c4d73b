import type { Clock } from '../../base/clock.ts'
import { NS_PER_SECOND } from '../../base/units.ts'

/**
 * Steps that take about as long as each other, by what they do: a whole search of a capacity takes longer than one from an earlier
 * bracket.
 */
export type PaceKind = 'deploy' | 'warm-up' | 'search' | 'capacity' | 'set' | 'aside'

/** Numbers of steps, by kind. */
export type StepsLeft = Readonly<Partial<Record<PaceKind, number>>>

/** How long a step takes where none of its kind has been made yet, seconds. */
export type Expectations = Readonly<Record<PaceKind, number>>

/** How far a run is, by its own plan and pace. */
export interface Advance {
  /** 0 … 1. */
  readonly fraction: number
  /** Never 0 while something is left to do; with a precision, at most so much. */
  readonly secondsLeft: number
}

/** What a measurement is about to do. */
export interface Plan {
  /** For people. */
  readonly lines: readonly string[]
  /** Estimated length; with a precision, the longest that it can take. */
  readonly seconds: number
  /** What the loop takes steps to be long until it has made some. */
  readonly expectations: Expectations
}

/** A request with its plan, which is made once, where the request is, for all who follow it. */
export type Planned<Request> = Request & { readonly plan: Plan }

/** What a measurement tells while it goes on, and who keeps its result. */
export interface Hooks<Event, Result> {
  /** Called at every step; the result is whole then and can be saved as it is. */
  onEvent(event: Event, result: Result, advance: Advance): void
  /** Called whenever the result holds something new that must not be lost, and at the end. */
  save(result: Result): void
  /** Aborted by Ctrl-C: threads stop within a second, the result says `complete: false`. */
  readonly signal: AbortSignal
  /** Whether it ends where all trials of its first round failed `noise`. @default false */
  readonly endsInNoise?: boolean
}

/** While something is left to do, it is not nothing. */
const LEAST_SECONDS_LEFT = 1
/** Later rounds may take so much longer than those so far. */
const UNSURE = 1.05

/** Knows what is left. */
interface Remaining {
  left(): StepsLeft
}

/** How long so many steps take. */
interface Pace {
  secondsFor(left: StepsLeft): number
}

/** By a clock of the measurement's own, which stood at 0 at its start. @param budgetSeconds null for no limit */
export function pacingOf(clock: Clock, budgetSeconds: number | null): Pacing {
  return new Pacing(() => clock.nowNs() / NS_PER_SECOND, budgetSeconds ?? Number.POSITIVE_INFINITY)
}

/** How far a measurement is, by the loop's own plan and pace, within its budget. */
export class Pacing {
  readonly elapsedSeconds: () => number
  readonly budgetSeconds: number
  #pace: Pace = { secondsFor: () => 0 }
  #experiment: Remaining = { left: () => ({}) }

  /** @param elapsedSeconds since the start. @param budgetSeconds infinite for no limit */
  constructor(elapsedSeconds: () => number, budgetSeconds: number) {
    this.elapsedSeconds = elapsedSeconds
    this.budgetSeconds = budgetSeconds
  }

  /** From now on it knows what is left. */
  follows(experiment: Remaining, pace: Pace): void {
    this.#experiment = experiment
    this.#pace = pace
  }

  /** Seconds of the budget that are left; infinite without one. */
  secondsLeft(): number {
    return this.budgetSeconds - this.elapsedSeconds()
  }

  /** Whether one more set keeps nothing of what is planned from its time. */
  hasTimeToRepeat(): boolean {
    const left = this.#experiment.left()
    const seconds = this.#pace.secondsFor({ ...left, set: (left.set ?? 0) + 1 })
    // Without an end of its own nothing is planned that it could take time from.
    const needed = Number.isFinite(seconds) ? seconds : this.#pace.secondsFor({ set: 1 })
    return this.secondsLeft() > needed * UNSURE
  }

  /** Never 0 s while something is left. */
  advance(): Advance {
    const elapsed = this.elapsedSeconds()
    const secondsLeft = Math.max(
      LEAST_SECONDS_LEFT,
      Math.min(this.#pace.secondsFor(this.#experiment.left()), this.secondsLeft()),
    )
    return { fraction: elapsed / (elapsed + secondsLeft), secondsLeft }
  }
}
