import type { Report } from '../results/schema.ts'
import { breakEvenText } from './break-even.ts'
import { capacityRows, inlineCeilingText, referenceText } from './capacity-rows.ts'
import { failedGatesInShort, incompleteNotice, repeatedTrials, voidTrials } from './findings.ts'
import { middleLoad, verdictSentence } from './headline.ts'
import { loadCurves } from './load-curves.ts'
import { notices } from './notices.ts'
import { objectiveSection } from './terminal-objective.ts'
import { predictionOutcome, predictionText } from './prediction-outcome.ts'
import { terminalAttribution } from './terminal-attribution.ts'
import { terminalChart } from './terminal-chart.ts'
import { paintFor, type TerminalOptions, textColumns } from './terminal-options.ts'
import { ARM_STYLES, type Paint, terminalTable } from './terminal-table.ts'
import { indented, plain, wrap } from './terminal-text.ts'
import { traceText } from './trace-text.ts'
import { verdictNotes } from './verdict-notes.ts'
import { warningText } from './warning-text.ts'

const ARM_MARKS = ['o', 'x'] as const

/** The result as text: verdicts first, then the numbers behind them, then every reason to doubt them. Ends without a line break. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const sections = [
    noticeSection(report, columns, paint),
    objectiveSection(report, columns, paint),
    verdictSection(report, columns, paint),
    ...report.loads.map((load) => terminalTable(report, load, columns, paint)),
    chartSection(report, columns, paint),
    attributionSection(report, columns, paint),
    capacitySection(report, columns, paint),
    traceSection(report, columns, paint),
    predictionSection(report, columns, paint),
    doubtSection(report, columns, paint),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function noticeSection(report: Report, columns: number, paint: Paint): string {
  return notices(report)
    .map((notice) => paint('red', wrap(notice, columns, 0)))
    .join('\n')
}

function verdictSection(report: Report, columns: number, paint: Paint): string {
  if (report.loads.length === 0) {
    return report.objective === null ? paint('bold', 'Nothing was measured.') : ''
  }
  const labelColumns = Math.max(...report.loads.map((load) => plain(load.label).length)) + 2
  const verdicts = report.loads.map((load) => {
    const label = plain(load.label).padEnd(labelColumns)
    return label + paint('bold', wrap(verdictSentence(load), columns, labelColumns))
  })
  const notes = verdictNotes(report).map(({ text, isMuted }) =>
    isMuted ? paint('dim', wrap(text, columns, 0)) : wrap(text, columns, 0),
  )
  return [...verdicts, ...notes].join('\n')
}

function chartSection(report: Report, columns: number, paint: Paint): string {
  const load = middleLoad(report)
  if (load === undefined) return ''
  const series = loadCurves(report, load).map((arm, index) => ({
    label: plain(arm.label),
    points: arm.merged,
    mark: paint(ARM_STYLES[index] ?? 'white', ARM_MARKS[index] ?? '?'),
  }))
  const chart = terminalChart(series, columns)
  if (chart === '') return ''
  const title = `Latency by percentile at ${plain(load.label)}`
  return `${paint('bold', title)}\n${legend(series, columns)}\n${chart}`
}

/** At the middle load, like the chart; the page has every load's. */
function attributionSection(report: Report, columns: number, paint: Paint): string {
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

function capacitySection(report: Report, columns: number, paint: Paint): string {
  const lines = capacityRows(report).map(
    ({ label, capacity, cpuPerRequest, overhead }) =>
      `${label}: ${capacity}, CPU per request ${cpuPerRequest}, overhead per request ${overhead}`,
  )
  const ceiling = inlineCeilingText(report)
  if (ceiling !== null) lines.push(`inline ceiling, no architecture: ${ceiling}`)
  const reference = referenceText(report)
  if (reference !== null) lines.push(`reference ${reference}`)
  const breakEven = breakEvenText(report)
  if (breakEven !== null) lines.push(breakEven)
  if (lines.length === 0) return ''
  return [paint('bold', 'Capacity'), ...lines.map((line) => indented(line, columns))].join('\n')
}

function traceSection(report: Report, columns: number, paint: Paint): string {
  const text = traceText(report)
  return text === null ? '' : `${paint('bold', 'Requests')}\n${indented(text, columns)}`
}

function predictionSection(report: Report, columns: number, paint: Paint): string {
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
  const repeated = repeatedTrials(report)
  return [
    ...voidTrials(report).map(({ where, what }) =>
      paint('red', wrap(`void: ${where}: ${what}`, columns, 2)),
    ),
    ...failedGatesInShort(report).map(({ where, what }) =>
      paint('yellow', wrap(`doubtful: ${where}: ${what}`, columns, 2)),
    ),
    ...(repeated === null ? [] : [wrap(`repeated: ${repeated}`, columns, 2)]),
    ...report.warnings.map((warning) => warningText(warning, columns, paint)),
    ...(notice === null ? [] : [paint('red', wrap(notice, columns, 2))]),
  ].join('\n')
}
