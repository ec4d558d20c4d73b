import { type PairLoad, type PairReport, pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { formatQuantity, formatShare, PER_SECOND } from '../../words/format.ts'
import { METRIC_LABELS, unusualMetricText } from '../../words/metrics.ts'
import { alsoCompared, type AlsoCompared, alsoRatioHeading } from './also-compared.ts'
import {
  breakEvenText,
  capacityRows,
  inlineCeilingText,
  sustainedRatioTexts,
} from './capacity-rows.ts'
import { failedGates, incompleteNotice, voidTrials } from './findings.ts'
import { codeBlock, markdownTable, markdownText } from './markdown-text.ts'
import {
  headline,
  notices,
  predictionOutcome,
  predictionText,
  transportText,
  verdictNotes,
  verdictSentence,
} from './notices.ts'
import { objectiveRatioText, objectiveRows, objectiveTitle } from './objective-rows.ts'
import { loadName, shareDoubts } from './pair-figures.ts'
import { roundsText } from './round-rows.ts'
import { intervalLevel, summaryRows } from './summary-rows.ts'

const HEADINGS = [
  'arm',
  'sustained',
  'saturated throughput',
  'CPU per request',
  'overhead per request',
] as const

/** What the arms can bear, what a request costs them, and what the rounds took; empty without any of it. */
function markdownCapacity(report: Report): string {
  const rows = capacityRows(report).map(
    ({ label, sustained, saturated, cpuPerRequest, overhead }) => [
      label,
      sustained,
      saturated,
      cpuPerRequest,
      overhead,
    ],
  )
  const ratios = sustainedRatioTexts(report)
  const ceiling = inlineCeilingText(report)
  const rounds = roundsText(report)
  const notes = [
    ratios.length === 0 ? null : `Sustained, ${ratios.join('; ')}.`,
    ceiling === null ? null : `Inline ceiling, no architecture: ${ceiling}.`,
    breakEvenText(report),
    rounds === null ? null : `Rounds: ${rounds}.`,
  ].filter((note) => note !== null)
  if (rows.length === 0 && notes.length === 0) return ''
  return [
    '### Capacity',
    ...(rows.length === 0 ? [] : [markdownTable(HEADINGS, rows)]),
    ...notes.map(markdownText),
  ].join('\n\n')
}

/**
 * The result for a pull request: the sentence, a table per load with intervals, every reason to doubt it, the command. In
 * GitHub's Markdown; whatever a scenario or a machine may have written is escaped. Ends with a line break.
 */
export function renderMarkdown(report: Report): string {
  const pair = pairReport(report)
  const sections = [
    headSection(report, pair),
    objectiveSection(pair),
    verdictSection(report, pair),
    ...pair.loads.map((load) => loadSection(pair, load)),
    ...alsoCompared(report).map(alsoSection),
    markdownCapacity(report),
    doubtSection(report),
    repeatSection(report),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function headSection(report: Report, pair: PairReport): string {
  const alarms = [...notices(report), incompleteNotice(report), voidNotice(report)].filter(
    (alarm) => alarm !== null,
  )
  return [
    `## ${markdownText(report.scenario.name)}`,
    `**${markdownText(headline(pair))}**`,
    ...alarms.map((alarm) => `> [!WARNING]\n> ${markdownText(alarm)}`),
    markdownText(report.scenario.question),
  ].join('\n\n')
}

function voidNotice(report: Report): string | null {
  const { length } = voidTrials(report)
  if (length === 0) return null
  return `Answers were wrong in ${length === 1 ? 'a trial' : `${length} trials`}: trust no figure of this run.`
}

function objectiveSection(report: PairReport): string {
  const { objective } = report
  if (objective === null) return ''
  const ratio = objectiveRatioText(report, objective)
  const table = markdownTable(
    ['arm', 'highest load', 'kept', `${METRIC_LABELS[objective.percentile]} there`],
    objectiveRows(report, objective).map(({ label, load, kept, latency }) => [
      label,
      load,
      kept,
      latency,
    ]),
  )
  return [
    `### ${markdownText(objectiveTitle(objective))}`,
    table,
    ...(ratio === null ? [] : [markdownText(ratio)]),
  ].join('\n\n')
}

function verdictSection(report: Report, pair: PairReport): string {
  const outcome = predictionOutcome(pair)
  const { prediction } = report.scenario
  const verdicts = pair.loads.map(
    (load) => `- **${markdownText(loadName(load))}**: ${markdownText(verdictSentence(load))}`,
  )
  const notes = verdictNotes(report).map(({ text }) => markdownText(text))
  const predicted =
    outcome === null || prediction === null
      ? []
      : [
          `Prediction: ${markdownText(predictionText(prediction))}. Outcome: ${markdownText(outcome)}.`,
        ]
  return [verdicts.join('\n'), ...notes, ...predicted].filter((text) => text !== '').join('\n\n')
}

/** Empty when no pair is sound. */
function loadSection(report: PairReport, load: PairLoad): string {
  const rows = summaryRows(report, load)
  if (rows.length === 0) return ''
  const [first = '', second = ''] = report.arms.map(({ label }) => label)
  const level = intervalLevel(load)
  const confidence = level === null ? '' : ` (${formatShare(level)})`
  const offered =
    load.offeredPerSecond === null
      ? ''
      : `, offered ${formatQuantity(load.offeredPerSecond, PER_SECOND)}`
  const title = `Load ${load.label}${offered}, medians over pairs${unusualMetricText(load)}`
  const table = markdownTable(
    ['', first, second, `${second} ÷ ${first}${confidence}`],
    rows.map((row) => [
      row.isMarked ? `${row.label} ←` : row.label,
      row.first,
      row.second,
      row.ratio,
    ]),
  )
  return `### ${markdownText(title)}\n\n${table}`
}

/** A comparison beside the report's own: its verdicts, and the figures that a reader asks for first. */
function alsoSection(also: AlsoCompared): string {
  const { first, second, verdicts, rows } = also
  const sentences = verdicts.map(
    ({ load, sentence }) => `- **${markdownText(load)}**: ${markdownText(sentence)}`,
  )
  const table = markdownTable(
    ['load', '', first, second, alsoRatioHeading(also)],
    rows.map((row) => [row.load, row.metric, row.first, row.second, row.ratio]),
  )
  return [
    `### ${markdownText(`Also compared: ${second} with ${first}`)}`,
    sentences.join('\n'),
    ...(rows.length === 0 ? [] : [table]),
  ]
    .filter((text) => text !== '')
    .join('\n\n')
}

function doubtSection(report: Report): string {
  const doubts = [
    ...voidTrials(report).map(({ where, what }) => `**void** ${markdownText(`${where}: ${what}`)}`),
    ...[...shareDoubts(report.loads), ...failedGates(report)].map(
      ({ where, what }) => `**doubtful** ${markdownText(`${where}: ${what}`)}`,
    ),
    ...report.warnings.map(
      ({ message, cure }) => `**warning** ${markdownText(message)} → ${markdownText(cure)}`,
    ),
  ]
  return doubts.length === 0
    ? ''
    : `### Gates and warnings\n\n${doubts.map((doubt) => `- ${doubt}`).join('\n')}`
}

function repeatSection(report: Report): string {
  const { environment, run } = report
  const machine = [
    `${environment.cpu}, ${environment.cores} cores`,
    `${environment.platform}, kernel ${environment.kernel}`,
    `node ${environment.node}`,
    `crossover ${environment.crossover}`,
    transportText(report),
    `seed ${run.seed}`,
  ]
  return [
    '### Run it again',
    codeBlock('sh', run.command),
    machine.map(markdownText).join('; '),
  ].join('\n\n')
}
