import { type PairReport, pairReport } from '../results/compared-pair.ts'
import type { Report } from '../results/schema.ts'
import { alsoCompared, type AlsoCompared, alsoRatioHeading } from './also-compared.ts'
import { failedGatesInShort, incompleteNotice, voidTrials } from './findings.ts'
import { middleLoad, verdictSentence } from './headline.ts'
import { loadCurves } from './load-curves.ts'
import { loadName, shareDoubts } from './load-shares.ts'
import { notices } from './notices.ts'
import { objectiveSection } from './terminal-objective.ts'
import { plainTable } from './plain-table.ts'
import { predictionOutcome, predictionText } from './prediction-outcome.ts'
import { terminalAttribution } from './terminal-attribution.ts'
import { terminalCapacity } from './terminal-capacity.ts'
import { terminalChart } from './terminal-chart.ts'
import { paintFor, type TerminalOptions, textColumns } from './terminal-options.ts'
import { ARM_STYLES, type Paint, terminalTable } from './terminal-table.ts'
import { indented, plain, wrap } from './terminal-text.ts'
import { traceText } from './trace-text.ts'
import { verdictNotes } from './verdict-notes.ts'
import { warningText } from './warning-text.ts'

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
