import { valueText } from '../base/value-text.ts'
import type { ComparisonName, Estimate } from '../results/schema.ts'
import type { Figure, Sweep, SweepValue } from '../results/sweep.ts'
import {
  formatEstimate,
  formatRoundQuantity,
  PER_SECOND,
  RATIO,
  type Scales,
  TIME,
} from './format.ts'
import { niceTicks } from './nice-ticks.ts'
import { METRICS } from '../words/metrics.ts'
import { judgedRatio, labelsOf, metricText } from './sweep-sentence.ts'

/** A value of the parameter with what was measured there. */
interface ChartPoint {
  readonly value: number
  readonly figure: number
  readonly lower: number
  readonly upper: number
  /** `12.3 ms (11.9–13.0)` */
  readonly text: string
  /** Null for an arm's own figure; else which arm is better, 0 or 1, or 2 when that is undecided or neither. */
  readonly better: 0 | 1 | 2 | null
  /** Timers are compared here, not servers: drawn hollow. */
  readonly isTimerBound: boolean
}

/** A curve with its band; null where there is no figure. */
export interface ChartCurve {
  readonly label: string
  /** 0 and 1 for the arms, null for their ratio. */
  readonly arm: 0 | 1 | null
  readonly points: readonly (ChartPoint | null)[]
}

/** One chart over the parameter; its vertical axis is logarithmic. */
export interface SweepChart {
  readonly title: string
  readonly curves: readonly ChartCurve[]
  /** Round values of the vertical axis; they enclose everything. */
  readonly ticks: readonly (readonly [value: number, text: string])[]
  /** Where a line is drawn: at 1 in a chart of ratios. */
  readonly line: number | null
}

/** The judged metric of both arms, its ratio, and throughput where it was measured. Charts without a figure are left out. */
export function sweepCharts(sweep: Sweep): readonly SweepChart[] {
  const { metric } = sweep.run
  const isOnThroughput = metric === 'achievedPerSecond'
  const shown: ComparisonName = isOnThroughput ? 'p99' : metric
  const at = sweep.over.subject === 'load' ? '' : ' at the same load'
  const figures = figureChart(
    sweep,
    `${titleText(shown)}${at}`,
    TIME,
    (value, label) => value.figures[label]?.[shown] ?? null,
  )
  const capacities = figureChart(
    sweep,
    titleText('achievedPerSecond'),
    PER_SECOND,
    (value, label) => (sweep.run.throughput ? (value.capacity?.arms[label] ?? null) : null),
  )
  const charts = isOnThroughput
    ? [capacities, ratioChart(sweep), figures]
    : [figures, ratioChart(sweep), capacities]
  return charts.filter((chart) => chart !== null)
}

/** Percentiles keep their small letter. */
function titleText(metric: ComparisonName): string {
  const text = metricText(metric)
  return text.startsWith('p') ? text : text.charAt(0).toUpperCase() + text.slice(1)
}

/** A chart in words, for those who do not see it. */
export function chartText(sweep: Sweep, { title, curves }: SweepChart): string {
  const texts = curves.map(({ label, points }) => {
    const known = points.flatMap((point) =>
      point === null ? [] : [`${point.text} at ${valueText(sweep.over, point.value)}`],
    )
    return `${label}: ${known.join(', ')}`
  })
  return `${title} over ${sweep.over.name}. ${texts.join('. ')}.`
}

function figureChart(
  sweep: Sweep,
  title: string,
  scales: Scales,
  figureAt: (value: SweepValue, label: string) => Figure | null,
): SweepChart | null {
  const curves = labelsOf(sweep).map((label, index): ChartCurve => ({
    label,
    arm: index === 0 ? 0 : 1,
    points: sweep.values.map((value) => {
      const figure = figureAt(value, label)
      const text = figure && (figure.atLeast ? '> ' : '') + formatEstimate(figure, scales)
      return figure && pointOf(value, figure, text ?? '', null, false)
    }),
  }))
  return chartOf(title, curves, scales, null)
}

function ratioChart(sweep: Sweep): SweepChart | null {
  const [first, second] = labelsOf(sweep)
  const points = sweep.values.map((value) => {
    const ratio = judgedRatio(sweep, value)
    const isTimerBound = value.outcome === 'timer-bound'
    const text = ratio && formatEstimate(ratio, RATIO) + (isTimerBound ? ', timer-bound' : '')
    return ratio && pointOf(value, ratio, text ?? '', betterArm(sweep, value), isTimerBound)
  })
  const title = `${titleText(sweep.run.metric)}: ${second} ÷ ${first}`
  return chartOf(title, [{ label: `${second} ÷ ${first}`, arm: null, points }], RATIO, 1)
}

/** More is better of throughput, less of everything else. */
function betterArm({ run }: Sweep, { outcome }: SweepValue): 0 | 1 | 2 {
  if (outcome !== 'lower' && outcome !== 'higher') return 2
  return (outcome === 'higher') === METRICS[run.metric].isMoreBetter ? 1 : 0
}

function pointOf(
  { value }: SweepValue,
  { value: figure, lower, upper }: Figure | Estimate,
  text: string,
  better: ChartPoint['better'],
  isTimerBound: boolean,
): ChartPoint {
  return { value, figure, lower, upper, text, better, isTimerBound }
}

function chartOf(
  title: string,
  curves: readonly ChartCurve[],
  scales: Scales,
  line: number | null,
): SweepChart | null {
  const bounds = curves
    .flatMap(({ points }) => points)
    .flatMap((point) => (point === null ? [] : [point.lower, point.upper, point.figure]))
    .filter((bound) => bound > 0 && Number.isFinite(bound))
  if (bounds.length === 0) return null
  const all = line === null ? bounds : [...bounds, line]
  const ticks = niceTicks(Math.min(...all), Math.max(...all))
  return {
    title,
    curves,
    ticks: ticks.map((tick) => [tick, formatRoundQuantity(tick, scales)]),
    line,
  }
}
