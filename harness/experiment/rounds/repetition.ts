import { runError } from '../../base/errors.ts'
import type { Gate, Trial } from '../../results/schema.ts'

/** A set is played at most so many times. */
const ATTEMPTS = 3
/** After so many sets in a row that failed a gate none is played again for it until one passed: what disturbs is not going away. */
const FAILED_IN_A_ROW = 4

/** So many more sets are played where a measurement is disturbed throughout by one thing. */
export const MOST_PLAYED_AGAIN = FAILED_IN_A_ROW * (ATTEMPTS - 1)

/** Gates that say something about the machine, the runtime or the client: no outcome of an arm's is among them. */
export const REPEATED_GATES = ['noise', 'runtime', 'clock', 'lateness'] as const
type RepeatedGate = (typeof REPEATED_GATES)[number]

/** Why a set is to be played again, and whose trial it was. */
export interface RepeatCause {
  readonly gate: RepeatedGate
  readonly arm: string
}

/**
 * Whether a set is played again, as a whole and within its round: when one of its trials failed one of four gates, twice at most.
 * What an arm's figures are never decides: repeating what is slow or saturated would censor the tail of whichever arm
 * has one. Where one set after the other fails the same gate none is repeated for it: the time is better spent on the rounds
 * to come.
 */
export class Repetition {
  readonly #natural: ReadonlySet<RepeatedGate>
  /** Sets, by gate. */
  readonly #inARow = new Map<RepeatedGate, number>()

  /** @param natural gates that are failed by the nature of the run, e.g. `lateness` where a client shares processors. */
  constructor(natural: readonly RepeatedGate[] = []) {
    this.#natural = new Set(natural)
  }

  /** Takes note of a set that was played. @param trials in the order in which they ran. @param attempt from 1 on */
  causeToRepeat(trials: readonly Trial[], attempt: number): RepeatCause | null {
    const causes = trials.flatMap((trial) =>
      trial.void === null ? causesOf(trial).map((gate) => ({ gate, arm: trial.arm })) : [],
    )
    for (const name of REPEATED_GATES) this.#count(name, causes, attempt)
    if (attempt >= ATTEMPTS) return null
    const counted = causes.filter(
      ({ gate }) => !this.#natural.has(gate) && (this.#inARow.get(gate) ?? 0) < FAILED_IN_A_ROW,
    )
    // Noise explains the others.
    return counted.find(({ gate }) => gate === 'noise') ?? counted[0] ?? null
  }

  /** Sets are counted, not how often one was played. */
  #count(name: RepeatedGate, causes: readonly RepeatCause[], attempt: number): void {
    const hasFailed = causes.some(({ gate }) => gate === name)
    if (!hasFailed) this.#inARow.set(name, 0)
    else if (attempt === 1) this.#inARow.set(name, (this.#inARow.get(name) ?? 0) + 1)
  }
}

function causesOf({ gates }: Trial): RepeatedGate[] {
  const failed = (name: RepeatedGate) =>
    gates.some((gate: Gate) => gate.name === name && !gate.passed)
  return REPEATED_GATES.filter(failed)
}

/** Fewer are no round of any measurement's, and might be one disturbance. */
const FEWEST_TRIALS = 6

/**
 * Whether a measurement has had no trial yet that passed `noise`: what comes behind its first round would not be judged either.
 * No figure and no verdict plays a part in it.
 */
export class Disturbance {
  /** Those that failed so far; null from the first one on that did not. */
  #failed: number | null = 0
  #figure = ''

  /** Takes note of a trial, also of a set that is played again. */
  took({ gates }: Pick<Trial, 'gates'>): void {
    const noise = gates.find(({ name }) => name === 'noise')
    if (noise === undefined || noise.passed) this.#failed = null
    if (this.#failed === null) return
    this.#failed++
    this.#figure = noise!.figure
  }

  /** Called before fresh servers are started. @throws CrossoverError of kind `run` when nothing but noise was measured. */
  refuse(): void {
    if (this.#failed === null || this.#failed < FEWEST_TRIALS) return
    throw runError(
      'noisy',
      `all ${this.#failed} trials so far failed the gate noise (the last: ${this.#figure}): more of them would not be judged either`,
      'end other programs, or keep them off these processors, and run again; with --wait-quiet 0 it is measured to the end all the same',
    )
  }
}
