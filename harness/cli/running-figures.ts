import { metricAt } from '../words/metrics.ts'
import { metricName } from '../experiment/parse-metric.ts'
import {
  formatEstimate,
  formatLatency,
  formatQuantity,
  formatTime,
  PER_SECOND,
  RATIO,
} from '../render/format.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import type { ComparisonName, Load, Report, Trial } from '../results/schema.ts'

/** What is known at a load: the last figure of each arm, and the first comparison's ratio over its pairs so far; empty at first. */
export function runningFigures(label: string, report: Report): string {
  const load = report.loads.find((candidate) => candidate.label === label)
  if (load === undefined) return ''
  const metric = metricAt(load, report.run.metric)
  const latest = report.arms.flatMap(({ label: arm }) => {
    const trial = load.sets.findLast(({ trials }) => trials[arm] !== undefined)?.trials[arm]
    return trial === undefined ? [] : `${arm} ${figureOf(trial, metric)}`
  })
  const ratio = runningRatio(load, metric, report.run.level)
  return [
    latest.length > 0 ? `, ${metricName(metric)} ${latest.join(', ')}` : '',
    ratio === undefined ? '' : `, ratio ${ratio}`,
  ].join('')
}

function figureOf(trial: Trial, metric: ComparisonName): string {
  if (metric === 'achievedPerSecond') return formatQuantity(trial.achievedPerSecond, PER_SECOND)
  if (metric !== 'cpuPerRequest') return formatLatency(trial.percentiles[metric])
  const { cpuSecondsPerRequest } = trial.counters
  return cpuSecondsPerRequest === null
    ? 'not available'
    : formatTime(cpuSecondsPerRequest * NS_PER_SECOND)
}

/** With its interval as soon as there are pairs enough for one of the run's level. */
function runningRatio(load: Load, metric: ComparisonName, level: number): string | undefined {
  const ratio = load.comparisons[0]?.ratios?.[metric]
  if (ratio === undefined || ratio === null) return undefined
  const hasInterval = ratio.level !== null && ratio.level >= level
  return hasInterval ? formatEstimate(ratio, RATIO) : formatQuantity(ratio.value, RATIO)
}
