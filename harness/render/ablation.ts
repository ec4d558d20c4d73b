import { ABLATION_METRICS } from '../results/ablation.ts'
import type { Ablation } from '../results/ablation.ts'
import {
  ABLATION_METRIC_NAMES,
  ablationSentence,
  agreementSentence,
  incompleteText,
  markedText,
  throughputSentence,
  waterfallTitle,
} from './ablation-sentence.ts'
import { armRows, mechanismRows, ratioHeadings, type RatioRow, stepRows } from './ablation-table.ts'
import { plainTable } from './plain-table.ts'
import { paintFor, type TerminalOptions, textColumns } from './terminal-options.ts'
import type { Paint } from './terminal-table.ts'
import { indented, wrap } from './terminal-text.ts'
import { labelLines, terminalWaterfall } from './terminal-waterfall.ts'
import { WATERFALL_METRICS, waterfallOf, type WaterfallMetric } from './waterfall.ts'
import { warningText } from './warning-text.ts'

/** A ratio with its interval; two lines of one on a narrow terminal. */
const RATIO_COLUMNS = 19
const NARROW_RATIO_COLUMNS = 17
/** Fewer columns leave p50 out: the page has it. */
const WIDE = 92
const FIGURE_COLUMNS = 11

/** An ablation as text: the answer, both waterfalls, the numbers, every reason to doubt them. Ends without a line break. */
export function renderAblation(ablation: Ablation, options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const sections = [
    answerSection(ablation, columns, paint),
    ...WATERFALL_METRICS.map((metric) => waterfallSection(ablation, metric, columns, paint)),
    ratioSection(
      'Steps: second ÷ first, over rounds',
      ablation,
      stepRows(ablation),
      columns,
      paint,
    ),
    ratioSection(
      'Mechanisms, all their steps together',
      ablation,
      mechanismRows(ablation),
      columns,
      paint,
    ),
    armSection(ablation, columns, paint),
    doubtSection(ablation, columns, paint),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function answerSection(ablation: Ablation, columns: number, paint: Paint): string {
  const notice = incompleteText(ablation)
  const marked = markedText(ablation)
  const agreements = ABLATION_METRICS.map((metric) => agreementSentence(ablation, metric))
  return [
    paint('bold', wrap(ablationSentence(ablation), columns, 0)),
    wrap(throughputSentence(ablation), columns, 0),
    ...(notice === null ? [] : [paint('red', wrap(notice, columns, 0))]),
    ...(marked === null ? [] : [paint('yellow', wrap(marked, columns, 0))]),
    ...agreements.filter((text) => text !== null).map((text) => indented(text, columns)),
  ].join('\n')
}

function waterfallSection(
  ablation: Ablation,
  metric: WaterfallMetric,
  columns: number,
  paint: Paint,
): string {
  const waterfall = waterfallOf(ablation, metric)
  if (waterfall === null) return ''
  const title = `${waterfallTitle(ablation, metric)}, logarithmic; ×? is not told from 1`
  return `${paint('bold', wrap(title, columns, 0))}\n${terminalWaterfall(waterfall, columns, paint)}`
}

function ratioSection(
  title: string,
  ablation: Ablation,
  rows: readonly RatioRow[],
  columns: number,
  paint: Paint,
): string {
  if (rows.length === 0) return ''
  const isWide = columns >= WIDE
  const width = isWide ? RATIO_COLUMNS : NARROW_RATIO_COLUMNS
  const shown = (texts: readonly string[]): readonly string[] => (isWide ? texts : texts.slice(1))
  const headings = shown(ratioHeadings(ablation))
  const nameColumns = columns - headings.length * width
  const table = plainTable(
    [
      { heading: '', width: nameColumns, align: 'left' },
      ...headings.map((heading) => ({ heading, width })),
    ],
    rows.map(({ name, cells }) => [labelLines(name, nameColumns - 1).join(' '), ...shown(cells)]),
  )
  return `${paint('bold', title)}\n${table}`
}

function armSection(ablation: Ablation, columns: number, paint: Paint): string {
  const figureColumns = FIGURE_COLUMNS * ABLATION_METRICS.length
  const table = plainTable(
    [
      { heading: '', width: 4, align: 'left' },
      { heading: 'arm', width: columns - figureColumns - 4, align: 'left' },
      ...ABLATION_METRICS.map((metric) => ({
        heading: ABLATION_METRIC_NAMES[metric],
        width: FIGURE_COLUMNS,
      })),
    ],
    armRows(ablation).map(({ number, label, cells }) => [number, label, ...cells]),
  )
  return `${paint('bold', 'Arms, medians over rounds')}\n${table}`
}

function doubtSection({ warnings }: Ablation, columns: number, paint: Paint): string {
  return warnings.map((warning) => warningText(warning, columns, paint)).join('\n')
}
