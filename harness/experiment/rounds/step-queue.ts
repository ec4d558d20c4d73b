import type { Arm } from '../../contract/architecture.ts'
import type { Trial } from '../../results/schema.ts'
import type { ServerUsage } from '../../trial/server-under-test.ts'
import {
  type Experiment,
  type Outcome,
  type PaceKind,
  paceKindOf,
  type Step,
  type StepsLeft,
} from './experiment.ts'

/** The trials of all arms at one load. */
export type SetStep = Extract<Step, { kind: 'set' }>

/** Steps in the order in which they are made, refilled when they run out: what all experiments are built on. */
export abstract class StepQueue implements Experiment {
  /** The present one first. */
  protected steps: Step[] = []
  #isCut = false

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
