import type {
  ArmChange,
  ComparedRun,
  LoadChange,
  MetricChange,
  ScenarioChange,
} from '../../compare/reports.ts'
import type { Comparison } from '../../compare/runs.ts'
import type { ComparisonName } from '../../results/schema.ts'
import { formatQuantity, formatShare, NOT_AVAILABLE, PER_SECOND } from '../../words/format.ts'
import { markdownTable, markdownText } from '../view/markdown.ts'
import { plainTable } from '../terminal/table.ts'
import {
  indented,
  type Paint,
  paintFor,
  plain,
  type TerminalOptions,
  textColumns,
  warningText,
  wrap,
} from '../terminal/text.ts'
import {
  changeSentence,
  comparisonSentence,
  hasChange,
  limitSentence,
  limitState,
  loadNotes,
  metricText,
  openLimitTexts,
  ratioText,
} from './sentence.ts'

/** What readers want to see; of others only the one that is judged. */
const SHOWN: readonly ComparisonName[] = [
  'p50',
  'p99',
  'p99_9',
  'achievedPerSecond',
  'cpuPerRequest',
]

/** Texts of a load's table, headings first: a column per arm, and one of one against the other where there is a control. */
interface ChangeTable {
  readonly headings: readonly string[]
  readonly rows: readonly { readonly cells: readonly string[]; readonly isMarked: boolean }[]
}

/** The figures of one load, new ÷ old. The judged metric is marked. */
function changeTable(load: LoadChange): ChangeTable {
  const { arms, metric: judged } = load
  const against = arms.findLast(({ control }) => control !== null)
  const shown = (arms[0]?.metrics ?? [])
    .map(({ metric }) => metric)
    .filter((metric) => SHOWN.includes(metric) || metric === judged)
  return {
    headings: [
      'new ÷ old',
      ...arms.map(({ label }) => label),
      ...(against === undefined ? [] : [`${against.label} ÷ ${against.control}`]),
    ],
    rows: shown.map((metric) => ({
      isMarked: metric === judged,
      cells: [
        metric === judged ? `${metricText(metric)} ←` : metricText(metric),
        ...arms.map((arm) => ratioText(changeIn(arm, metric)?.own ?? null)),
        ...(against === undefined ? [] : [ratioText(changeIn(against, metric)?.relative ?? null)]),
      ],
    })),
  }
}

/** `Load 50%: offered 101k/s then, 103k/s now; 6 and 6 trials, 95.9%`. */
function loadTitle(load: LoadChange): string {
  const { label, oldPerSecond, newPerSecond, oldPairs, newPairs, arms } = load
  const [then, now] = [oldPerSecond, newPerSecond].map((rate) =>
    rate === null ? NOT_AVAILABLE : formatQuantity(rate, PER_SECOND),
  )
  const offered =
    newPerSecond === null
      ? ''
      : then === now
        ? `offered ${now}; `
        : `offered ${then} then, ${now} now; `
  const level = arms.flatMap(({ metrics }) => metrics).find(({ own }) => own !== null)?.own?.level
  const confidence =
    level === undefined || level === 0 ? '' : `, intervals of ${formatShare(level)}`
  return `Load ${label}: ${offered}${oldPairs} and ${newPairs} trials${confidence}`
}

function changeIn({ metrics }: ArmChange, name: ComparisonName): MetricChange | undefined {
  return metrics.find(({ metric }) => metric === name)
}

const LABEL_COLUMNS = 17
/** Of a limit, by how it stands. */
const STYLES = { exceeded: 'red', kept: 'green', open: 'yellow' } as const

