import type { PointPair, PointTrial } from '../../results/point-pair.ts'
import type { ComparisonName } from '../../results/schema.ts'

/** What one trial says about a metric: nanoseconds, or requests per second. */
export interface PointFigure {
  readonly value: number
  /** The percentile falls on requests that were never answered: it is this long at least. */
  readonly atLeast: boolean
}

/** ln(second ÷ first) of one pair. */
export interface PairRatio {
  readonly log: number
  /**
   * `at-least`: the second arm's percentile falls on requests that it never answered, so the true ratio is no smaller;
   * `at-most`: the first arm's does, so it is no larger. What is known errs in favour of the arm that left requests.
   */
  readonly bound: 'exact' | 'at-least' | 'at-most'
}

/** Undefined when there is no finite, positive figure, as without /proc. */
export function figureOf(trial: PointTrial, metric: ComparisonName): PointFigure | undefined {
  if (metric === 'achievedPerSecond') return positive(trial.achievedPerSecond)
  if (metric === 'cpuPerRequest') return positive(trial.cpuPerRequestNs)
  const { ns, atLeast } = trial.percentiles[metric]
  // What was never answered is later than all that was.
  return positive(atLeast ? trial.longestAnsweredNs : ns, atLeast)
}

/**
 * The ratio of a pair; null when both arms left the percentile's requests unanswered, or a figure is missing: then the
 * pair has none, and no estimate over pairs may leave it out, since that would flatter. Undefined for a pair that is not
 * whole or void.
 * @param first label
 * @param second label
 */
export function pairRatio(
  pair: PointPair,
  first: string,
  second: string,
  metric: ComparisonName,
): PairRatio | null | undefined {
  const [one, other] = [first, second].map((label) =>
    pair.trials.find((trial) => trial.arm === label && trial.void === null),
  )
  if (one === undefined || other === undefined) return undefined
  const [a, b] = [figureOf(one, metric), figureOf(other, metric)]
  if (a === undefined || b === undefined || (a.atLeast && b.atLeast)) return null
  const log = Math.log(b.value / a.value)
  if (a.atLeast) return { log, bound: 'at-most' }
  return { log, bound: b.atLeast ? 'at-least' : 'exact' }
}

function positive(value: number | null, atLeast = false): PointFigure | undefined {
  const isKnown = value !== null && value > 0 && Number.isFinite(value)
  return isKnown ? { value, atLeast } : undefined
}
