import type { PointPair } from '../results/point-pair.ts'
import type { ComparisonName, Estimate } from '../results/schema.ts'
import type { Figure, Outcome } from '../results/sweep.ts'
import { medianInterval } from '../stats/median-interval.ts'
import { ratioOverPairs } from '../stats/ratio-over-pairs.ts'
import { judge } from '../stats/verdict.ts'
import { figureOf, pairLogOf } from './points/pair-ratio.ts'

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
