import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import {
  type CurvePoint,
  decodeHistogram,
  mergeHistograms,
  percentileCurve,
} from '../../results/histogram.ts'
import type { Trial } from '../../results/schema.ts'
import {
  formatPercentile,
  formatQuantity,
  formatRoundTime,
  formatTime,
  PER_SECOND,
} from '../../words/format.ts'
import { classText, METRIC_LABELS, unusualMetric, unusualMetricText } from '../../words/metrics.ts'
import { niceTicks, thinnedTicks } from '../page/axis.ts'
import type { ChartKit, Drawing } from '../page/draw-kit.ts'
import { terminalChart } from '../terminal/chart.ts'
import { ARM_STYLES, type Paint, plain } from '../terminal/text.ts'
import {
  type Block,
  type ChartBlock,
  headingBlock,
  type Section,
  tableBlock,
  textBlock,
  textIf,
} from '../view/view.ts'
import { middleLoad } from './notices.ts'
import {
  armColumns,
  armLegend,
  loadName,
  loadSharesText,
  type SectionsOf,
  soundTrials,
} from './pair-figures.ts'
import { intervalLevel, ratioColumn, summaryRows } from './summary-rows.ts'

/** A value on an axis with its text: every number is formatted here, the page only draws. */
type Tick = readonly [value: number, text: string]
/** A point of a curve: 1 ÷ (1 − p), latency in nanoseconds, both as text for the tooltip. */
type NamedPoint = readonly [oneIn: number, latencyNs: number, percentile: string, latency: string]

/** The fastest and the slowest pair at a place of the curve; `text` for the tooltip. */
type BandPoint = readonly [oneIn: number, lowestNs: number, highestNs: number, text: string]

/** What the page's script draws for one load. */
export interface ChartData {
  readonly elementId: string
  /** First and second arm. */
  readonly arms: readonly {
    readonly label: string
    readonly merged: readonly NamedPoint[]
    /** As far as every pair has requests; empty when there is but one pair. */
    readonly band: readonly BandPoint[]
  }[]
  readonly percentileTicks: readonly Tick[]
  readonly latencyTicks: readonly Tick[]
  /** Right end of the percentile axis. */
  readonly oneInEnd: number
}

const PERCENTILE_TICKS = [2, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]

/** Null when there is nothing to draw. */
export function chartData(report: PairReport, load: PairLoad, elementId: string): ChartData | null {
  const curves = loadCurves(report, load)
  const points = curves.flatMap((arm) => [arm.merged, ...arm.perPair]).flat()
  if (points.length === 0) return null
  const oneInEnd = Math.max(10, ...points.map((point) => point.oneIn))
  const latencies = points.map((point) => Math.max(1, point.latencyNs))
  const ticks = niceTicks(Math.min(...latencies), Math.max(...latencies))
  return {
    elementId,
    arms: curves.map((arm) => ({
      label: arm.label,
      merged: arm.merged.map(namedPoint),
      band: bandOf(arm.perPair),
    })),
    percentileTicks: PERCENTILE_TICKS.filter((oneIn) => oneIn <= oneInEnd).map((oneIn) => [
      oneIn,
      formatPercentile(oneIn),
    ]),
    latencyTicks: thinnedTicks(ticks).map((ns) => [ns, formatRoundTime(ns)]),
    oneInEnd,
  }
}

/** The chart in one sentence, for those who do not see it. */
function chartDescription(load: PairLoad, data: ChartData): string {
  const arms = data.arms.map(({ label, merged }) => {
    const marks = ['50%', '99%', '99.9%'].flatMap((mark) => {
      const point = merged.find(([, , percentile]) => percentile === mark)
      return point === undefined ? [] : [`${mark} of requests within ${point[3]}`]
    })
    return `${label}: ${marks.join(', ')}`
  })
  return `Percentile curves of latency at load ${load.label}. ${arms.join('. ')}.`
}

function namedPoint({ oneIn, latencyNs }: CurvePoint): NamedPoint {
  return [rounded(oneIn), latencyNs, formatPercentile(oneIn), formatTime(latencyNs)]
}

