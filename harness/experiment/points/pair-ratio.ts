import type { PointPair, PointTrial } from '../../results/point-pair.ts'
import type { ComparisonName } from '../../results/schema.ts'
import { type PairLog, pairLog } from '../../stats/ratio-over-pairs.ts'

/** What one trial says about a metric: nanoseconds, or requests per second. */
export interface PointFigure {
  readonly value: number
  /** The percentile falls on requests that were never answered: it is this long at least. */
  readonly atLeast: boolean
}

/** Second ÷ first of one pair. */
export interface PairRatio {
  readonly ratio: number
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

/** What a pair says of second ÷ first, as `pairLog`; undefined for one that is not whole, or void. */
export function pairLogOf(
  pair: PointPair,
  first: string,
  second: string,
  metric: ComparisonName,
): PairLog | null | undefined {
  const figures = figuresOf(pair, [first, second], metric)
  if (figures === undefined) return undefined
  const [a, b] = figures.map((figure) =>
    figure === undefined ? null : figure.atLeast ? ('unanswered' as const) : figure.value,
  )
  return pairLog(a!, b!)
}

/** The same as a picture shows it: where an arm left requests unanswered, by the longest latency that it answered. */
export function pairRatio(
  pair: PointPair,
  first: string,
  second: string,
  metric: ComparisonName,
): PairRatio | null {
  const [a, b] = figuresOf(pair, [first, second], metric) ?? []
  if (a === undefined || b === undefined || (a.atLeast && b.atLeast)) return null
  const ratio = b.value / a.value
  if (a.atLeast) return { ratio, bound: 'at-most' }
  return { ratio, bound: b.atLeast ? 'at-least' : 'exact' }
}

function figuresOf(
  pair: PointPair,
  arms: readonly string[],
  metric: ComparisonName,
): readonly (PointFigure | undefined)[] | undefined {
  const trials = arms.flatMap((arm) =>
    pair.trials.filter((trial) => trial.arm === arm && trial.void === null),
  )
  return trials.length < arms.length ? undefined : trials.map((trial) => figureOf(trial, metric))
}

function positive(value: number | null, atLeast = false): PointFigure | undefined {
  const isKnown = value !== null && value > 0 && Number.isFinite(value)
  return isKnown ? { value, atLeast } : undefined
}