/** A comparison as text: the sentence, the figures of what changed (of a single scenario always), every doubt. Ends without a line break. */
export function renderComparison(comparison: Comparison, options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const { scenarios, limits } = comparison
  const isSingle = scenarios.length === 1
  const sections = [
    paint('bold', wrap(comparisonSentence(comparison), columns, 0)),
    ...limits.map((result) => {
      return [
        paint(STYLES[limitState(result)], wrap(`limit ${limitSentence(result)}`, columns, 2)),
        ...openLimitTexts(result).map((text) => indented(text, columns)),
      ].join('\n')
    }),
    ...scenarios.map((change) =>
      scenarioSection(change, { columns, paint, isSingle, isWhole: isSingle || hasChange(change) }),
    ),
    apartSection(comparison, columns),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

/** How a scenario is shown. */
interface Manner {
  readonly columns: number
  readonly paint: Paint
  /** Its sentence is that of the whole comparison. */
  readonly isSingle: boolean
  /** With figures. */
  readonly isWhole: boolean
}

function scenarioSection(change: ScenarioChange, manner: Manner): string {
  const { columns, paint, isSingle, isWhole } = manner
  const head = isSingle
    ? [
        paint('dim', wrap(`old  ${runText(change.old)}`, columns, 5)),
        paint('dim', wrap(`new  ${runText(change.new)}`, columns, 5)),
      ]
    : [wrap(`${change.scenario}: ${changeSentence(change)}`, columns, 2)]
  const parts = [
    head.join('\n'),
    ...(isWhole ? change.loads.map((load) => loadSection(load, columns, paint)) : []),
    change.withoutPartner.map((what) => `without a partner: ${plain(what)}`).join('\n'),
    change.warnings.map((warning) => warningText(warning, columns, paint)).join('\n'),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function loadSection(load: LoadChange, columns: number, paint: Paint): string {
  const { headings, rows } = changeTable(load)
  const width = Math.floor((columns - LABEL_COLUMNS) / (headings.length - 1))
  const table = plainTable(
    headings.map((heading, index) =>
      index === 0 ? { heading, width: LABEL_COLUMNS, align: 'left' as const } : { heading, width },
    ),
    rows.map(({ cells }) => cells),
  )
  return [
    paint('bold', wrap(loadTitle(load), columns, 0)),
    table,
    ...loadNotes(load).map((note) => ` ${wrap(note, columns, 1)}`),
  ].join('\n')
}

function apartSection({ refused, withoutPartner }: Comparison, columns: number): string {
  return [
    ...refused.flatMap(({ failure: { message, cure } }) => [
      wrap(`not compared: ${message}`, columns, 2),
      indented(`→ ${cure ?? ''}`, columns),
    ]),
    ...withoutPartner.map((what) => wrap(`without a partner: ${what} reports`, columns, 2)),
  ].join('\n')
}

function runText({ file, startedAt, crossover }: ComparedRun): string {
  const instant = `${startedAt.slice(0, 16).replace('T', ' ')} UTC`
  return `${file}, ${instant}, crossover ${crossover}`
}

/** Of a limit, by how it stands. */
const MARKS = { exceeded: '❌', kept: '✅', open: '⚠️' } as const

/**
 * A comparison for a pull request: the sentence, the limits, the figures of what changed (of a single scenario always), every
 * doubt. Whatever a report may hold is escaped. Ends with a line break.
 */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const { scenarios, limits, refused, withoutPartner } = comparison
  const isSingle = scenarios.length === 1
  const doubts = [
    ...refused.map(
      ({ failure: { message, cure } }) =>
        `**not compared** ${markdownText(`${message} → ${cure ?? ''}`)}`,
    ),
    ...withoutPartner.map((what) => `**without a partner** ${markdownText(`${what} reports`)}`),
  ]
  const sections = [
    '## Old against new',
    `**${markdownText(comparisonSentence(comparison))}**`,
    list(
      limits.flatMap((result) => {
        const mark = MARKS[limitState(result)]
        return [`${mark} ${limitSentence(result)}`, ...openLimitTexts(result)].map(markdownText)
      }),
    ),
    ...scenarios.map((change) => markdownScenario(change, isSingle)),
    list(doubts),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function markdownScenario(change: ScenarioChange, isSingle: boolean): string {
  const { scenario, loads, withoutPartner, warnings } = change
  const doubts = [
    ...withoutPartner.map((what) => `**without a partner** ${markdownText(what)}`),
    ...warnings.map(
      ({ message, cure }) => `**warning** ${markdownText(message)} → ${markdownText(cure)}`,
    ),
  ]
  const parts = [
    `### ${markdownText(scenario)}`,
    isSingle ? '' : markdownText(changeSentence(change)),
    ...(isSingle || hasChange(change) ? loads.map(markdownLoad) : []),
    list(doubts),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function markdownLoad(load: LoadChange): string {
  const { headings, rows } = changeTable(load)
  const table = markdownTable(
    headings,
    rows.map(({ cells }) => cells),
  )
  return `#### ${markdownText(loadTitle(load))}\n\n${table}\n\n${markdownText(loadNotes(load).join('. '))}.`
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n')
}