/** Curves of equal trials share their grid, but for their ends. */
function bandOf(perPair: readonly (readonly CurvePoint[])[]): readonly BandPoint[] {
  const [first, ...others] = perPair
  if (first === undefined || others.length === 0) return []
  const curves = others.map(
    (curve) => new Map(curve.map((point) => [point.oneIn, point.latencyNs])),
  )
  return first.flatMap(({ oneIn, latencyNs }) => {
    const rest = curves.map((curve) => curve.get(oneIn)).filter((ns) => ns !== undefined)
    if (rest.length < others.length) return []
    const [lowest, highest] = [Math.min(latencyNs, ...rest), Math.max(latencyNs, ...rest)]
    return [[rounded(oneIn), lowest, highest, `${formatTime(lowest)} – ${formatTime(highest)}`]]
  })
}

function rounded(oneIn: number): number {
  return Number(oneIn.toPrecision(6))
}

/** Runs in the reader's browser, as its own source text: percentile curves of both arms over bands of their pairs. */
function drawPercentiles(kit: ChartKit, data: ChartData): Drawing {
  const lowest = data.latencyTicks[0]?.[0] ?? 1
  const highest = data.latencyTicks.at(-1)?.[0] ?? 10
  const share = (value: number, from: number, to: number): number =>
    Number((Math.log(Math.max(value, from) / from) / Math.log(to / from)).toFixed(5))
  const across = (oneIn: number): number => share(oneIn, 1, data.oneInEnd)
  const up = (ns: number): number => share(ns, lowest, highest)
  const placed = (ticks: ChartData['latencyTicks'], place: (value: number) => number) =>
    ticks.map(([value, text]) => [place(value), text] as const)
  const percentiles = placed(data.percentileTicks, across)
  const latencies = placed(data.latencyTicks, up)
  return {
    option: {
      grid: kit.plot,
      tooltip: kit.tooltip('axis', (arm, index) => {
        const [oneIn, , percentile] = data.arms[arm]?.merged[index] ?? [0, 0, '']
        return kit.tooltipBox(
          `${percentile} of requests within`,
          data.arms.map(({ label, merged, band }, other) => {
            const latency = merged.find(([place]) => place === oneIn)?.[3] ?? '–'
            const pairs = band.find(([place]) => place === oneIn)?.[3]
            return {
              text: `${label}: ${latency}${pairs === undefined ? '' : ` (pairs ${pairs})`}`,
              arm: other === 0 ? (0 as const) : (1 as const),
            }
          }),
        )
      }),
      xAxis: {
        ...kit.axis(percentiles, true),
        ...kit.axisName('share of requests that were faster'),
      },
      yAxis: kit.axis(latencies, false),
      series: [
        ...data.arms.map(({ label, merged }, arm) => ({
          ...kit.curve(
            { label, arm, width: 3 },
            merged.map(([oneIn, ns]) => [across(oneIn), up(ns)]),
          ),
          showSymbol: false,
        })),
        kit.rules(percentiles, false),
        kit.rules(latencies, true),
      ],
    },
    stops: (data.arms[0]?.merged ?? []).map((_, dataIndex) => ({ seriesIndex: 0, dataIndex })),
    areas: data.arms.flatMap(({ band }, arm) => {
      const points = band.map(([oneIn, low, high]) => [across(oneIn), up(low), up(high)] as const)
      return points.length < 2 ? [] : [kit.band(points, arm, 0.2)]
    }),
  }
}

const INTRO =
  'Lower is better. The line is all pairs together, the band around it reaches from the fastest to the slowest pair.'

/**
 * Percentile curves and the numbers of every load: a page has them below each other, other media a section for each load, and a
 * terminal the curves of the load that stands for the run.
 */
