import type { Load } from '../../results/schema.ts'
import { isPrecise, levelPerLook, LOOKS, SMALLEST_RATIO } from '../../stats/verdict.ts'
import { metricAt } from '../../words/metrics.ts'
import { compareLoad } from './compare-load.ts'
import type { RunState } from './state.ts'

/**
 * What the sets of a run say so far, load by load, and how many rounds that asks for: the planned ones, or with a precision as
 * many as the next look has, at loads that have not reached it.
 */
export class LoadJudge {
  readonly #run: RunState

  constructor(run: RunState) {
    this.#run = run
  }

  /** Puts ratios and verdicts into the load. */
  judge(load: Load): void {
    const { report, request } = this.#run
    // One trial each on servers that are cold: their figures are not to be compared.
    if (request.answersOnly) {
      const nothing = { ratios: null, verdict: null, sure: [], orderEffect: null }
      load.comparisons = request.comparisons.map((arms) => ({ ...arms, ...nothing }))
      return
    }
    compareLoad(load, {
      comparisons: request.comparisons,
      metric: request.metric,
      level: this.#level(),
      threshold: report.band?.ratios[load.label] ?? SMALLEST_RATIO,
    })
  }

  /** Rounds up to the next look; without looks, all. @param round the present one, from 0 on; −1 before the first. */
  roundCount(round: number): number {
    const { precision, rounds } = this.#run.request
    if (precision === null) return rounds
    return LOOKS.find((look) => look > round + 1) ?? LOOKS.at(-1)!
  }

  /** Loads that are played in the next round. */
  openLoads(): readonly Load[] {
    const { loads } = this.#run.report
    if (this.#run.request.precision === null) return loads
    // Judged at a look alone: a load that was precise there gets no more sets, so that it stays at it.
    const isAtLook = (load: Load) => LOOKS.some((look) => look === load.sets.length)
    return loads.filter((load) => !isAtLook(load) || this.isImprecise(load))
  }

  /** Whether a precision is asked for that some comparison at the load has not reached. */
  isImprecise(load: Load): boolean {
    const { precision, metric } = this.#run.request
    if (precision === null) return false
    return load.comparisons.some(({ ratios }) => {
      const ratio = ratios?.[metricAt(load, metric)]
      if (!ratio || ratio.level === null) return true
      return !isPrecise({ ...ratio, level: ratio.level }, precision, this.#level())
    })
  }

  /** Behind the last round. */
  tellVerdicts(): void {
    for (const load of this.#run.report.loads) {
      const verdict = load.comparisons[0]?.verdict
      if (verdict) this.#run.tell({ kind: 'verdict', load: load.label, sentence: verdict.sentence })
    }
  }

  /** Confidence of one interval: with several looks each gets its share of the error (Bonferroni). */
  #level(): number {
    const { level, precision } = this.#run.request
    return precision === null ? level : levelPerLook(level)
  }
}
