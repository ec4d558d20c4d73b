import { type PairLoad, pairReport } from '../../results/compared-pair.ts'
import type { Report, Trial } from '../../results/schema.ts'
import type { StageFigures } from '../../results/trial-schema.ts'
import {
  COUNT,
  formatQuantity,
  formatRoundTime,
  formatWhole,
  NOT_AVAILABLE,
  type Scales,
  TIME,
} from '../../words/format.ts'
import { type Block, listBlock, tableBlock, textBlock, type ViewTable } from '../view/view.ts'
import { loadName, medianText, type SectionsOf, soundTrials } from './pair-figures.ts'

const FIGURES: readonly (readonly [
  heading: string,
  read: (stage: StageFigures) => number | null,
  scales: Scales,
])[] = [
  ['wait p50', ({ wait }) => wait?.p50Ns ?? null, TIME],
  ['wait p99', ({ wait }) => wait?.p99Ns ?? null, TIME],
  ['queue length', ({ meanQueueLength }) => meanQueueLength, COUNT],
  ['service p50', ({ service }) => service?.p50Ns ?? null, TIME],
  ['service p99', ({ service }) => service?.p99Ns ?? null, TIME],
  ['requests per batch', ({ requestsPerBatch }) => requestsPerBatch, COUNT],
  ['threads', ({ threads }) => threads, COUNT],
]

/** A stage of an arm at one load, and its figures: medians over pairs. */
type StageRow = readonly [arm: string, stage: string, ...cells: string[]]

/** The stages of every arm at a load, each arm in the first comparison that it is in; empty where nothing is known of any. */
export function stageRows(report: Report, load: number): readonly StageRow[] {
  const seen = new Set<string>()
  return report.comparisons.flatMap((_, comparison) => {
    const pair = pairReport(report, comparison)
    const trials = soundTrials(pair, pair.loads[load]!)
    return pair.arms.flatMap(({ label }, arm) => {
      if (seen.has(label)) return []
      seen.add(label)
      return rowsOf(label, trials[arm]!)
    })
  })
}

function rowsOf(label: string, trials: readonly Trial[]): readonly StageRow[] {
  const known = trials.find(({ stages }) => stages !== null)
  const names = known?.stages?.map(({ name }) => name) ?? []
  return names.map((name, stage): StageRow => [
    label,
    name,
    ...FIGURES.map(([, read, scales]) =>
      medianText(
        trials,
        ({ stages }) => {
          const figures = stages?.[stage]
          return figures === undefined ? null : read(figures)
        },
        scales,
      ),
    ),
  ])
}

const INTRO = `Of sampled requests: how long those that waited in a stage’s queue did, and a request’s own share of the batches that the stage served it in. A queue’s length is the mean over time. Requests that a thread brings along from the stage before wait in no queue; sharded has none. ${NOT_AVAILABLE}: not in every trial.`

/** What each stage of each arm did, at every load; none where it is not known. */
export const stageSections: SectionsOf = ({ report, pair, medium }) => {
  const tables = pair.loads.flatMap((load, index): readonly Block[] => {
    const rows = stageRows(report, index)
    return rows.length === 0 ? [] : [tableBlock(tableOf(load, rows))]
  })
  if (tables.length === 0) return []
  const intro = textBlock(INTRO, medium === 'page' ? 'muted' : undefined)
  return [{ id: 'stages', title: 'Stages', blocks: [intro, ...tables] }]
}

/**
 * Stalls by arm, load and stage: what the traces planted, what of it the detector named, and what it named besides; none where no
 * detector looked, or nothing was planted or seen.
 */
export const stallSections: SectionsOf = ({ report }) => {
  const items = report.loads.flatMap((load) =>
    report.arms.flatMap(({ label }) => {
      const trials = load.sets.flatMap(({ trials: { [label]: trial } }) =>
        trial?.void === null && trial.stalls !== undefined ? [trial.stalls] : [],
      )
      return (trials[0]?.stages ?? []).flatMap(({ name }, stage) => {
        const seen = trials.flatMap(({ stages }) => stages[stage] ?? [])
        const text = stallText(seen)
        return text === null ? [] : [{ label: `${loadName(load)}, ${label}, ${name}`, text }]
      })
    }),
  )
  const thresholds = report.loads.flatMap(({ sets }) =>
    sets.flatMap(({ trials }) =>
      Object.values(trials).flatMap(({ stalls }) => stalls?.thresholdNs ?? []),
    ),
  )
  if (thresholds.length === 0) return []
  const shortest = formatRoundTime(Math.min(...thresholds))
  const intro = `Requests that held their thread for ${shortest} or more in a stage that declares no waiting, the time without a processor taken off; all rounds together.`
  return [
    {
      id: 'stalls',
      title: 'Stalls',
      blocks: [
        textBlock(intro, 'muted'),
        items.length === 0 ? textBlock('None was planted, none was seen.') : listBlock(items),
      ],
    },
  ]
}

type StageStalls = NonNullable<Trial['stalls']>['stages'][number]

/** `named 41 of 42 that the trace planted, and 1 besides; the longest 20.3 ms`; null where there is nothing to tell. */
function stallText(seen: readonly StageStalls[]): string | null {
  const sum = (of: (stalls: StageStalls) => number) =>
    seen.reduce((total, stalls) => total + of(stalls), 0)
  const [planted, named, both] = [
    sum((stalls) => stalls.planted),
    sum((stalls) => stalls.named),
    sum((stalls) => stalls.plantedNamed),
  ]
  if (planted === 0 && named === 0) return null
  const besides = named === both ? 'none' : formatWhole(named - both)
  const longest = Math.max(...seen.map(({ longestNs }) => longestNs))
  const end = longest === 0 ? '' : `; the longest ${formatQuantity(longest, TIME)}`
  return planted === 0
    ? `named ${formatWhole(named)}, which no trace planted${end}`
    : `named ${formatWhole(both)} of ${formatWhole(planted)} that the trace planted, and ${besides} besides${end}`
}

function tableOf(load: PairLoad, rows: readonly StageRow[]): ViewTable {
  return {
    caption: `Stages at ${loadName(load)}: medians over pairs`,
    corner: 'arm',
    columns: [{ heading: 'stage', align: 'left' }, ...FIGURES.map(([heading]) => ({ heading }))],
    rows,
  }
}