export const latencySections: SectionsOf = ({ pair: report, medium }) => {
  const isPage = medium === 'page'
  const loads = report.loads.map((load, index) => ({
    title: `Load ${load.label}${offeredText(load, isPage)}${isPage ? '' : classText(report)}`,
    curves: isPage ? curvesOf(report, load, `percentiles-${index}`) : null,
    shares: textIf(loadSharesText(load), 'muted'),
    table: summaryTable(report, load),
  }))
  if (isPage) {
    if (loads.length === 0) return []
    const blocks = loads.flatMap(({ title, curves, shares, table }) => [
      headingBlock(title),
      shares,
      curves ?? textBlock('No pair with right answers in both trials.'),
      table,
    ])
    return [
      {
        id: 'latency',
        link: 'percentiles',
        title: `Latency percentiles${classText(report)}`,
        blocks: [textBlock(INTRO, 'muted'), ...blocks],
      },
    ]
  }
  const sections: Section[] = loads.flatMap(({ title, shares, table }) =>
    table === null ? [] : [{ title, blocks: [table, shares] }],
  )
  const middle = medium === 'terminal' ? middleLoad(report) : undefined
  if (middle === undefined) return sections
  const title = `Latency by percentile at ${loadName(middle)}`
  return [...sections, { title, blocks: [curvesOf(report, middle, 'percentiles')] }]
}

function offeredText(load: PairLoad, isPage: boolean): string {
  const { offeredPerSecond } = load
  const offered =
    offeredPerSecond === null ? null : `offered ${formatQuantity(offeredPerSecond, PER_SECOND)}`
  if (isPage) return `: ${offered ?? 'as fast as possible'}`
  return `${offered === null ? '' : `, ${offered}`}, medians over pairs${unusualMetricText(load)}`
}

/** Null when there is nothing to draw. */
function curvesOf(report: PairReport, load: PairLoad, elementId: string): ChartBlock | null {
  const data = chartData(report, load, elementId)
  if (data === null) return null
  return {
    kind: 'chart',
    legend: armLegend(report),
    note: null,
    description: chartDescription(load, data),
    data,
    draw: drawPercentiles,
    text: (columns, paint) => curveText(report, load, columns, paint),
  }
}

const ARM_MARKS = ['o', 'x'] as const

/** Below which mark is which arm, on lines of their own when the labels are long. */
function curveText(report: PairReport, load: PairLoad, columns: number, paint: Paint): string {
  const series = loadCurves(report, load).map(({ label, merged }, arm) => ({
    label: plain(label),
    points: merged,
    mark: paint(ARM_STYLES[arm] ?? 'white', ARM_MARKS[arm] ?? '?'),
  }))
  const chart = terminalChart(series, columns)
  if (chart === '') return ''
  const entries = [...series, { label: 'both', mark: '*' }]
  const width = entries.reduce((sum, { label }) => sum + label.length + 4, 0)
  const legend = entries.map(({ mark, label }) => `  ${mark} ${label}`)
  return `${legend.join(width > columns ? '\n' : '')}\n${chart}`
}

const LABEL_COLUMNS = 22
const RATIO_COLUMNS = 30

/** Null when no pair is sound. */
function summaryTable(report: PairReport, load: PairLoad): Block | null {
  const rows = summaryRows(report, load)
  if (rows.length === 0) return null
  const marked = unusualMetric(load)
  return tableBlock({
    caption: `Latency and cost at ${loadName(load)}, medians over pairs${unusualMetricText(load)}${classText(report)}`,
    corner: 'metric',
    widestLabel: LABEL_COLUMNS,
    columns: [...armColumns(report), ratioColumn(report, intervalLevel(load), RATIO_COLUMNS)],
    rows,
    judged: marked === null ? [] : [METRIC_LABELS[marked]],
  })
}

/** The percentile curves of one arm at one load. */
interface ArmCurves {
  readonly label: string
  /** All sound trials together. */
  readonly merged: readonly CurvePoint[]
  /** One per sound pair: their spread is what the interval is made of. */
  readonly perPair: readonly (readonly CurvePoint[])[]
}

/** The curves of the first and the second arm. Decodes every histogram of the load: milliseconds each. */
export function loadCurves(report: PairReport, load: PairLoad): readonly ArmCurves[] {
  return soundTrials(report, load).map((trials, index) => ({
    label: report.arms[index]?.label ?? '',
    merged: percentileCurve(
      mergeHistograms(trials.map((trial) => trial.histogram)),
      trials.reduce((sum, trial) => sum + unfinishedCount(trial), 0),
    ),
    perPair: trials.map((trial) =>
      percentileCurve(decodeHistogram(trial.histogram), unfinishedCount(trial)),
    ),
  }))
}

function unfinishedCount(trial: Trial): number {
  return trial.counts.refused + trial.counts.unanswered
}
