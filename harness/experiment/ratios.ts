import type { PointPair, PointTrial } from '../results/points.ts'
import type { ComparedArms, ComparisonName, Estimate } from '../results/schema.ts'
import type { Figure, Outcome, Sweep } from '../results/sweep.ts'
import { type MarkedTrials, markedTrials } from '../stats/doubtful-trials.ts'
import { type Interval, medianInterval } from '../stats/intervals.ts'
import { positive, ratioOverPairs } from '../stats/ratio-over-pairs.ts'
import { logsOver, type SoundRound, soundRound } from '../stats/sound-rounds.ts'
import { judge } from '../stats/verdict.ts'
import { isLatency, METRICS } from '../words/metrics.ts'

/** Second ÷ first of one pair. */
interface PairRatio {
  readonly ratio: number
  /**
   * `at-least`: the second arm's percentile falls on requests that it never answered, so the true ratio is no smaller;
   * `at-most`: the first arm's does, so it is no larger. What is known errs in favour of the arm that left requests.
   */
  readonly bound: 'exact' | 'at-least' | 'at-most'
}

/** A pair as comparisons take it. */
export function soundPair({
  trials,
}: Pick<PointPair, 'trials'>): SoundRound<string, ComparisonName> {
  return soundRound(
    trials.map((trial) => [trial.arm, trial] as const),
    (trial) => ({
      failedGates: trial.failedGates,
      figureOf: (metric) =>
        isLatency(metric) && trial.percentiles[metric].atLeast
          ? 'unanswered'
          : knownFigure(trial, metric),
    }),
  )
}

/**
 * Nanoseconds, or requests per second; of a percentile that was never answered the longest latency that was: what was never
 * answered is later than that. Null when there is no finite, positive figure, as without /proc;
 * goodput may be 0.
 */
function knownFigure(trial: PointTrial, metric: ComparisonName): number | null {
  if (metric === 'achievedPerSecond') return positive(trial.achievedPerSecond)
  if (metric === 'goodputPerSecond') return trial.goodputPerSecond ?? null
  if (metric === 'cpuPerRequest') return positive(trial.cpuPerRequestNs)
  const { ns, atLeast } = trial.percentiles[metric]
  return positive(atLeast ? trial.longestAnsweredNs : ns)
}

/** The ratio as a picture shows it: where an arm left requests unanswered, by the longest latency that it answered. */
export function pairRatio(
  { trials }: PointPair,
  first: string,
  second: string,
  metric: ComparisonName,
): PairRatio | null {
  const [a, b] = [first, second].map((arm) =>
    trials.find((trial) => trial.arm === arm && trial.void === null),
  )
  if (a === undefined || b === undefined) return null
  const [below, above] = [knownFigure(a, metric), knownFigure(b, metric)]
  const [isAtMost, isAtLeast] = [a, b].map(
    (trial) => isLatency(metric) && trial.percentiles[metric].atLeast,
  )
  if (below === null || above === null || (isAtMost && isAtLeast)) return null
  // Of goodput alone, which may be 0: beyond whatever one answer a second would make of it.
  if (below === 0 || above === 0) {
    if (below === above) return null
    return below === 0
      ? { ratio: Math.max(above, 1), bound: 'at-least' }
      : { ratio: 1 / Math.max(below, 1), bound: 'at-most' }
  }
  const bound = isAtMost ? 'at-most' : isAtLeast ? 'at-least' : 'exact'
  return { ratio: above / below, bound }
}

/** The median over an arm's trials; null when there is none, or one of them has no figure. */
export function medianFigure(
  pairs: readonly PointPair[],
  arm: string,
  metric: ComparisonName,
  level: number,
): Figure | null {
  const trials = pairs
    .flatMap((pair) => pair.trials)
    .filter((trial) => trial.arm === arm && trial.void === null)
  const values = trials.flatMap((trial) => knownFigure(trial, metric) ?? [])
  if (values.length === 0 || values.length < trials.length) return null
  return {
    ...estimated(medianInterval(values, level), values.length, METRICS[metric].unit),
    // The median of values that are too small at most is too small at most.
    atLeast: isLatency(metric) && trials.some((trial) => trial.percentiles[metric].atLeast),
  }
}

/** The ratio over the pairs that are whole. */
export function ratioOver(
  pairs: readonly PointPair[],
  { first, second }: ComparedArms,
  metric: ComparisonName,
  level: number,
): Estimate | null {
  return ratioOverPairs(logsOver(pairs.map(soundPair), first, second, metric), level)
}

/** Labels of the two arms of a sweep or a search. */
export function comparedIn({ arms }: Pick<Sweep, 'arms'>): ComparedArms {
  return { first: arms[0]!.label, second: arms[1]!.label }
}

/** Of all trials of a sweep or a search. */
export function markedTrialsOf({
  capacityPairs,
  values,
}: {
  readonly capacityPairs: readonly PointPair[]
  readonly values: readonly { readonly pairs: readonly PointPair[] }[]
}): MarkedTrials {
  const pairs = [...capacityPairs, ...values.flatMap((value) => value.pairs)]
  return markedTrials(pairs.flatMap(({ trials }) => trials))
}

/** What a ratio says of the second arm. */
export function outcomeOf(ratio: Estimate | null, level: number): Outcome {
  if (ratio === null) return 'unknown'
  const outcome = judge({ ...ratio, level: ratio.level ?? 0 }, level)
  if (outcome === 'second-larger') return 'higher'
  if (outcome === 'first-larger') return 'lower'
  return outcome === 'none' ? 'same' : 'undecided'
}

/** An interval as results keep it: one value has none. */
export function estimated(interval: Interval, n: number, unit: string): Estimate {
  return { ...interval, level: n === 1 ? null : interval.level, n, unit }
}
