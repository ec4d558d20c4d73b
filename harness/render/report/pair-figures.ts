import { NS_PER_SECOND } from '../../base/units.ts'
import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import type {
  ComparisonName,
  Estimate,
  Latency,
  Load,
  Report,
  Trial,
} from '../../results/schema.ts'
import {
  formatLatency,
  formatQuantity,
  formatShare,
  NOT_AVAILABLE,
  PER_SECOND,
  RATIO,
  TIME,
} from '../../words/format.ts'
import { figureOf, goodputOf } from '../../words/metrics.ts'
import type { ChartBlock, Medium, Section, ViewColumn } from '../view/view.ts'

/** What the sections of a report are made of. */
export interface Subject {
  readonly report: Report
  /** The same, seen as its first comparison. */
  readonly pair: PairReport
  /** Where it is read: not every medium has room for everything. */
  readonly medium: Medium
}

/** Makes a section of a report, or one for each load; none where there is nothing to say. */
export type SectionsOf = (subject: Subject) => readonly Section[]

/** What one pair says about a metric, formatted. */
interface PairFigures {
  /** Counted from 1. */
  readonly pair: number
  /** The arm that ran first. */
  readonly ranFirst: string
  readonly first: string
  readonly second: string
  /** Second ÷ first; null when a figure is not available or falls on a request that was never answered. */
  readonly ratio: number | null
  readonly ratioText: string
  /** A trial of the pair failed a validity gate. */
  readonly isDoubtful: boolean
}

/** A metric of every pair whose answers were right in both trials, in the order in which they ran. */
export function pairFigures(
  report: PairReport,
  load: PairLoad,
  metric: ComparisonName,
): readonly PairFigures[] {
  const [firstArm, secondArm] = armLabels(report)
  return load.pairs.flatMap(({ trials, order }, index) => {
    const [first, second] = [trials[firstArm], trials[secondArm]]
    if (first?.void !== null || second?.void !== null) return []
    const [divisor, dividend] = [figureOf(first, metric), figureOf(second, metric)]
    const ratio =
      typeof divisor === 'number' && typeof dividend === 'number' ? dividend / divisor : null
    return [
      {
        pair: index + 1,
        ranFirst: order[0] ?? '',
        first: metricText([first], metric),
        second: metricText([second], metric),
        ratio,
        ratioText: ratio === null ? NOT_AVAILABLE : formatQuantity(ratio, RATIO),
        isDoubtful: [first, second].some(({ gates }) => gates.some(({ passed }) => !passed)),
      },
    ]
  })
}

/** The median of a metric over trials, formatted; one that falls on requests that were never answered says so. */
export function metricText(trials: readonly Trial[], metric: ComparisonName): string {
  if (metric === 'achievedPerSecond') {
    return medianText(trials, (trial) => trial.achievedPerSecond, PER_SECOND)
  }
  if (metric === 'goodputPerSecond') return medianText(trials, goodputOf, PER_SECOND)
  if (metric === 'cpuPerRequest') return medianText(trials, cpuNsPerRequest, TIME)
  const median = medianLatency(trials.map(({ percentiles }) => percentiles[metric]))
  return median === null ? NOT_AVAILABLE : formatLatency(median)
}

function cpuNsPerRequest({ counters: { cpuSecondsPerRequest } }: Trial): number | null {
  return cpuSecondsPerRequest === null ? null : cpuSecondsPerRequest * NS_PER_SECOND
}

/** The middle of the values, the mean of the middle two when their number is even; null when there are none. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2
}

/** As `medianOf`; a latency that is only known to be "at least" comes after all that are known, and marks the median. */
export function medianLatency(latencies: readonly Latency[]): Latency | null {
  const sorted = latencies.toSorted((a, b) => Number(a.atLeast) - Number(b.atLeast) || a.ns - b.ns)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  if (lower === undefined || upper === undefined) return null
  return { ns: (lower.ns + upper.ns) / 2, atLeast: upper.atLeast }
}

/** The trials of the pairs in which both arms gave right answers: only they enter tables and curves. */
export type SoundTrials = readonly [first: readonly Trial[], second: readonly Trial[]]

