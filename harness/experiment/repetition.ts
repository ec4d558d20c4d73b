import type { Load, Trial } from '../results/schema.ts'
import { LOOKS } from '../stats/looks.ts'
import { reservedSeconds } from './plan.ts'
import type { RunState } from './run-state.ts'

/** A trial is made at most so many times. */
const ATTEMPTS = 3

/**
 * Whether a trial that failed a gate is made again. It is, up to twice, while the budget still has room for everything
 * that is planned; but an arm that failed the same gate three times in a row at a load does so by its nature (it is
 * saturated, say) and not by accident: from then on its trials there are kept and marked at once.
 */
export class Repetition {
  readonly #natural = new Set<string>()
  #trials = 0
  #firstAtSeconds: number | undefined
  #lastAtSeconds = 0

  /** Counts a trial, to know how long one takes. */
  ran(trial: Trial): void {
    this.#firstAtSeconds ??= trial.startedAtSeconds
    this.#trials++
    this.#lastAtSeconds =
      trial.startedAtSeconds + trial.warmUpSeconds + trial.steadySeconds + trial.drainSeconds
  }

  mayRepeat(run: RunState, load: Load, trial: Trial, gate: string): boolean {
    const key = `${load.label} ${trial.arm} ${gate}`
    if (this.#natural.has(key)) return false
    if (trial.attempt === ATTEMPTS) {
      this.#natural.add(key)
      return false
    }
    return run.secondsLeft() - reservedSeconds(run.request) > this.#secondsFor(plannedTrials(run))
  }

  /** How long so many trials, and one more, will take at the pace so far. */
  #secondsFor(trials: number): number {
    const tookSeconds = this.#lastAtSeconds - (this.#firstAtSeconds ?? 0)
    return ((trials + 1) * tookSeconds) / Math.max(1, this.#trials)
  }
}

/** Trials of the plan that are not made yet, the present one not counted. */
function plannedTrials(run: RunState): number {
  const { loads, precision } = run.request
  const pairs = precision === null ? run.request.pairs : LOOKS.at(-1)!
  const made = run.report.loads
    .flatMap((load) => load.pairs)
    .reduce((count, pair) => count + Object.keys(pair.trials).length, 0)
  return 2 * pairs * loads.length - made - 1
}
