import { NS_PER_SECOND } from '../base/units.ts'
import type { PairLoad, PairReport } from '../results/compared-pair.ts'
import type { ComparisonName, Estimate } from '../results/schema.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { medianText } from './arm-figures.ts'
import {
  formatEstimate,
  formatLatency,
  formatQuantity,
  NOT_AVAILABLE,
  PER_SECOND,
  RATIO,
  TIME,
} from './format.ts'
import { metricOf } from './judged-metric.ts'
import type { LiveSpan } from './live-ruler.ts'
import { medianLatency } from './median.ts'
import { METRIC_LABELS } from './metric-label.ts'

/** What is known of a load while it is measured. */
export interface LiveFigures {
  /** The load, and its metric where that is not the run's. */
  readonly label: string
  /** The metric's median of each arm over the trials so far. */
  readonly first: string
  readonly second: string
  /** Second ÷ first over the pairs so far. */
  readonly ratio: string
  /** The same for a ruler; null before the first pair. */
  readonly span: LiveSpan | null
}

/** The running figures of a load. */
export function liveFigures(report: PairReport, load: PairLoad): LiveFigures {
  const metric = metricOf(report, load)
  const ratio = load.comparison?.[metric] ?? null
  const { level, plannedRounds } = report.run
  const [first = '', second = ''] = report.arms.map(({ label }) => armText(load, label, metric))
  return {
    label: metric === report.run.metric ? load.label : `${load.label}, ${liveMetric(metric)}`,
    first,
    second,
    ratio: ratio === null ? withoutRatio(load, metric) : ratioText(ratio, level, plannedRounds),
    span:
      ratio === null ? null : { value: ratio.value, interval: isSure(ratio, level) ? ratio : null },
  }
}

/** A metric in a word. */
export function liveMetric(metric: ComparisonName): string {
  if (metric === 'achievedPerSecond') return 'throughput'
  return metric === 'cpuPerRequest' ? 'CPU' : METRIC_LABELS[metric]
}

function armText(load: PairLoad, arm: string, metric: ComparisonName): string {
  const trials = load.pairs
    .flatMap((pair) => pair.trials[arm] ?? [])
    .filter((trial) => trial.void === null)
  if (trials.length === 0) return NOT_AVAILABLE
  if (metric === 'achievedPerSecond')
    return medianText(trials, (trial) => trial.achievedPerSecond, PER_SECOND)
  if (metric === 'cpuPerRequest') {
    return medianText(
      trials,
      ({ counters: { cpuSecondsPerRequest: seconds } }) =>
        seconds === null ? null : seconds * NS_PER_SECOND,
      TIME,
    )
  }
  const median = medianLatency(trials.map((trial) => trial.percentiles[metric]))
  return median === null ? NOT_AVAILABLE : formatLatency(median)
}

/** Why there is none: a pair is missing, or a latency on requests that were never answered is no number. */
function withoutRatio({ pairs }: PairLoad, metric: ComparisonName): string {
  if (metric === 'achievedPerSecond' || metric === 'cpuPerRequest') return NOT_AVAILABLE
  const trials = pairs.flatMap((pair) => Object.values(pair.trials))
  return trials.some(({ percentiles }) => percentiles[metric].atLeast)
    ? 'no ratio: requests unanswered'
    : NOT_AVAILABLE
}

/** An interval below the run's level would look like one of the result's. */
function isSure({ level }: Estimate, wanted: number): boolean {
  return level !== null && level >= wanted
}

function ratioText(ratio: Estimate, level: number, plannedRounds: number): string {
  if (isSure(ratio, level)) return formatEstimate(ratio, RATIO)
  const yet = plannedRounds < fewestPairs(level) ? '' : ' yet'
  const pairs = `${ratio.n} pair${ratio.n === 1 ? '' : 's'}`
  return `${formatQuantity(ratio.value, RATIO)}, no interval${yet}, ${pairs}`
}
