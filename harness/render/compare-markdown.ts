import type { LoadChange, ScenarioChange } from '../results/compare-change.ts'
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
import { markdownTable, markdownText } from './markdown-text.ts'

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
    ...scenarios.map((change) => scenarioSection(change, isSingle)),
    list(doubts),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function scenarioSection(change: ScenarioChange, isSingle: boolean): string {
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
    ...(isSingle || hasChange(change) ? loads.map(loadSection) : []),
    list(doubts),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function loadSection(load: LoadChange): string {
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
