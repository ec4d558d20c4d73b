import { stringify } from 'csv-stringify/sync'
import type { Report, Trial, TrialSet } from './schema.ts'
import { type Cell, listed, type TrialColumn, trialColumns } from './trial-table-columns.ts'

/** A trial and where it stands in its report. */
interface PlacedTrial {
  readonly trial: Trial
  /** `counted`, unless it is void; `repeated`: its set was played again, and it counts nowhere. */
  readonly role: 'counted' | 'repeated'
  readonly load: string
  readonly fractionOfCapacity: number | null
  /** From 1. */
  readonly round: number
  readonly seed: number
  /** From 1, the order in which the trials of its set ran. */
  readonly position: number | null
  /** Why its set was played again; null for a set that counts. */
  readonly repeatedFor: string | null
}

/** What is the same for all trials, or their place, before the figures of each. */
const PLACE_COLUMNS: readonly (readonly [
  name: string,
  read: (report: Report, placed: PlacedTrial) => Cell,
])[] = [
  ['run', ({ run }) => run.id],
  ['startedAt', ({ run }) => run.startedAt],
  ['scenario', ({ scenario }) => scenario.name],
  ['params', ({ scenario }) => listed(scenario.params)],
  ['transport', ({ run }) => run.transport.kind],
  ['virtualCores', ({ run }) => run.virtualCores],
  ['load', (_, { load }) => load],
  ['fractionOfCapacity', (_, { fractionOfCapacity }) => fractionOfCapacity],
  ['round', (_, { round }) => round],
  ['seed', (_, { seed }) => seed],
  ['position', (_, { position }) => position],
  ['role', (_, { role }) => role],
  ['repeatedFor', (_, { repeatedFor }) => repeatedFor],
  ['architecture', architectureOf],
  [
    'failedGates',
    (_, { trial }) =>
      trial.gates
        .filter(({ passed }) => !passed)
        .map(({ name }) => name)
        .join('; '),
  ],
]

/**
 * `trials.csv`: a row for every trial, repeated and void ones included; RFC 4180, UTF-8. Texts that a spreadsheet would
 * take for a formula begin with an apostrophe. Numbers have all their digits; what is not available is empty.
 */
export function trialTable(report: Report): string {
  const columns = trialColumns()
  const rows = placedTrials(report).map((placed) => rowOf(report, placed, columns))
  const header = [...PLACE_COLUMNS.map(([name]) => name), ...columns.map(({ name }) => name)]
  return stringify([header, ...rows], {
    record_delimiter: '\r\n',
    escape_formulas: true,
    cast: { boolean: String },
  })
}

function rowOf(
  report: Report,
  placed: PlacedTrial,
  columns: readonly TrialColumn[],
): readonly Cell[] {
  return [
    ...PLACE_COLUMNS.map(([, read]) => read(report, placed)),
    ...columns.map(({ read }) => read(placed.trial)),
  ]
}

function placedTrials({ loads }: Report): readonly PlacedTrial[] {
  return loads.flatMap(({ label, fractionOfCapacity, sets }) =>
    sets.flatMap(({ round, seed, order, trials, discarded }) => {
      const placed = (of: TrialSet['trials'], repeatedFor: string | null) =>
        Object.values(of).map((trial): PlacedTrial => ({
          trial,
          role: repeatedFor === null ? 'counted' : 'repeated',
          load: label,
          fractionOfCapacity,
          round: round + 1,
          seed,
          position: positionIn(order, trial),
          repeatedFor,
        }))
      return [
        ...placed(trials, null),
        ...discarded.flatMap(({ cause, arm, trials: again }) =>
          placed(again, `${cause} of ${arm}`),
        ),
      ]
    }),
  )
}

function positionIn(order: readonly string[], { arm }: Trial): number | null {
  const index = order.indexOf(arm)
  return index < 0 ? null : index + 1
}

function architectureOf({ arms }: Report, { trial }: PlacedTrial): Cell {
  return arms.find(({ label }) => label === trial.arm)?.architecture ?? null
}
