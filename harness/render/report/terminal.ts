import Table from 'cli-table3'
import { type PairLoad, type PairReport, pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { formatQuantity, formatShare, PER_SECOND } from '../../words/format.ts'
import { METRIC_LABELS, unusualMetricText } from '../../words/metrics.ts'
import { traceText } from '../../words/names.ts'
import { terminalChart } from '../terminal/chart.ts'
import { FRAMELESS, plainTable } from '../terminal/table.ts'
import {
  ARM_STYLES,
  breakLabel,
  indented,
  type Paint,
  paintFor,
  plain,
  type TerminalOptions,
  textColumns,
  warningText,
  wrap,
} from '../terminal/text.ts'
import { alsoCompared, type AlsoCompared, alsoRatioHeading } from './also-compared.ts'
import { attributionRows, BAND_LABELS, slowestCauses, unsampledText } from './attribution-rows.ts'
import {
  breakEvenText,
  capacityRows,
  hasSustained,
  inlineCeilingText,
  sustainedRatioTexts,
} from './capacity-rows.ts'
import { failedGatesInShort, incompleteNotice, voidTrials } from './findings.ts'
import { loadCurves } from './load-curves.ts'
import {
  middleLoad,
  notices,
  predictionOutcome,
  predictionText,
  verdictNotes,
  verdictSentence,
} from './notices.ts'
import { objectiveRatioText, objectiveRows, objectiveTitle } from './objective-rows.ts'
import { loadName, loadSharesText, shareDoubts } from './pair-figures.ts'
import { roundsText } from './round-rows.ts'
import { intervalLevel, summaryRows } from './summary-rows.ts'

const PART_COLUMNS = 24
const WIDEST_CELL = 11

/**
 * What requests around the median, p99 and p99.9 spent their time on, under its title; a line when too few were sampled, empty
 * when none was.
 */
export function terminalAttribution(
  report: PairReport,
  load: PairLoad,
  columns: number,
  paint: Paint,
): string {
  const unsampled = unsampledText(report, load)
  if (unsampled !== null) return wrap(plain(unsampled), columns, 0)
  const rows = attributionRows(report, load)
  if (rows.length === 0) return ''
  const cellColumns = Math.min(
    WIDEST_CELL,
    Math.floor((columns - PART_COLUMNS) / (2 * BAND_LABELS.length)),
  )
  const headings = report.arms.flatMap((arm) =>
    BAND_LABELS.map((band) => ({
      heading: `${plain(arm.label).split(':')[0] ?? ''} ${band}`,
      width: cellColumns,
    })),
  )
  const table = plainTable(
    [{ heading: '', width: PART_COLUMNS, align: 'left' }, ...headings],
    rows.map(({ label, first, second }) => [plain(label), ...first, ...second]),
  )
  return [
    paint(
      'bold',
      `Where the time went at ${plain(loadName(load))}: make-up of sampled, answered requests`,
    ),
    table,
    'Longest part of the slowest 1 %:',
    ...slowestCauses(report, load).map((line) => indented(plain(line), columns)),
  ].join('\n')
}

/** What the arms can bear, what a request costs them, and what the rounds took, under their titles; empty without any of it. */
function terminalCapacity(report: Report, columns: number, paint: Paint): string {
  const { capacity } = report
  const isSustained = capacity !== null && hasSustained(capacity)
  const lines = capacityRows(report).map(
    ({ label, sustained, saturated, cpuPerRequest, overhead }) =>
      `${label}: ${isSustained ? `sustains ${sustained}, ` : ''}saturated throughput ${saturated}, CPU per request ${cpuPerRequest}, overhead per request ${overhead}`,
  )
  const ratios = sustainedRatioTexts(report)
  if (ratios.length > 0) lines.push(`sustained, ${ratios.join('; ')}`)
  const ceiling = inlineCeilingText(report)
  if (ceiling !== null) lines.push(`inline ceiling, no architecture: ${ceiling}`)
  const breakEven = breakEvenText(report)
  if (breakEven !== null) lines.push(breakEven)
  const rounds = roundsText(report)
  const section = (title: string, texts: readonly string[]): readonly string[] =>
    texts.length === 0
      ? []
      : [[paint('bold', title), ...texts.map((text) => indented(text, columns))].join('\n')]
  return [
    ...section('Capacity', lines),
    ...section('Rounds', rounds === null ? [] : [rounds]),
  ].join('\n\n')
}

const LOAD_COLUMNS = 23
const KEPT_COLUMNS = 8
const LATENCY_COLUMNS = 26

/** The highest load of each arm within the objective, the sentence first; empty when none was searched. */
function objectiveSection(report: PairReport, columns: number, paint: Paint): string {
  const { objective } = report
  if (objective === null) return ''
  const ratio = objectiveRatioText(report, objective)
  const table = plainTable(
    [
      {
        heading: 'arm',
        width: columns - LOAD_COLUMNS - KEPT_COLUMNS - LATENCY_COLUMNS,
        align: 'left',
      },
      { heading: 'highest load', width: LOAD_COLUMNS },
      { heading: 'kept', width: KEPT_COLUMNS },
      { heading: `${METRIC_LABELS[objective.percentile]} there`, width: LATENCY_COLUMNS },
    ],
    objectiveRows(report, objective).map(({ label, load, kept, latency }) => [
      label,
      load,
      kept,
      latency,
    ]),
  )
  return [
    objectiveTitle(objective),
    paint('bold', indented(objective.sentence, columns)),
    table,
    ...(ratio === null ? [] : [indented(ratio, columns)]),
  ].join('\n')
}

const LABEL_COLUMNS = 22

const RATIO_COLUMNS = 30

const MARK = ' ←'

/** One load's numbers under its name; empty when no pair is sound. */
function terminalTable(report: PairReport, load: PairLoad, columns: number, paint: Paint): string {
  const rows = summaryRows(report, load)
  if (rows.length === 0) return ''
  const labels = report.arms.map((arm) => plain(arm.label))
  const armColumns = (columns - LABEL_COLUMNS - RATIO_COLUMNS) >> 1
  const table = new Table({
    colWidths: [LABEL_COLUMNS, armColumns, armColumns, RATIO_COLUMNS],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 0 },
    chars: FRAMELESS,
  })
  table.push([
    '',
    ...labels.map((label, index) =>
      breakLabel(label, armColumns - 1)
        // Each line by itself: a colour that crosses a line break would run into the next column.
        .map((line) => paint(ARM_STYLES[index] ?? 'white', line))
        .join('\n'),
    ),
    ratioHeading(labels, intervalLevel(load)),
  ])
  for (const { label, first, second, ratio, isMarked } of rows) {
    const cells = [isMarked ? label + MARK : label, first, second, ratio]
    table.push(isMarked ? cells.map((cell) => paint('bold', cell)) : cells)
  }
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  const shares = loadSharesText(load)
  const notes = shares === null ? [] : [paint('dim', shares)]
  return [paint('bold', title(load)), ...lines, ...notes].join('\n')
}

