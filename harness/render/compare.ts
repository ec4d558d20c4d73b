import type { ComparedRun, LoadChange, ScenarioChange } from '../results/compare-change.ts'
import type { Comparison } from '../results/compare-runs.ts'
import { changeTable, loadTitle } from './compare-rows.ts'
import {
  changeSentence,
  comparisonSentence,
  hasChange,
  limitSentence,
  limitState,
  loadNotes,
  openLimitTexts,
} from './compare-sentence.ts'
import { plainTable } from './plain-table.ts'
import { paintFor, textColumns, type TerminalOptions } from './terminal-options.ts'
import type { Paint } from './terminal-table.ts'
import { indented, plain, wrap } from './terminal-text.ts'
import { warningText } from './warning-text.ts'

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
