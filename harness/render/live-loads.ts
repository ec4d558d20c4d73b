import type { PairReport } from '../results/compared-pair.ts'
import { armLabels } from './arm-labels.ts'
import { formatRoundQuantity, RATIO } from './format.ts'
import { type LiveFigures, liveFigures, liveMetric } from './live-figures.ts'
import { liveCell, liveLine, type LiveOptions, type LivePiece } from './live-line.ts'
import { liveMarks } from './live-marks.ts'
import { type LiveAxis, ratioAxis, rulerColumns, rulerHeading, rulerLine } from './live-ruler.ts'
import { ARM_STYLES } from './terminal-table.ts'

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
