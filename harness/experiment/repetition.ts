import type { Load, Trial } from '../results/schema.ts'
import { LOOKS } from '../stats/looks.ts'
import { reservedSeconds } from './plan.ts'
import type { RunState } from './run-state.ts'

/** A trial is made at most so many times. */
const ATTEMPTS = 3
/** After so many noisy trials in a row none is repeated for noise until one was quiet: who disturbs is not going away. */
const NOISY_IN_A_ROW = 6

/**
 * Whether a trial that failed a gate is made again. It is, up to twice, while the budget still has room for everything
 * that is planned; but an arm that failed the same gate three times in a row at a load does so by its nature (it is
 * saturated, say) and not by accident: from then on its trials there are kept and marked at once. On a machine where one
 * trial after the other is noisy, repeating in vain would take time from the pairs to come. None is where right
 * answers are all that a run is about: no gate but that of the answers matters.
 */
export class Repetition {
  readonly #natural = new Set<string>()
  #lastGate = ''
  #inARow = 0
  #noisyInARow = 0
  #trials = 0
  #firstAtSeconds: number | undefined
  #lastAtSeconds = 0

  /** Counts a trial, to know how long one takes. */
  ran(trial: Trial): void {
    const isNoisy = trial.gates.some(({ name, passed }) => name === 'noise' && !passed)
    this.#noisyInARow = isNoisy ? this.#noisyInARow + 1 : 0
    this.#firstAtSeconds ??= trial.startedAtSeconds
    this.#trials++
    this.#lastAtSeconds =
      trial.startedAtSeconds + trial.warmUpSeconds + trial.steadySeconds + trial.drainSeconds
  }

  mayRepeat(run: RunState, load: Load, trial: Trial, gate: string): boolean {
    if (run.request.answersOnly === true || isByNature(run, gate)) return false
    if (gate === 'noise' && this.#noisyInARow >= NOISY_IN_A_ROW) return false
    const key = `${load.label} ${trial.arm} ${gate}`
    if (this.#natural.has(key)) return false
    this.#inARow = trial.attempt > 1 && gate === this.#lastGate ? this.#inARow + 1 : 1
    this.#lastGate = gate
    if (trial.attempt === ATTEMPTS) {
      // Noise is never an arm's nature.
      if (this.#inARow >= ATTEMPTS && gate !== 'noise') this.#natural.add(key)
      return false
    }
    return (
      run.secondsLeft() - reservedSeconds(run.request) > this.#secondsFor(plannedTrials(run, load))
    )
  }

  /** How long so many trials, and one more, will take at the pace so far. */
  #secondsFor(trials: number): number {
    const tookSeconds = this.#lastAtSeconds - (this.#firstAtSeconds ?? 0)
    return ((trials + 1) * tookSeconds) / Math.max(1, this.#trials)
  }
}

/** A client that shares the servers' processors waits for them: it sends late in the next trial, too. */
function isByNature({ request: { transport } }: RunState, gate: string): boolean {
  return gate === 'lateness' && transport.kind === 'http' && transport.clientCpus.length === 0
}

/** Trials that are sure to be made yet, the present one not counted: with a precision, those up to the next look. */
function plannedTrials(run: RunState, present: Load): number {
  const { loads, pairs, precision } = run.request
  const upTo = (load: Load | undefined) =>
    precision === null
      ? pairs
      : (LOOKS.find((look) => look >= (load?.pairs.length ?? 0)) ?? LOOKS.at(-1)!)
  const begun = run.report.loads
  const made = Object.keys(present.pairs.at(-1)?.trials ?? {}).length
  const left = 2 * (upTo(present) - Math.max(0, present.pairs.length - 1)) - made
  const later = loads.slice(Math.max(1, begun.length)).length
  return left + 2 * upTo(undefined) * later - 1
}
