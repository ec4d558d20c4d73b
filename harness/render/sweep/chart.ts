import { valueText } from '../../words/format.ts'
import type { ComparisonName, Estimate } from '../../results/schema.ts'
import type { Figure, Sweep, SweepValue } from '../../results/sweep.ts'
import {
  formatEstimate,
  formatRoundQuantity,
  PER_SECOND,
  RATIO,
  type Scales,
  TIME,
} from '../../words/format.ts'
import { METRICS } from '../../words/metrics.ts'
import { niceTicks } from '../page/axis.ts'
import { judgedRatio, labelsOf, metricText } from './sentence.ts'

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
interface ChartCurve {
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

/** A place on an axis, 0 … 1, with its text. */
type Tick = readonly [place: number, text: string]

/** What the page's script draws; places are shares of the axes, every number is formatted here. */
export interface SweepChartData {
  readonly elementId: string
  /** Below the horizontal axis. */
  readonly name: string
  readonly valueTicks: readonly Tick[]
  readonly figureTicks: readonly Tick[]
  readonly curves: readonly {
    readonly label: string
    readonly arm: 0 | 1 | null
    readonly points: readonly {
      readonly x: number
      readonly y: number
      readonly text: string
      readonly better: 0 | 1 | 2 | null
      readonly isHollow: boolean
    }[]
    /** Closed outlines between the bounds, one per stretch without gaps. */
    readonly bands: readonly (readonly (readonly [x: number, y: number])[])[]
  }[]
  readonly line: number | null
}

/** Ends of the horizontal axis that stay free, as a share of it. */
const MARGIN = 0.02
const DECIMALS = 5
/** More ticks than this would run into each other: then decades only. */
const MOST_TICKS = 9

/** A chart for the page's script. */
export function sweepChartData(
  sweep: Sweep,
  { curves, ticks, line }: SweepChart,
  elementId: string,
): SweepChartData {
  const values = sweep.values.map(({ value }) => value)
  const [from, to] = [values[0] ?? 0, values.at(-1) ?? 1]
  const across = (value: number): number =>
    rounded(MARGIN + (1 - 2 * MARGIN) * (to > from ? (value - from) / (to - from) : 0.5))
  const [lowest, highest] = [ticks[0]?.[0] ?? 1, ticks.at(-1)?.[0] ?? 10]
  const up = (figure: number): number =>
    rounded(
      Math.log(Math.min(highest, Math.max(figure, lowest)) / lowest) / Math.log(highest / lowest),
    )
  return {
    elementId,
    name: sweep.over.name,
    valueTicks: values.map((value) => [across(value), valueText(sweep.over, value)]),
    figureTicks: thinned(ticks).map(([tick, text]) => [up(tick), text]),
    curves: curves.map((curve) => ({
      label: curve.label,
      arm: curve.arm,
      points: curve.points.flatMap((point) =>
        point === null
          ? []
          : [
              {
                x: across(point.value),
                y: up(point.figure),
                text: point.text,
                better: point.better,
                isHollow: point.isTimerBound,
              },
            ],
      ),
      bands: bandsOf(curve, across, up),
    })),
    line: line === null ? null : up(line),
  }
}

/** Along the upper bounds and back along the lower ones. */
function bandsOf(
  { points }: ChartCurve,
  across: (value: number) => number,
  up: (figure: number) => number,
): (readonly [number, number])[][] {
  const stretches: NonNullable<(typeof points)[number]>[][] = [[]]
  for (const point of points) {
    if (point === null) stretches.push([])
    else stretches.at(-1)!.push(point)
  }
  return stretches
    .filter((stretch) => stretch.length > 1)
    .map((stretch) => [
      ...stretch.map(({ value, upper }) => [across(value), up(upper)] as const),
      ...stretch.toReversed().map(({ value, lower }) => [across(value), up(lower)] as const),
    ])
}

/** First and last tick bound the axis and stay. */
function thinned(ticks: SweepChart['ticks']): SweepChart['ticks'] {
  if (ticks.length <= MOST_TICKS) return ticks
  return ticks.filter(
    ([tick], index) =>
      index === 0 || index === ticks.length - 1 || Number.isInteger(Math.log10(tick)),
  )
}

function rounded(share: number): number {
  return Number(share.toFixed(DECIMALS))
}
