import type { WithinRequest } from '../../asked/requests.ts'
import { answeredWithin } from '../../results/histogram.ts'
import type { Report, Trial, TrialSet } from '../../results/schema.ts'

/**
 * How soon an answer must come to be useful, and how many of each trial's were. A multiple of a latency is fixed by the first set at
 * the first load in which every arm has a p99, most often that of the first round, before any other set is played; it is the same for
 * all arms, loads and rounds.
 */
export class Goodput {
  readonly #asked: WithinRequest | null
  readonly #report: Report

  constructor(asked: WithinRequest | null, report: Report) {
    this.#asked = asked
    this.#report = report
  }

  /** Whether the first load has to be played before the others. */
  get isOpen(): boolean {
    return this.#asked !== null && this.#report.run.within?.ns === null
  }

  /** The trial with its useful answers, once it is known what those are. */
  counted(trial: Trial): Trial {
    const withinNs = this.#report.run.within?.ns ?? null
    if (withinNs === null) return trial
    return { ...trial, useful: { withinNs, count: answeredWithin(trial.histogram, withinNs) } }
  }

  /** Takes a set at the first load: while the time is open it fixes that, and all trials so far are counted as well. */
  fixBy(set: TrialSet): void {
    if (this.#asked?.kind !== 'times' || !this.isOpen) return
    const played = Object.values(set.trials)
    // Who left its p99 unanswered, or answered wrongly, has nothing to multiply: the next round has another set.
    if (played.some((trial) => trial.void !== null || trial.percentiles.p99.atLeast)) return
    const largestNs = Math.max(...played.map(({ percentiles }) => percentiles.p99.ns))
    this.#report.run.within!.ns = this.#asked.factor * largestNs
    for (const { sets } of this.#report.loads)
      for (const one of sets)
        for (const trials of [one.trials, one.atEqualPolicy ?? {}])
          for (const [arm, trial] of Object.entries(trials)) trials[arm] = this.counted(trial)
  }

  /** A doubt where no round could fix it; null otherwise. */
  openWarning(): Report['warnings'][number] | null {
    if (this.#asked === null || !this.isOpen || this.#report.rounds.length === 0) return null
    return {
      code: 'within',
      message: `--within ${this.#asked.text} is a multiple of the largest p99 at the first load, and in no round all arms had one there: goodput is not known`,
      cure: 'put a load first that all arms keep up with, --loads 20%,…, or name a time: --within 20ms',
    }
  }
}
