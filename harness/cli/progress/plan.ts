import { metricName } from '../../asked/quantities.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import type { Advance } from '../../experiment/rounds/pacing.ts'
import type { PointTrial } from '../../results/points.ts'
import type { ComparisonName, Load, Report, Trial } from '../../results/schema.ts'
import {
  formatEstimate,
  formatLatency,
  formatQuantity,
  formatTime,
  NOT_AVAILABLE,
  PER_SECOND,
  RATIO,
} from '../../words/format.ts'
import { goodputOf, metricAt } from '../../words/metrics.ts'

/** Where a run stands among several, and the planned seconds of those after it. */
export interface Among {
  readonly place: string
  readonly secondsAfter: number
}

/** `30 s left`. */
export function leftText({ secondsLeft }: Advance): string {
  return `${spanText(secondsLeft)} left`
}

/** `48 %, 42 s left`, of several runs also `12 min left in all`; with a precision, at most so much. */
export function timeText(advance: Advance, { run }: Report, among: Among | null): string {
  const bound = run.precision === null ? '' : 'at most '
  const own = `${Math.floor(advance.fraction * 100)} %, ${bound}${leftText(advance)}`
  if (among === null) return own
  return `${own}, ${bound}${spanText(advance.secondsLeft + among.secondsAfter)} left in all`
}

/** Something is left as long as this is asked: it never says 0 s. */
function spanText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`
}

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

/** What a trial says about a metric; a point's has no counters. */
export function figureText(
  trial: Pick<PointTrial, 'percentiles' | 'achievedPerSecond' | 'cpuPerRequestNs'> & {
    readonly goodputPerSecond?: number | undefined
  },
  metric: ComparisonName,
): string {
  if (metric === 'achievedPerSecond') return formatQuantity(trial.achievedPerSecond, PER_SECOND)
  if (metric === 'goodputPerSecond')
    return trial.goodputPerSecond === undefined
      ? NOT_AVAILABLE
      : formatQuantity(trial.goodputPerSecond, PER_SECOND)
  if (metric !== 'cpuPerRequest') return formatLatency(trial.percentiles[metric])
  return trial.cpuPerRequestNs === null ? NOT_AVAILABLE : formatTime(trial.cpuPerRequestNs)
}

function figureOf(trial: Trial, metric: ComparisonName): string {
  const seconds = trial.counters.cpuSecondsPerRequest
  const cpuPerRequestNs = seconds === null ? null : seconds * NS_PER_SECOND
  return figureText(
    { ...trial, goodputPerSecond: goodputOf(trial) ?? undefined, cpuPerRequestNs },
    metric,
  )
}

/** With its interval as soon as there are pairs enough for one of the run's level. */
function runningRatio(load: Load, metric: ComparisonName, level: number): string | undefined {
  const ratio = load.comparisons[0]?.ratios?.[metric]
  if (ratio === undefined || ratio === null) return undefined
  const hasInterval = ratio.level !== null && ratio.level >= level
  return hasInterval ? formatEstimate(ratio, RATIO) : formatQuantity(ratio.value, RATIO)
}