/** Pairs stay whole: when one trial of a pair is missing or void, the other one is left out, too. */
export function soundTrials(report: PairReport, { pairs }: PairLoad): SoundTrials {
  const sound = pairs.flatMap(({ trials }) => {
    const [first, second] = armLabels(report).map((label) => trials[label])
    return first?.void === null && second?.void === null ? [[first, second] as const] : []
  })
  return [sound.map(([first]) => first), sound.map(([, second]) => second)]
}

/** A figure of one trial; null when the machine did not give it. */
export type Reading = (trial: Trial) => number | null

/** The median over trials, formatted; not available as soon as one trial lacks the reading. */
export function medianText(trials: readonly Trial[], read: Reading, scales: typeof TIME): string {
  const readings = trials.map(read).filter((value) => value !== null)
  const median = readings.length === trials.length ? medianOf(readings) : null
  return median === null ? NOT_AVAILABLE : formatQuantity(median, scales)
}

/** One column's text for each arm. */
export function bothArms(
  [first, second]: SoundTrials,
  format: (trials: readonly Trial[]) => string,
): readonly [first: string, second: string] {
  return [format(first), format(second)]
}

/** The report holds no interval for this metric: median, smallest and largest ratio of the pairs stand in. */
export function rangeOfRatios([divisors, dividends]: SoundTrials, read: Reading): Estimate | null {
  const [firsts, seconds] = [divisors, dividends].map((trials) => trials.map(read)) as [
    (number | null)[],
    (number | null)[],
  ]
  const ratios = seconds.map(
    (second, pair) => (second ?? Number.NaN) / (firsts[pair] ?? Number.NaN),
  )
  const value = medianOf(ratios)
  if (value === null || !ratios.every(Number.isFinite)) return null
  const [lower, upper] = [Math.min(...ratios), Math.max(...ratios)]
  return { value, lower, upper, level: null, n: ratios.length, unit: '×' }
}

type NamedLoad = Pick<Load, 'label' | 'offeredPerSecond' | 'placed'>

/**
 * A load with what it comes to: `50% (131k/s)`, `80%-of-each (staged 100k/s, sharded 210k/s)`; its label alone where that says it, or
 * where nothing was offered.
 */
export function loadName({ label, offeredPerSecond, placed }: NamedLoad): string {
  if (placed?.by === 'each') return `${label} (${ownRatesText(placed.perSecond)})`
  return label.includes('%') && offeredPerSecond !== null
    ? `${label} (${formatQuantity(offeredPerSecond, PER_SECOND)})`
    : label
}

/** `staged 100k/s, sharded 210k/s`. @param perSecond by arm label */
export function ownRatesText(perSecond: Readonly<Record<string, number>>): string {
  const rates = Object.entries(perSecond)
  return rates.map(([arm, rate]) => `${arm} ${formatQuantity(rate, PER_SECOND)}`).join(', ')
}

/** `hottest shard: 51.2% of requests`, and the busiest port's share where clients are unequal; null where neither was looked at. */
export function loadSharesText({
  hottestShardShare,
  busiestPortShare,
}: Pick<Load, 'hottestShardShare' | 'busiestPortShare'>): string | null {
  const shares = [
    ['hottest shard', hottestShardShare] as const,
    ['busiest port', busiestPortShare] as const,
  ]
  const parts = shares.flatMap(([name, share]) =>
    share === undefined ? [] : [`${name}: ${formatShare(share)} of requests`],
  )
  return parts.length === 0 ? null : parts.join(' · ')
}

/** Which colour is which arm. */
export function armLegend(report: PairReport): ChartBlock['legend'] {
  const [first, second] = armLabels(report)
  return [
    { text: first, arm: 'first' },
    { text: second, arm: 'second' },
  ]
}

/** Columns of figures of the arms. */
export function armColumns(report: PairReport): readonly [ViewColumn, ViewColumn] {
  const [first, second] = armLabels(report)
  return [
    { heading: first, arm: 'first' },
    { heading: second, arm: 'second' },
  ]
}

/** Colours are those of the two arms that the report is about. */
export function armRole(
  label: string,
  [compared]: Report['comparisons'],
): { readonly arm?: 'first' | 'second' } {
  if (label === compared?.first) return { arm: 'first' }
  return label === compared?.second ? { arm: 'second' } : {}
}
