import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import type { ComparisonName, Estimate } from '../../results/schema.ts'
import { fewestPairs } from '../../stats/verdict.ts'
import {
  counted,
  formatEstimate,
  formatQuantity,
  formatRoundQuantity,
  NOT_AVAILABLE,
  RATIO,
} from '../../words/format.ts'
import { isLatency, METRIC_LABELS, metricOf } from '../../words/metrics.ts'
import { metricText } from '../report/pair-figures.ts'
import { ARM_STYLES } from '../terminal/text.ts'
import {
  type LiveAxis,
  liveCell,
  liveLine,
  liveMarks,
  type LiveOptions,
  type LivePiece,
  type LiveSpan,
  ratioAxis,
  rulerColumns,
  rulerHeading,
  rulerLine,
} from './line.ts'

/** What is known of a load while it is measured. */
interface LiveFigures {
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
function liveFigures(report: PairReport, load: PairLoad): LiveFigures {
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
function liveMetric(metric: ComparisonName): string {
  if (metric === 'achievedPerSecond') return 'throughput'
  return metric === 'cpuPerRequest' ? 'CPU' : METRIC_LABELS[metric]
}

function armText(load: PairLoad, arm: string, metric: ComparisonName): string {
  const trials = load.pairs
    .flatMap((pair) => pair.trials[arm] ?? [])
    .filter((trial) => trial.void === null)
  return trials.length === 0 ? NOT_AVAILABLE : metricText(trials, metric)
}

/** Why there is none: a pair is missing, or a latency on requests that were never answered is no number. */
function withoutRatio({ pairs }: PairLoad, metric: ComparisonName): string {
  if (!isLatency(metric)) return NOT_AVAILABLE
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
  return `${formatQuantity(ratio.value, RATIO)}, no interval${yet}, ${counted(ratio.n, 'pair')}`
}

const GAP = '  '
const WIDEST_LABEL = 16
const WIDEST_ARM = 14
/** `0.25×, no interval yet, 12 pairs`: kept free where there is room for it and a ruler, so that the ruler stands still. */
const WIDEST_RATIO = 32

/** Widths of the columns; no ruler where `axis` is null. */
interface Layout {
  readonly label: number
  readonly arm: number
  readonly ratio: number
  readonly axis: LiveAxis | null
}

/**
 * A line per load that is or was measured, under a heading: the metric of each arm, the running ratio with its interval,
 * and the interval on a ruler around 1. Empty before the first load. Of more than `rows` lines, 3 at least, the first
 * loads are left out, which is told.
 */
export function liveLoads(
  report: PairReport,
  currentLoad: string | null,
  rows: number,
  options: LiveOptions,
): readonly string[] {
  const all = report.loads.map((load) => ({
    figures: liveFigures(report, load),
    isCurrent: load.label === currentLoad,
  }))
  if (all.length === 0) return []
  const hidden = all.length < rows ? 0 : all.length - (rows - 2)
  const shown = all.slice(hidden)
  const layout = layOut(
    report,
    shown.map(({ figures }) => figures),
    options.columns,
  )
  return [
    headingLine(report, layout, options),
    ...(hidden > 0 ? [liveLine([{ text: `  ${hidden} more before`, style: 'dim' }], options)] : []),
    ...shown.map(({ figures, isCurrent }) => rowLine(figures, isCurrent, layout, options)),
  ]
}

function layOut(report: PairReport, rows: readonly LiveFigures[], columns: number): Layout {
  const widest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length))
  const label = Math.min(
    WIDEST_LABEL,
    widest([liveMetric(report.run.metric), ...rows.map((row) => row.label)]),
  )
  const arm = Math.min(
    WIDEST_ARM,
    widest([...armHeadings(report), ...rows.flatMap((row) => [row.first, row.second])]),
  )
  const room = columns - (2 + label + 2 * arm + 4 * GAP.length)
  const needed = Math.min(
    WIDEST_RATIO,
    widest([ratioHeading(report), ...rows.map((row) => row.ratio)]),
  )
  const ratio = rulerColumns(room - WIDEST_RATIO) > 0 ? WIDEST_RATIO : needed
  const ruler = rulerColumns(room - ratio)
  const spans = rows.flatMap(({ span }) => span ?? [])
  return { label, arm, ratio, axis: ruler === 0 ? null : ratioAxis(spans, ruler) }
}

function ratioHeading(report: PairReport): string {
  const [first, second] = armHeadings(report)
  return `${second} ÷ ${first}`
}

function headingLine(report: PairReport, layout: Layout, options: LiveOptions): string {
  const { label, arm, ratio, axis } = layout
  const { unicode } = options
  const [first, second] = armHeadings(report)
  return liveLine(
    [
      { text: `  ${liveCell(liveMetric(report.run.metric), label, unicode)}${GAP}` },
      { text: liveCell(first, arm, unicode, 'right'), style: ARM_STYLES[0] },
      { text: GAP },
      { text: liveCell(second, arm, unicode, 'right'), style: ARM_STYLES[1] },
      { text: GAP + liveCell(ratioHeading(report), ratio, unicode) },
      { text: axis === null ? '' : GAP + ratioScale(axis) },
    ],
    options,
  )
}

function ratioScale(axis: LiveAxis): string {
  const text = (ratio: number): string => formatRoundQuantity(ratio, RATIO)
  return rulerHeading(axis, [text(axis.lowest), text(axis.highest)], { value: 1, text: text(1) })
}

/** Labels that begin alike would look the same when they are cut: a long one is called by its position. */
function armHeadings(report: PairReport): readonly [string, string] {
  const [first, second] = armLabels(report)
  return [
    first.length > WIDEST_ARM ? 'first' : first,
    second.length > WIDEST_ARM ? 'second' : second,
  ]
}

function rowLine(
  { label, first, second, ratio, span }: LiveFigures,
  isCurrent: boolean,
  layout: Layout,
  options: LiveOptions,
): string {
  const { unicode } = options
  const { arm, axis } = layout
  const start = `${isCurrent ? liveMarks(unicode).current : ' '} ${liveCell(label, layout.label, unicode)}`
  const figures = [
    liveCell(first, arm, unicode, 'right'),
    liveCell(second, arm, unicode, 'right'),
    liveCell(ratio, layout.ratio, unicode),
    ...(axis === null ? [] : [rulerLine(axis, span, 1, unicode)]),
  ]
  const pieces: readonly LivePiece[] = [
    isCurrent ? { text: start, style: 'bold' } : { text: start },
    { text: GAP + figures.join(GAP) },
  ]
  return liveLine(pieces, options)
}
