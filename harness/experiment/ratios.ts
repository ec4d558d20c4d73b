import type { PointPair, PointTrial } from '../results/points.ts'
import type { ComparisonName, Estimate } from '../results/schema.ts'
import type { Figure, Outcome } from '../results/sweep.ts'
import { isSaturated } from '../stats/doubtful-trials.ts'
import { medianInterval } from '../stats/intervals.ts'
import { type PairLog, pairLog, ratioOverPairs } from '../stats/ratio-over-pairs.ts'
import { judge } from '../stats/verdict.ts'

/** What one trial says about a metric: nanoseconds, or requests per second. */
interface PointFigure {
  readonly value: number
  /** The percentile falls on requests that were never answered: it is this long at least. */
  readonly atLeast: boolean
}

/** Second ÷ first of one pair. */
interface PairRatio {
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

/** Labels of the arms; ratios are second ÷ first. */
export interface Compared {
  readonly first: string
  readonly second: string
}

/** The median over an arm's trials; null when there is none, or one of them has no figure. */
export function medianFigure(
  pairs: readonly PointPair[],
  arm: string,
  metric: ComparisonName,
  level: number,
): Figure | null {
  const figures = pairs
    .flatMap((pair) => pair.trials)
    .filter((trial) => trial.arm === arm && trial.void === null)
    .map((trial) => figureOf(trial, metric))
  const known = figures.filter((figure) => figure !== undefined)
  if (known.length === 0 || known.length < figures.length) return null
  const values = known.map(({ value }) => value)
  return {
    ...estimated(medianInterval(values, level), known.length, unitOf(metric)),
    // The median of values that are too small at most is too small at most.
    atLeast: known.some(({ atLeast }) => atLeast),
  }
}

/** The ratio over the pairs that are whole. */
export function ratioOver(
  pairs: readonly PointPair[],
  { first, second }: Compared,
  metric: ComparisonName,
  level: number,
): Estimate | null {
  const logs = pairs
    .map((pair) => pairLogOf(pair, first, second, metric))
    .filter((log) => log !== undefined)
  return ratioOverPairs(logs, level)
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
export function estimated(
  interval: {
    readonly value: number
    readonly lower: number
    readonly upper: number
    readonly level: number
  },
  n: number,
  unit: string,
): Estimate {
  return { ...interval, level: n === 1 ? null : interval.level, n, unit }
}

function unitOf(metric: ComparisonName): string {
  return metric === 'achievedPerSecond' ? 'requests/s' : 'ns'
}

/** Trials that failed a gate, of so many; by the name of the gate, of which a trial may have failed several. */
interface MarkedTrials {
  count: number
  of: number
  byGate: Record<string, number>
}

/** Counts the trials of these pairs that failed a gate. */
export function markedTrials(pairs: readonly Pick<PointPair, 'trials'>[]): MarkedTrials {
  const trials = pairs.flatMap((pair) => pair.trials)
  const byGate: Record<string, number> = {}
  for (const gate of trials.flatMap((trial) => trial.failedGates)) {
    byGate[gate] = (byGate[gate] ?? 0) + 1
  }
  const count = trials.filter((trial) => trial.failedGates.length > 0).length
  return { count, of: trials.length, byGate }
}

/** Those of the arms that do not keep up with the load of these pairs. */
export function saturatedArms(pairs: readonly PointPair[], arms: readonly string[]): string[] {
  return arms.filter((arm) => {
    const { byGate, of } = markedTrials(
      pairs.map((pair) => ({
        trials: pair.trials.filter((trial) => trial.arm === arm && trial.void === null),
      })),
    )
    return isSaturated(byGate['completed'] ?? 0, of)
  })
}
