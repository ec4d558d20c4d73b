import type { Trial } from '../../results/schema.ts'
import { Repetition } from './repetition.ts'
import type { Pacing } from './pacing.ts'

/** A set as a result keeps it. */
export interface KeptSet<Kept> {
  trials: Kept[]
  /** Why it was played again, each time. */
  readonly discarded: { cause: string; arm: string }[]
}

/**
 * The one way in which a set is played again where a result keeps of its trials a part: what is played again replaces the earlier
 * trials when it is whole, so that a run that ends in between has lost nothing.
 */
export class SetRepeats<Kept> {
  readonly #pacing: Pacing
  readonly #isOff: boolean
  readonly #repetition = new Repetition()
  /** Of the present set, when it is played again. */
  #again: Kept[] = []

  /** @param isOff where right answers are all that it is about */
  constructor(pacing: Pacing, isOff: boolean) {
    this.#pacing = pacing
    this.#isOff = isOff
  }

  /** Takes a trial of a set. @param attempt from 1 on */
  played(set: KeptSet<Kept>, trial: Kept, attempt: number): void {
    if (attempt === 1) set.trials.push(trial)
    else this.#again.push(trial)
  }

  /** Whether a set whose trials have all been played is played again; then it says why. @param trials in their order */
  isRepeated(set: KeptSet<Kept>, trials: readonly Trial[], attempt: number): boolean {
    if (attempt > 1) set.trials = this.#again
    this.#again = []
    const cause = this.#isOff ? null : this.#repetition.causeToRepeat(trials, attempt)
    if (cause === null || !this.#pacing.hasTimeToRepeat()) return false
    set.discarded.push({ cause: cause.gate, arm: cause.arm })
    return true
  }
}
