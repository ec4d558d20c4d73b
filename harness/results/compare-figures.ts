import type { Interval } from '../stats/signed-rank.ts'
import { unpairedShift } from '../stats/unpaired-shift.ts'
import { type ComparisonName, PERCENTILE_NAMES, type Trial, type TrialSet } from './schema.ts'

/** The logarithm of a figure, or of a ratio of two; `above` where it is only known to be at least that, `below` at most. */
interface LogFigure {
  readonly log: number
  readonly bound: 'exact' | 'above' | 'below' | 'unknown'
}

/**
 * An arm's own change of a metric, new ÷ old, over the trials of both runs as independent samples; null when some trial has
 * no figure, or when requests were left unanswered in both. Where they were in one run only, the latency is at least
 * that of the longest answered request: then the interval is open on one side, 0 or ∞, and its other bound holds.
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
      trial === undefined ? [] : [figureOf(trial, metric)],
    )
  return changeOf(figures(before), figures(after), level)
}

/**
 * The change of arm ÷ control, each ratio from one pair: both trials ran side by side on one trace, so what drifts with the
 * machine is gone. Null and open as in `ownChange`.
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
        : [quotient(figureOf(own, metric), figureOf(other, metric))],
    )
  return changeOf(figures(before), figures(after), level)
}

function changeOf(
  before: readonly (LogFigure | null)[],
  after: readonly (LogFigure | null)[],
  level: number,
): Interval | null {
  const [then, now] = [before, after].map((figures) => figures.filter((one) => one !== null))
  if (then === undefined || now === undefined || then.length === 0 || now.length === 0) return null
  // Leaving a trial out that has no figure would flatter its side.
  if (then.length < before.length || now.length < after.length) return null
  const bounds = [...then.map(({ bound }) => reversed(bound)), ...now.map(({ bound }) => bound)]
  const isAtLeast = bounds.includes('above')
  const isAtMost = bounds.includes('below')
  if (bounds.includes('unknown') || (isAtLeast && isAtMost)) return null
  const shift = unpairedShift(
    then.map(({ log }) => log),
    now.map(({ log }) => log),
    level,
  )
  return {
    value: Math.exp(shift.value),
    lower: isAtMost ? 0 : Math.exp(shift.lower),
    upper: isAtLeast ? Number.POSITIVE_INFINITY : Math.exp(shift.upper),
    level: shift.level,
  }
}

/** What a trial says about a metric: null when it has no finite, positive figure. */
function figureOf(trial: Trial, metric: ComparisonName): LogFigure | null {
  if (metric === 'achievedPerSecond') return logOf(trial.achievedPerSecond)
  if (metric === 'cpuPerRequest') return logOf(trial.counters.cpuSecondsPerRequest)
  const { ns, atLeast } = trial.percentiles[metric]
  return atLeast ? logOf(trial.maxNs, 'above') : logOf(ns)
}

function logOf(value: number | null, bound: LogFigure['bound'] = 'exact'): LogFigure | null {
  return value !== null && value > 0 && Number.isFinite(value)
    ? { log: Math.log(value), bound }
    : null
}

function quotient(own: LogFigure | null, control: LogFigure | null): LogFigure | null {
  if (own === null || control === null) return null
  const bounds = [own.bound, reversed(control.bound)].filter((bound) => bound !== 'exact')
  return {
    log: own.log - control.log,
    bound: bounds.length > 1 ? 'unknown' : (bounds[0] ?? 'exact'),
  }
}

/** What is known of a figure when one divides by it. */
function reversed(bound: LogFigure['bound']): LogFigure['bound'] {
  return bound === 'above' ? 'below' : bound === 'below' ? 'above' : bound
}

/** Whether a metric is a percentile of latency. */
export function isLatency(metric: ComparisonName): boolean {
  return PERCENTILE_NAMES.some((name) => name === metric)
}
