import type { WithinRequest } from '../../asked/requests.ts'
import { runError } from '../../base/errors.ts'
import { answeredWithin } from '../../results/histogram.ts'
import type { Report, Trial, TrialSet } from '../../results/schema.ts'

/**
 * How soon an answer must come to be useful, and how many of each trial's were. A multiple of a latency is fixed by the first set at
 * the first load, before any other set is played, and is the same for all arms, loads and rounds from then on.
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

  /** Fixes the time by the first set, whose trials are then counted as well. @throws when an arm has no p99 there */
  fixBy(set: TrialSet): void {
    if (this.#asked?.kind !== 'times' || !this.isOpen) return
    const trials = Object.values(set.trials).filter((trial) => trial.void === null)
    const open = trials.find(({ percentiles }) => percentiles.p99.atLeast)
    if (open !== undefined || trials.length === 0)
      throw runError(
        'within',
        `--within ${this.#asked.text} is a multiple of the largest p99 at the first load, and ${open === undefined ? 'no arm' : `not all arms have one there: arm=${open.arm} left requests unanswered`}`,
        'put a load first that all arms keep up with, --loads 20%,…, or name a time: --within 20ms',
      )
    const largestNs = Math.max(...trials.map(({ percentiles }) => percentiles.p99.ns))
    this.#report.run.within!.ns = this.#asked.factor * largestNs
    for (const [arm, trial] of Object.entries(set.trials)) set.trials[arm] = this.counted(trial)
  }
}
