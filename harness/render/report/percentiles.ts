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
import { logAxis, logAxisBetween } from '../page/axis.ts'
import { drawPlot, type Plot } from '../page/plot.ts'
import { terminalChart } from '../terminal/chart.ts'
import { ARM_STYLES, type Paint, plain } from '../terminal/text.ts'
import {
  type Block,
  type ChartBlock,
  type Section,
  type TabBlock,
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
  ownRatesText,
  type SectionsOf,
  soundTrials,
} from './pair-figures.ts'
import { intervalLevel, ratioColumn, summaryRows } from './summary-rows.ts'

/** The fastest and the slowest pair at a place of the curve, and both as text. */
type BandPoint = readonly [oneIn: number, lowestNs: number, highestNs: number, text: string]

const PERCENTILE_TICKS = [2, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]

/** Percentile curves of both arms over bands of their pairs; null when there is nothing to draw. */
export function percentilePlot(report: PairReport, load: PairLoad, elementId: string): Plot | null {
  const curves = loadCurves(report, load)
  const points = curves.flatMap((arm) => [arm.merged, ...arm.perPair]).flat()
  if (points.length === 0) return null
  const end = Math.max(10, ...points.map(({ oneIn }) => oneIn))
  const ticks = PERCENTILE_TICKS.filter((oneIn) => oneIn <= end)
  const across = logAxisBetween(1, end, ticks, formatPercentile)
  const up = logAxis(
    points.map(({ latencyNs }) => Math.max(1, latencyNs)),
    formatRoundTime,
  )
  const arms = curves.map(({ label, merged, perPair }, arm) => ({
    label,
    merged,
    tone: arm === 0 ? ('first' as const) : ('second' as const),
    band: bandOf(perPair),
  }))
  return {
    elementId,
    name: 'share of requests that were faster',
    xTicks: across.ticks,
    yTicks: up.ticks,
    hasUprights: true,
    curves: arms.map(({ label, tone, merged, band }) => {
      const pairs = new Map(band.map(([oneIn, , , text]) => [oneIn, ` (pairs ${text})`]))
      return {
        label,
        tone,
        look: 'bare',
        points: merged.map(({ oneIn, latencyNs }) => ({
          x: across.place(oneIn),
          y: up.place(latencyNs),
          heading: `${formatPercentile(oneIn)} ${WITHIN}`,
          text: formatTime(latencyNs) + (pairs.get(oneIn) ?? ''),
        })),
      }
    }),
    bands: arms
      .filter(({ band }) => band.length > 1)
      .map(({ tone, band }) => ({
        tone,
        points: band.map(
          ([oneIn, low, high]) => [across.place(oneIn), up.place(low), up.place(high)] as const,
        ),
      })),
    lines: [],
    tips: 'column',
  }
}

const WITHIN = 'of requests within'

/** The chart in one sentence, for those who do not see it. */
function plotDescription(load: PairLoad, { curves }: Plot): string {
  const arms = curves.map(({ label, points }) => {
    const marks = ['50%', '99%', '99.9%'].flatMap((mark) => {
      const point = points.find(({ heading }) => heading === `${mark} ${WITHIN}`)
      return point === undefined ? [] : [`${mark} ${WITHIN} ${point.text.split(' (')[0]}`]
    })
    return `${label}: ${marks.join(', ')}`
  })
  return `Percentile curves of latency at load ${load.label}. ${arms.join('. ')}.`
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
    return [[oneIn, lowest, highest, `${formatTime(lowest)} – ${formatTime(highest)}`]]
  })
}

/**
 * The numbers of every load, which a page has one at a time below the curves of its first screen; other media have a section for each
 * load, and a terminal the curves of the load that stands for the run.
 */
export const latencySections: SectionsOf = ({ pair: report, medium }) => {
  const isPage = medium === 'page'
  const loads = report.loads.map((load) => ({
    load,
    title: `Load ${load.label}${offeredText(load, isPage)}${isPage ? '' : classText(report)}`,
    shares: textIf(loadSharesText(load), 'muted'),
    table: summaryTable(report, load),
  }))
  if (isPage) {
    if (loads.length === 0) return []
    const nothing = textBlock('No pair with right answers in both trials.')
    return [
      {
        id: 'latency',
        link: 'latency and cost',
        title: `Latency and cost${classText(report)}`,
        blocks: [
          textBlock('Medians over pairs of every figure that is compared, load by load.', 'muted'),
          tabsBlock(
            'figures',
            loads.map(({ load, title, shares, table }) => ({
              label: loadName(load),
              blocks: [
                ...(load.offeredPerSecond === null ? [textBlock(title, 'muted')] : []),
                ...(shares === null ? [] : [shares]),
                table ?? nothing,
              ],
            })),
            report,
          ),
        ],
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

/** A tab for each load, that which stands for the run chosen at first. @param id of the element */
export function tabsBlock(id: string, tabs: TabBlock['tabs'], report: PairReport): TabBlock {
  const middle = middleLoad(report)
  const chosen = tabs.findIndex(({ label }) => middle !== undefined && label === loadName(middle))
  return { kind: 'tabs', id, name: 'Load', tabs, chosen: Math.max(0, chosen) }
}

function offeredText(load: PairLoad, isPage: boolean): string {
  const { offeredPerSecond, placed } = load
  const rates =
    placed?.by === 'each'
      ? ownRatesText(placed.perSecond)
      : formatQuantity(offeredPerSecond ?? 0, PER_SECOND)
  const offered = offeredPerSecond === null ? null : `offered ${rates}`
  if (isPage) return `: ${offered ?? 'as fast as possible'}`
  return `${offered === null ? '' : `, ${offered}`}, medians over pairs${unusualMetricText(load)}`
}

/** The curves of a load; null when there is nothing to draw. */
export function curvesOf(report: PairReport, load: PairLoad, elementId: string): ChartBlock | null {
  const data = percentilePlot(report, load, elementId)
  if (data === null) return null
  return {
    kind: 'chart',
    legend: armLegend(report),
    note: null,
    description: plotDescription(load, data),
    data,
    draw: drawPlot,
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
