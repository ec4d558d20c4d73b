import { type PairLoad, pairReport } from '../../results/compared-pair.ts'
import type { Report, Trial } from '../../results/schema.ts'
import type { StageFigures } from '../../results/trial-schema.ts'
import { COUNT, NOT_AVAILABLE, type Scales, TIME } from '../../words/format.ts'
import { type Block, tableBlock, textBlock, type ViewTable } from '../view/view.ts'
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

function tableOf(load: PairLoad, rows: readonly StageRow[]): ViewTable {
  return {
    caption: `Stages at ${loadName(load)}: medians over pairs`,
    corner: 'arm',
    columns: [{ heading: 'stage', align: 'left' }, ...FIGURES.map(([heading]) => ({ heading }))],
    rows,
  }
}
