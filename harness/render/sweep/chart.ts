import type { ComparisonName } from '../../results/schema.ts'
import type { Figure, Sweep, SweepValue } from '../../results/sweep.ts'
import {
  boundText,
  formatEstimate,
  formatRoundQuantity,
  PER_SECOND,
  RATIO,
  type Scales,
  TIME,
  valueText,
} from '../../words/format.ts'
import { METRICS } from '../../words/metrics.ts'
import { drawPlot, type EstimateCurve, estimatePlot, valuePlace } from '../page/plot.ts'
import type { ChartSection } from '../view/view.ts'
import { judgedRatio, labelsOf, metricText } from './sentence.ts'

/** The sign of a timer-bound point. */
const HOLLOW = 'emptyCircle'

/** One chart over the parameter; its vertical axis is logarithmic. */
interface SweepChart {
  /** Of the element that it is drawn into. */
  readonly id: string
  readonly title: string
  readonly scales: Scales
  readonly curves: readonly EstimateCurve[]
  /** A chart of ratios has a line at 1. */
  readonly isOfRatios: boolean
}

/** The judged metric of both arms, its ratio, and throughput where it was measured. Charts without a figure are left out. */
export function sweepCharts(sweep: Sweep): readonly ChartSection[] {
  const { metric, throughput } = sweep.run
  const isOnThroughput = metric === 'achievedPerSecond'
  const shown: ComparisonName = isOnThroughput ? 'p99' : metric
  const at = sweep.over.subject === 'load' ? '' : ' at the same load'
  const figures = figureChart(
    sweep,
    'sweep-figures',
    `${titleText(shown, sweep)}${at}`,
    METRICS[shown].unit === 'requests/s' ? PER_SECOND : TIME,
    (value, label) => value.figures[label]?.[shown] ?? null,
  )
  const capacities = figureChart(
    sweep,
    'sweep-capacities',
    titleText('achievedPerSecond', sweep),
    PER_SECOND,
    (value, label) => (throughput ? (value.capacity?.arms[label] ?? null) : null),
  )
  const ratios = ratioChart(sweep)
  const charts = isOnThroughput ? [capacities, ratios, figures] : [figures, ratios, capacities]
  return charts.map((chart) => chartSection(sweep, chart)).filter((section) => section !== null)
}

/** Percentiles keep their small letter. */
function titleText(metric: ComparisonName, { run }: Sweep): string {
  const text = metricText(metric, run.requestClass)
  return text.startsWith('p') ? text : text.charAt(0).toUpperCase() + text.slice(1)
}

/** Where a value lies on the horizontal axis. */
function placeOf({ values }: Sweep): (value: SweepValue) => number {
  const across = valuePlace(values[0]!.value, values.at(-1)!.value)
  return ({ value }) => across(value)
}

function figureChart(
  sweep: Sweep,
  id: string,
  title: string,
  scales: Scales,
  figureAt: (value: SweepValue, label: string) => Figure | null,
): SweepChart {
  const place = placeOf(sweep)
  const curves = sweep.arms.map(({ label }, index): EstimateCurve => ({
    label,
    tone: index === 0 ? 'first' : 'second',
    estimates: sweep.values.map((value) => {
      const estimate = figureAt(value, label)
      if (estimate === null) return null
      const text = boundText(estimate.value, estimate.atLeast, formatEstimate(estimate, scales))
      return { x: place(value), estimate, text }
    }),
  }))
  return { id, title, scales, curves, isOfRatios: false }
}

function ratioChart(sweep: Sweep): SweepChart {
  const [first, second] = labelsOf(sweep)
  const label = `${second} ÷ ${first}`
  const place = placeOf(sweep)
  const estimates = sweep.values.map((value) => {
    const estimate = judgedRatio(sweep, value)
    if (estimate === null) return null
    const x = place(value)
    const text = formatEstimate(estimate, RATIO)
    // Timers are compared there, not servers: hollow.
    return value.outcome === 'timer-bound'
      ? ({ x, estimate, text: `${text}, timer-bound`, tone: 'muted', symbol: HOLLOW } as const)
      : { x, estimate, text, tone: betterArm(sweep, value) }
  })
  return {
    id: 'sweep-ratios',
    title: `${titleText(sweep.run.metric, sweep)}: ${label}`,
    scales: RATIO,
    curves: [{ label, tone: 'muted', estimates }],
    isOfRatios: true,
  }
}

/** More is better of throughput, less of everything else; muted when it is undecided or neither. */
function betterArm({ run }: Sweep, { outcome }: SweepValue): 'first' | 'second' | 'muted' {
  if (outcome !== 'lower' && outcome !== 'higher') return 'muted'
  return (outcome === 'higher') === METRICS[run.metric].isMoreBetter ? 'second' : 'first'
}

/** Null for one without a figure. */
function chartSection(sweep: Sweep, chart: SweepChart): ChartSection | null {
  const { id, title, curves, scales, isOfRatios } = chart
  const { over, values } = sweep
  const place = placeOf(sweep)
  const data = estimatePlot({
    elementId: id,
    name: over.name,
    xTicks: values.map((value) => [place(value), valueText(over, value.value)]),
    curves,
    format: (tick) => formatRoundQuantity(tick, scales),
    ...(isOfRatios && { line: 1 }),
    tips: 'column',
  })
  if (data === null) return null
  const [first, second] = labelsOf(sweep)
  const isHollow = curves.some(({ estimates }) => estimates.some((at) => at?.symbol === HOLLOW))
  return {
    kind: 'chart',
    title,
    legend: [
      { text: isOfRatios ? `${first} wins` : first, arm: 'first' },
      { text: isOfRatios ? `${second} wins` : second, arm: 'second' },
      ...(isOfRatios ? [{ text: 'undecided or no difference', arm: 'none' as const }] : []),
    ],
    note: `Vertical axis logarithmic; bands are intervals over trials or pairs.${isHollow ? ' Hollow: timer-bound, no winner is named.' : ''}`,
    description: descriptionOf(sweep, chart),
    data,
    draw: drawPlot,
  }
}

/** In words, for those who do not see it. */
function descriptionOf({ over, values }: Sweep, { title, curves }: SweepChart): string {
  const texts = curves.map(({ label, estimates }) => {
    const known = estimates.flatMap((at, place) =>
      at === null ? [] : [`${at.text} at ${valueText(over, values[place]!.value)}`],
    )
    return `${label}: ${known.join(', ')}`
  })
  return `${title} over ${over.name}. ${texts.join('. ')}.`
}