function ratioHeading(labels: readonly string[], level: number | null): string {
  const confidence = level === null ? '' : ` (${formatShare(level)})`
  const named = `${labels[1] ?? ''} ÷ ${labels[0] ?? ''}${confidence}`
  return named.length < RATIO_COLUMNS ? named : `second ÷ first${confidence}`
}

function title(load: PairLoad): string {
  const offered =
    load.offeredPerSecond === null
      ? ''
      : `, offered ${formatQuantity(load.offeredPerSecond, PER_SECOND)}`
  return `Load ${plain(load.label)}${offered}, medians over pairs${unusualMetricText(load)}`
}

const ARM_MARKS = ['o', 'x'] as const

/** Widths of the table of another comparison. */
const ALSO_LOAD_COLUMNS = 18
const ALSO_METRIC_COLUMNS = 6
const ALSO_RATIO_COLUMNS = 26

/** The result as text: verdicts first, then the numbers behind them, then every reason to doubt them. Ends without a line break. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const pair = pairReport(report)
  const others = alsoCompared(report)
  const sections = [
    noticeSection(report, columns, paint),
    objectiveSection(pair, columns, paint),
    verdictSection(report, pair, others, columns, paint),
    ...pair.loads.map((load) => terminalTable(pair, load, columns, paint)),
    ...others.map((other) => alsoSection(other, columns, paint)),
    chartSection(pair, columns, paint),
    attributionSection(pair, columns, paint),
    terminalCapacity(report, columns, paint),
    traceSection(report, columns, paint),
    predictionSection(pair, columns, paint),
    doubtSection(report, columns, paint),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function noticeSection(report: Report, columns: number, paint: Paint): string {
  return notices(report)
    .map((notice) => paint('red', wrap(notice, columns, 0)))
    .join('\n')
}

/** The verdicts that the report is about, and below each those of the other comparisons. */
function verdictSection(
  report: Report,
  pair: PairReport,
  others: readonly AlsoCompared[],
  columns: number,
  paint: Paint,
): string {
  if (pair.loads.length === 0) {
    return report.objective === null ? paint('bold', 'Nothing was measured.') : ''
  }
  const labelColumns = Math.max(...pair.loads.map((load) => plain(loadName(load)).length)) + 2
  const verdicts = pair.loads.flatMap((load, index) => {
    const label = plain(loadName(load)).padEnd(labelColumns)
    const beside = others.map(({ verdicts: { [index]: verdict } }) => verdict?.sentence ?? '')
    return [
      label + paint('bold', wrap(verdictSentence(load), columns, labelColumns)),
      ...beside.map((text) => ' '.repeat(labelColumns) + wrap(text, columns, labelColumns)),
    ]
  })
  const notes = verdictNotes(report).map(({ text, isMuted }) =>
    isMuted ? paint('dim', wrap(text, columns, 0)) : wrap(text, columns, 0),
  )
  return [...verdicts, ...notes].join('\n')
}

