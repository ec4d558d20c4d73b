import type { ComparisonName, TrialSet } from '../results/schema.ts'
import { isSaturated } from '../stats/doubtful-trials.ts'
import { type Interval, unpairedShift } from '../stats/intervals.ts'
import { pairLog, type PairLog, ranked } from '../stats/ratio-over-pairs.ts'
import { figureOf, isLatency } from '../words/metrics.ts'

/**
 * An arm's own change of a metric, new ÷ old, over the trials of both runs as independent samples. Null when some trial has
 * no figure, or when the middle lies among those whose requests were left unanswered: these rank beyond all others, and
 * where the interval reaches them it is open on that side, 0 or ∞.
 */
export function ownChange(
  before: readonly Pick<TrialSet, 'trials'>[],
  after: readonly Pick<TrialSet, 'trials'>[],
  arm: string,
  metric: ComparisonName,
  level: number,
): Interval | null {
  const figures = (pairs: readonly Pick<TrialSet, 'trials'>[]) =>
    pairs.flatMap(({ trials: { [arm]: trial } }) =>
      // Measured against 1, an unanswered one is what `pairLog` makes of it.
      trial === undefined ? [] : [pairLog(1, figureOf(trial, metric))],
    )
  return isGrowing([before, after], [arm], metric)
    ? null
    : changeOf(figures(before), figures(after), level)
}

/**
 * The change of arm ÷ control, each ratio from one pair: both trials ran side by side on one trace, so what drifts with the
 * machine is gone. Null and open as in `ownChange`; a pair in which neither was answered says nothing, and more than a quarter of
 * them leave no change.
 */
export function relativeChange(
  before: readonly Pick<TrialSet, 'trials'>[],
  after: readonly Pick<TrialSet, 'trials'>[],
  arm: string,
  control: string,
  metric: ComparisonName,
  level: number,
): Interval | null {
  const figures = (pairs: readonly Pick<TrialSet, 'trials'>[]) =>
    pairs.flatMap(({ trials: { [arm]: own, [control]: other } }) =>
      own === undefined || other === undefined
        ? []
        : [pairLog(figureOf(other, metric), figureOf(own, metric))],
    )
  return isGrowing([before, after], [arm, control], metric)
    ? null
    : changeOf(figures(before), figures(after), level)
}

/**
 * Whether latencies of an arm that keeps up in neither run would be compared: they measure how long trials were. One that
 * keeps up in one run only has changed, and more than any number says.
 */
function isGrowing(
  runs: readonly (readonly Pick<TrialSet, 'trials'>[])[],
  arms: readonly string[],
  metric: ComparisonName,
): boolean {
  if (!isLatency(metric)) return false
  return arms.some((arm) =>
    runs.every((sets) => {
      const trials = sets.flatMap(({ trials: { [arm]: trial } }) => trial ?? [])
      const missed = trials.filter(({ gates }) =>
        gates.some(({ name, passed }) => name === 'completed' && !passed),
      )
      return isSaturated(missed.length, trials.length)
    }),
  )
}

function changeOf(
  before: readonly (PairLog | null)[],
  after: readonly (PairLog | null)[],
  level: number,
): Interval | null {
  const [then, now] = [ranked(before), ranked(after)]
  if (then === null || now === null) return null
  const shift = unpairedShift(then, now, level)
  if (Number.isNaN(shift.value)) return null
  return {
    value: Math.exp(shift.value),
    lower: Math.exp(shift.lower),
    upper: Math.exp(shift.upper),
    level: shift.level,
  }
}
