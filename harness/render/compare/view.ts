import type { LimitResult } from '../../compare/limits.ts'
import type { ComparedRun, LoadChange, ScenarioChange } from '../../compare/reports.ts'
import type { Comparison } from '../../compare/runs.ts'
import { markdownView } from '../view/markdown.ts'
import {
  type Block,
  type Doubt,
  headingBlock,
  listBlock,
  tableBlock,
  textBlock,
  textIf,
  type TitledBlocks,
  type Told,
} from '../view/view.ts'
import {
  changeSentence,
  comparisonSentence,
  hasChange,
  limitSentence,
  limitState,
  loadNotes,
  openLimitTexts,
} from './sentence.ts'
import { changeTable, loadTitle } from './table.ts'

/** Of a limit, by how it stands. */
const TONES = { exceeded: 'alarm', kept: 'good', open: 'doubt' } as const
const MARKS = { exceeded: '❌', kept: '✅', open: '⚠️' } as const

/** A comparison, as a terminal shows it: the sentence, the figures of what changed (of a single scenario always), every doubt. */
export function comparisonView(comparison: Comparison): Told {
  const { scenarios, limits } = comparison
  const isSingle = scenarios.length === 1
  return {
    answer: comparisonSentence(comparison),
    partial: null,
    marked: null,
    further: [],
    sections: [
      ...limits.map(limitSection),
      ...scenarios.flatMap((change) => scenarioSections(change, isSingle)),
      doubtSection(comparisonDoubts(comparison)),
    ],
    warnings: [],
  }
}

function limitSection(result: LimitResult): TitledBlocks {
  const line = textBlock(`limit ${limitSentence(result)}`, TONES[limitState(result)])
  return { title: null, blocks: [{ ...line, hanging: 2 }, listBlock(openLimitTexts(result))] }
}

/** @param isSingle its sentence is that of the whole comparison */
function scenarioSections(change: ScenarioChange, isSingle: boolean): readonly TitledBlocks[] {
  const head: readonly Block[] = isSingle
    ? (['old', 'new'] as const).map((which) => ({
        ...textBlock(`${which}  ${runText(change[which])}`, 'muted'),
        hanging: 5,
      }))
    : [{ ...textBlock(`${change.scenario}: ${changeSentence(change)}`), hanging: 2 }]
  const [without, warnings] = scenarioDoubts(change)
  return [
    { title: null, blocks: head },
    ...shownLoads(change, isSingle).map(loadSection),
    doubtSection(without),
    doubtSection(warnings),
  ]
}

/** Of a scenario without a sure change, only its sentence. */
function shownLoads(change: ScenarioChange, isSingle: boolean): readonly LoadChange[] {
  return isSingle || hasChange(change) ? change.loads : []
}

function loadSection(load: LoadChange): TitledBlocks {
  // Below the labels of the table.
  const notes = loadNotes(load).map((text) => ({ ...textBlock(text), indent: 1 }))
  return { title: loadTitle(load), blocks: [tableBlock(changeTable(load)), ...notes] }
}

function runText({ file, startedAt, crossover }: ComparedRun): string {
  const instant = `${startedAt.slice(0, 16).replace('T', ' ')} UTC`
  return `${file}, ${instant}, crossover ${crossover}`
}

function doubtSection(items: readonly Doubt[]): TitledBlocks {
  return { title: null, blocks: [{ kind: 'doubts', items }] }
}

/** What could not be compared. */
function comparisonDoubts({ refused, withoutPartner }: Comparison): readonly Doubt[] {
  return [
    ...refused.map(({ failure: { message, cure } }): Doubt => ({
      weight: 'not compared',
      text: message,
      cure: cure ?? '',
    })),
    ...withoutPartner.map((what): Doubt => ({
      weight: 'without a partner',
      text: `${what} reports`,
    })),
  ]
}

function scenarioDoubts({
  withoutPartner,
  warnings,
}: ScenarioChange): readonly [without: readonly Doubt[], warnings: readonly Doubt[]] {
  return [
    withoutPartner.map((text) => ({ weight: 'without a partner', text })),
    warnings.map(({ message: text, cure }) => ({ weight: 'warning', text, cure })),
  ]
}

/**
 * A comparison for a pull request: the sentence, the limits, the figures of what changed (of a single scenario always), every
 * doubt. Whatever a report may hold is escaped. Ends with a line break.
 */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const { scenarios, limits } = comparison
  const isSingle = scenarios.length === 1
  const { answer, partial, marked, further } = comparisonView(comparison)
  const limitTexts = limits.flatMap((result) => [
    `${MARKS[limitState(result)]} ${limitSentence(result)}`,
    ...openLimitTexts(result),
  ])
  return markdownView({ title: 'Old against new', answer, partial, marked, further }, [
    { title: null, blocks: [listBlock(limitTexts)] },
    ...scenarios.map((change): TitledBlocks => ({
      title: change.scenario,
      blocks: [
        textIf(isSingle ? null : changeSentence(change)),
        ...shownLoads(change, isSingle).flatMap((load) => [
          headingBlock(loadTitle(load)),
          tableBlock(changeTable(load)),
          textBlock(`${loadNotes(load).join('. ')}.`),
        ]),
        { kind: 'doubts', items: scenarioDoubts(change).flat() },
      ],
    })),
    doubtSection(comparisonDoubts(comparison)),
  ])
}