/** Median and p99 of two arms that are not those of the report, with their ratios; empty when no pair is sound. */
function alsoSection(also: AlsoCompared, columns: number, paint: Paint): string {
  const { first, second, rows } = also
  if (rows.length === 0) return ''
  const [firstLabel, secondLabel] = [plain(first), plain(second)]
  const armColumns = (columns - ALSO_LOAD_COLUMNS - ALSO_METRIC_COLUMNS - ALSO_RATIO_COLUMNS) >> 1
  const named = plain(alsoRatioHeading(also))
  const unnamed = alsoRatioHeading({ ...also, first: 'first', second: 'second' })
  const table = plainTable(
    [
      { heading: 'load', width: ALSO_LOAD_COLUMNS, align: 'left' },
      { heading: '', width: ALSO_METRIC_COLUMNS, align: 'left' },
      { heading: firstLabel, width: armColumns },
      { heading: secondLabel, width: armColumns },
      { heading: named.length < ALSO_RATIO_COLUMNS ? named : unnamed, width: ALSO_RATIO_COLUMNS },
    ],
    rows.map((row) => [plain(row.load), row.metric, row.first, row.second, row.ratio]),
  )
  return `${paint('bold', `Also compared: ${secondLabel} with ${firstLabel}, medians over pairs`)}\n${table}`
}

function chartSection(report: PairReport, columns: number, paint: Paint): string {
  const load = middleLoad(report)
  if (load === undefined) return ''
  const series = loadCurves(report, load).map((arm, index) => ({
    label: plain(arm.label),
    points: arm.merged,
    mark: paint(ARM_STYLES[index] ?? 'white', ARM_MARKS[index] ?? '?'),
  }))
  const chart = terminalChart(series, columns)
  if (chart === '') return ''
  const title = `Latency by percentile at ${plain(loadName(load))}`
  return `${paint('bold', title)}\n${legend(series, columns)}\n${chart}`
}

/** At the middle load, like the chart; the page has every load's. */
function attributionSection(report: PairReport, columns: number, paint: Paint): string {
  const load = middleLoad(report)
  return load === undefined ? '' : terminalAttribution(report, load, columns, paint)
}

/** Which mark is which arm; on lines of their own when the labels are long. */
function legend(
  series: readonly { readonly label: string; readonly mark: string }[],
  columns: number,
): string {
  const entries = [...series, { label: 'both', mark: '*' }]
  const width = entries.reduce((sum, { label }) => sum + label.length + 4, 0)
  return entries.map(({ mark, label }) => `  ${mark} ${label}`).join(width > columns ? '\n' : '')
}

function traceSection(report: Report, columns: number, paint: Paint): string {
  const text = traceText(report)
  return text === null ? '' : `${paint('bold', 'Requests')}\n${indented(text, columns)}`
}

function predictionSection(report: PairReport, columns: number, paint: Paint): string {
  const outcome = predictionOutcome(report)
  const { prediction } = report.scenario
  if (outcome === null || prediction === null) return ''
  return [
    paint('bold', 'Prediction, written down before measuring'),
    indented(predictionText(prediction), columns),
    indented(outcome, columns),
  ].join('\n')
}

function doubtSection(report: Report, columns: number, paint: Paint): string {
  const notice = incompleteNotice(report)
  return [
    ...voidTrials(report).map(({ where, what }) =>
      paint('red', wrap(`void: ${where}: ${what}`, columns, 2)),
    ),
    ...[...shareDoubts(report.loads), ...failedGatesInShort(report)].map(({ where, what }) =>
      paint('yellow', wrap(`doubtful: ${where}: ${what}`, columns, 2)),
    ),
    ...report.warnings.map((warning) => warningText(warning, columns, paint)),
    ...(notice === null ? [] : [paint('red', wrap(notice, columns, 2))]),
  ].join('\n')
}
