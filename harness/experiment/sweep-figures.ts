import type { PointPair } from '../results/point-pair.ts'
import type { ComparisonName, Estimate } from '../results/schema.ts'
import type { Figure, Outcome, Ratio } from '../results/sweep.ts'
import { medianInterval } from '../stats/median-interval.ts'
import { hodgesLehmann } from '../stats/signed-rank.ts'
import { judge } from '../stats/verdict.ts'
import { figureOf, pairRatio } from './points/pair-ratio.ts'

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

/**
 * The ratio over pairs. Null when no pair is whole, one of them has none, or both arms left requests unanswered in turn:
 * then neither bound holds.
 */
export function ratioOver(
  pairs: readonly PointPair[],
  { first, second }: Compared,
  metric: ComparisonName,
  level: number,
): Ratio | null {
  const ratios = pairs
    .map((pair) => pairRatio(pair, first, second, metric))
    .filter((ratio) => ratio !== undefined)
  const known = ratios.filter((ratio) => ratio !== null)
  if (known.length === 0 || known.length < ratios.length) return null
  const bounds = new Set(known.map(({ bound }) => bound))
  if (bounds.has('at-least') && bounds.has('at-most')) return null
  const logs = hodgesLehmann(
    known.map(({ log }) => log),
    level,
  )
  const interval = {
    value: Math.exp(logs.value),
    lower: Math.exp(logs.lower),
    upper: Math.exp(logs.upper),
    level: logs.level,
  }
  bounds.delete('exact')
  const [bound = 'exact'] = bounds
  return { ...estimated(interval, known.length, '×'), bound }
}

/** What a ratio says of the second arm; a bound says nothing of the side that it leaves open. */
export function outcomeOf(ratio: Ratio | null, level: number): Outcome {
  if (ratio === null) return 'unknown'
  const outcome = judge({ ...ratio, level: ratio.level ?? 0 }, level)
  if (outcome === 'second-larger') return ratio.bound === 'at-most' ? 'undecided' : 'higher'
  if (outcome === 'first-larger') return ratio.bound === 'at-least' ? 'undecided' : 'lower'
  return outcome === 'none' && ratio.bound === 'exact' ? 'same' : 'undecided'
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
