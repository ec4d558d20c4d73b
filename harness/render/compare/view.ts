import { type LimitResult, limitState } from '../../compare/limits.ts'
import type { ComparedRun } from '../../compare/conditions.ts'
import type { ArmChange, LoadChange, MetricChange, ScenarioChange } from '../../compare/reports.ts'
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
  type ViewTable,
} from '../view/view.ts'
import {
  changeSentence,
  comparisonSentence,
  hasChange,
  limitSentence,
  loadNotes,
  metricText,
  openLimitTexts,
  ratioText,
  subjectOf,
} from './sentence.ts'
import type { ComparisonName } from '../../results/schema.ts'
import { formatQuantity, formatShare, NOT_AVAILABLE, PER_SECOND } from '../../words/format.ts'

/** Of a limit, by how it stands. */
const TONES = { failed: 'alarm', passed: 'good', 'cannot-tell': 'doubt' } as const
const MARKS = { failed: '❌', passed: '✅', 'cannot-tell': '⚠️' } as const

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
      ...limits.map((result) => limitSection(result, subjectOf(comparison))),
      ...scenarios.flatMap((change) => scenarioSections(change, isSingle)),
      doubtSection(comparisonDoubts(comparison)),
    ],
    warnings: [],
  }
}

function limitSection(result: LimitResult, subject: string | null): TitledBlocks {
  const line = textBlock(`limit ${limitSentence(result, subject)}`, TONES[limitState(result)])
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
    { title: null, blocks: [...head, listBlock(change.differences)] },
    doubtSection(warnings),
    ...shownLoads(change, isSingle).map((load) => loadSection(load, change.subject)),
    doubtSection(without),
  ]
}

/** Of a scenario without a sure change, only its sentence. */
function shownLoads(change: ScenarioChange, isSingle: boolean): readonly LoadChange[] {
  return isSingle || hasChange(change) ? change.loads : []
}

function loadSection(load: LoadChange, subject: string | null): TitledBlocks {
  // Below the labels of the table.
  const notes = loadNotes(load, subject).map((text) => ({ ...textBlock(text), indent: 1 }))
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
    `${MARKS[limitState(result)]} ${limitSentence(result, subjectOf(comparison))}`,
    ...openLimitTexts(result),
  ])
  return markdownView({ title: 'Old against new', answer, partial, marked, further }, [
    { title: null, blocks: [listBlock(limitTexts)] },
    ...scenarios.map((change): TitledBlocks => ({
      title: change.scenario,
      blocks: [
        textIf(isSingle ? null : changeSentence(change)),
        listBlock(change.differences),
        ...shownLoads(change, isSingle).flatMap((load) => [
          headingBlock(loadTitle(load)),
          tableBlock(changeTable(load)),
          textBlock(`${loadNotes(load, change.subject).join('. ')}.`),
        ]),
        { kind: 'doubts', items: scenarioDoubts(change).flat() },
      ],
    })),
    doubtSection(comparisonDoubts(comparison)),
  ])
}

/** What readers want to see; of others only the one that is judged. */
const SHOWN: readonly ComparisonName[] = [
  'p50',
  'p99',
  'p99_9',
  'achievedPerSecond',
  'cpuPerRequest',
]

const LABEL_COLUMNS = 17

/** The figures of one load: a column per arm, and one of one against the other where there is a control. The judged metric is marked. */
function changeTable({ arms, metric: judged }: LoadChange): ViewTable {
  const against = arms.findLast(({ control }) => control !== null)
  const shown = (arms[0]?.metrics ?? [])
    .map(({ metric }) => metric)
    .filter((metric) => SHOWN.includes(metric) || metric === judged)
  return {
    caption: null,
    corner: 'new ÷ old',
    widestLabel: LABEL_COLUMNS,
    columns: [
      ...arms.map(({ label }) => label),
      ...(against === undefined ? [] : [`${against.label} ÷ ${against.control}`]),
    ].map((heading) => ({ heading })),
    rows: shown.map((metric) => [
      metricText(metric),
      ...arms.map((arm) => ratioText(changeIn(arm, metric)?.own ?? null)),
      ...(against === undefined ? [] : [ratioText(changeIn(against, metric)?.relative ?? null)]),
    ]),
    judged: [metricText(judged)],
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
