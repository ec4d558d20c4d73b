import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import { COMPARISON_NAMES, type Estimate, type Trial } from '../../results/schema.ts'
import {
  COUNT,
  formatEstimate,
  formatQuantity,
  formatShare,
  NOT_AVAILABLE,
  RATIO,
} from '../../words/format.ts'
import { METRIC_LABELS } from '../../words/metrics.ts'
import { armLabels } from '../../words/names.ts'
import type { ViewColumn } from '../view/view.ts'
import {
  bothArms,
  medianText,
  metricText,
  rangeOfRatios,
  type SoundTrials,
  soundTrials,
} from './pair-figures.ts'

/** A figure of one load: the medians over pairs of both arms, and second ÷ first with its interval where that says something. */
type SummaryRow = readonly [label: string, first: string, second: string, ratio: string]

/**
 * How predictable each arm is: how far its tail is from its median within a trial, and how far p99 wandered from one trial
 * to another. Claim C13: control gives predictability.
 */
export function predictabilityRows(trials: SoundTrials): readonly SummaryRow[] {
  if (trials[0].length === 0) return []
  const tails = bothArms(trials, (arm) => medianText(arm, tailOverMedian, RATIO))
  return [
    ['p99.9 ÷ p50', ...tails, formatRatio(rangeOfRatios(trials, tailOverMedian), null)],
    ['worst ÷ best p99', ...bothArms(trials, spreadText), NOT_AVAILABLE],
  ]
}

/** Null where a percentile falls on requests that were never answered. */
function tailOverMedian({ percentiles }: Trial): number | null {
  const { p50, p99_9 } = percentiles
  return p99_9.atLeast || p50.atLeast || p50.ns === 0 ? null : p99_9.ns / p50.ns
}

/** Largest ÷ smallest p99 of an arm's trials. */
function spreadText(trials: readonly Trial[]): string {
  const latencies = trials.map((trial) => trial.percentiles.p99)
  if (latencies.length < 2 || latencies.some(({ atLeast, ns }) => atLeast || ns === 0))
    return NOT_AVAILABLE
  const all = latencies.map(({ ns }) => ns)
  return formatQuantity(Math.max(...all) / Math.min(...all), RATIO)
}

/** What a reader compares at one load, formatted; empty when no pair is sound. */
export function summaryRows(report: PairReport, load: PairLoad): readonly SummaryRow[] {
  const trials = soundTrials(report, load)
  if (trials[0].length === 0) return []
  const level = intervalLevel(load)
  const switches = bothArms(trials, (arm) => medianText(arm, switchesPerRequest, COUNT))
  return [
    ...COMPARISON_NAMES.map((name): SummaryRow => [
      METRIC_LABELS[name],
      ...bothArms(trials, (arm) => metricText(arm, name)),
      formatRatio(load.comparison?.[name] ?? null, level),
    ]),
    [
      'switches per request',
      ...switches,
      formatRatio(rangeOfRatios(trials, switchesPerRequest), level),
    ],
    ...predictabilityRows(trials),
  ]
}

/** Of second ÷ first with the level of its intervals; the arms go nameless where a terminal has no room for them. */
export function ratioColumn(report: PairReport, level: number | null, width: number): ViewColumn {
  const [first, second] = armLabels(report)
  const confidence = level === null ? '' : ` (${formatShare(level)})`
  return {
    heading: `${second} ÷ ${first}${confidence}`,
    shortHeading: `second ÷ first${confidence}`,
    width,
  }
}

/**
 * Confidence of the intervals of a load, for a table's heading: that of the metric judged. Null when they are ranges or
 * there are none. A row whose own level is another one carries it.
 */
export function intervalLevel(load: PairLoad): number | null {
  return load.comparison?.[load.verdict?.metric ?? 'p99']?.level ?? null
}

function switchesPerRequest(trial: Trial): number | null {
  return trial.counters.contextSwitchesPerRequest
}

function formatRatio(estimate: Estimate | null, headingLevel: number | null): string {
  if (estimate === null) return NOT_AVAILABLE
  const text = formatEstimate(estimate, RATIO)
  const { level, n } = estimate
  return level === null || level === headingLevel || n <= 1
    ? text
    : text.replace('(', `(${formatShare(level)}: `)
}
