import type { Arm } from '../../contract/architecture.ts'
import type { Report, Trial } from '../../results/schema.ts'
import type {
  Capacity,
  CapacityPlan,
  ServerUsage,
  TracedTrial,
  TrialOrder,
  WarmUp,
  WarmUpPlan,
} from '../../trial/server-under-test.ts'
import type { Hooks, PaceKind, Pacing, StepsLeft } from './pacing.ts'

/** What a measurement does next. Steps about servers are about those of the latest `deploy`. */
export type Step =
  /** Stops all servers that there are and starts a fresh one of each arm. */
  | {
      readonly kind: 'deploy'
      readonly arms: readonly Arm[]
      /** Value of the parameter that is varied. @default none is */
      readonly at?: number
    }
  | { readonly kind: 'warm-up'; readonly arm: Arm; readonly plan: WarmUpPlan }
  | { readonly kind: 'capacity'; readonly arm: Arm; readonly plan: CapacityPlan }
  /** The trials of all arms at one load, in this order, back to back. */
  | {
      readonly kind: 'set'
      readonly arms: readonly Arm[]
      readonly order: TrialOrder
      /** Requests per second by arm label, where each has its own. @default those of the order, for all arms */
      readonly ownPerSecond?: Readonly<Record<string, number>>
      /** Arms that play the same once more behind them, by another idle policy. @default none */
      readonly again?: {
        readonly arms: readonly Arm[]
        readonly idle: NonNullable<TrialOrder['idle']>
      }
      /** Of this set, from 1 on. */
      readonly attempt: number
    }
  /** Something that needs no server: all are parked. */
  | { readonly kind: 'aside'; readonly run: () => Promise<void> }

/** The trials of all arms at one load. */
export type SetStep = Extract<Step, { kind: 'set' }>

/** What a step's length is told by. */
export function paceKindOf(step: Step): PaceKind {
  return step.kind === 'capacity' && step.plan.around === null ? 'search' : step.kind
}

/** What came of a step. */
export type Outcome =
  /** By arm label. */
  | { readonly kind: 'deploy'; readonly seconds: Readonly<Record<string, number>> }
  | { readonly kind: 'warm-up'; readonly warmUp: WarmUp }
  | { readonly kind: 'capacity'; readonly capacity: Capacity }
  | {
      readonly kind: 'set'
      /** By arm label. */
      readonly traced: Readonly<Record<string, TracedTrial>>
      /** Of those that played once more. */
      readonly again: Readonly<Record<string, Trial>>
      /** CPU time that each arm's process used while it was parked, by label; null where it cannot be read. */
      readonly parkedSeconds: Readonly<Record<string, number | null>>
    }
  | { readonly kind: 'aside' }

/** What all results of measurements have. */
export interface Measurement extends Pick<
  Report,
  'complete' | 'ending' | 'environment' | 'warnings'
> {
  readonly run: { elapsedSeconds: number }
}

/**
 * A measurement as the loop runs it: which step is next, what becomes of its outcome, and how many are left. It owns its result
 * and tells how it goes on; it starts nothing and reads no clock.
 */
export interface Experiment {
  /** Grows. */
  readonly result: Measurement
  /** Whether it ends where all trials of its first round failed `noise`. */
  readonly endsInNoise: boolean
  /** The next step; null when it is done. */
  next(): Step | null
  /** Called before a step and, of a set, before each of its trials. */
  begins(step: Step, arm: Arm | null): void
  /** Called when a trial of a set has been played, before its set is whole. */
  hasPlayed(step: SetStep, trial: Trial): void
  /** Takes what came of a step. @throws when it cannot go on. */
  keep(step: Step, outcome: Outcome): void
  /** Called after each step and each trial, and at the end: saves everything that was measured, with what follows from it. */
  save(): void
  /** Steps that are left, the present one included, by kind; with an open end those up to the next look. */
  left(): StepsLeft
  /** There is no time for the next step, and none for what comes behind it. */
  cut(): void
  /** What each server process used, before it is stopped. */
  hasUsed(arm: string, usage: ServerUsage): void
  /** At the end, however that came: doubts that only the whole of it shows. */
  conclude(): void
}

/**
 * Steps in the order in which they are made, refilled when they run out, and a result that is told and saved: what all experiments
 * are built on.
 */
export abstract class StepQueue<Event, Result extends Measurement> implements Experiment {
  readonly result: Result
  readonly endsInNoise: boolean
  protected readonly pacing: Pacing
  readonly #hooks: Hooks<Event, Result>
  /** The present one first. */
  protected steps: Step[] = []
  #isCut = false

  constructor(result: Result, pacing: Pacing, hooks: Hooks<Event, Result>) {
    this.result = result
    this.pacing = pacing
    this.endsInNoise = hooks.endsInNoise ?? false
    this.#hooks = hooks
  }

  next(): Step | null {
    if (this.#isCut) return null
    while (this.steps.length === 0) if (!this.refill()) return null
    return this.steps[0]!
  }

  cut(): void {
    this.#isCut = true
    this.tellCut()
  }

  hasUsed(_arm: string, _usage: ServerUsage): void {}

  conclude(): void {}

  save(): void {
    this.#hooks.save(this.#timed())
  }

  protected tell(event: Event): void {
    this.#hooks.onEvent(event, this.#timed(), this.pacing.advance())
  }

  #timed(): Result {
    this.result.run.elapsedSeconds = this.pacing.elapsedSeconds()
    return this.result
  }

  abstract begins(step: Step, arm: Arm | null): void
  abstract hasPlayed(step: SetStep, trial: Trial): void
  abstract keep(step: Step, outcome: Outcome): void
  abstract left(): StepsLeft

  /** Puts more steps into the queue, or at least gets nearer to some; false when it is done. */
  protected abstract refill(): boolean
  /** Leaves a word of it, where there is no time for more. */
  protected abstract tellCut(): void

  /** Steps in the queue. */
  protected count(kind: PaceKind): number {
    return this.steps.filter((step) => paceKindOf(step) === kind).length
  }

  protected isQueued(kind: Step['kind']): boolean {
    return this.steps.some((step) => step.kind === kind)
  }
}
