import { stringify } from 'csv-stringify/sync'
import type { Report, Trial } from './schema.ts'
import { type Cell, listed, type TrialColumn, trialColumns } from './trial-table-columns.ts'

/** A trial and where it stands in its report. */
interface PlacedTrial {
  readonly trial: Trial
  /** `pair`: it counts, unless it is void; `repeated`: it failed a gate and counts nowhere; `reference`: of that arm. */
  readonly role: 'pair' | 'repeated' | 'reference'
  readonly load: string
  readonly fractionOfCapacity: number | null
  /** From 1; null for the reference. */
  readonly pair: number | null
  readonly seed: number | null
  /** 1 or 2: which trial of its pair came first. */
  readonly position: number | null
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
  ['pair', (_, { pair }) => pair],
  ['seed', (_, { seed }) => seed],
  ['position', (_, { position }) => position],
  ['role', (_, { role }) => role],
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

function placedTrials({ loads, reference }: Report): readonly PlacedTrial[] {
  const paired = loads.flatMap(({ label, fractionOfCapacity, pairs }) =>
    pairs.flatMap(({ seed, order, trials, discarded }, index) => {
      const place = { load: label, fractionOfCapacity, pair: index + 1, seed }
      const placedAs = (role: PlacedTrial['role']) => (trial: Trial) => ({
        ...place,
        trial,
        role,
        position: positionIn(order, trial),
      })
      return [
        ...Object.values(trials).map(placedAs('pair')),
        ...discarded.map(placedAs('repeated')),
      ]
    }),
  )
  const referenced = (reference?.trials ?? []).map((trial): PlacedTrial => ({
    trial,
    role: 'reference',
    load: reference?.loadLabel ?? '',
    fractionOfCapacity: null,
    pair: null,
    seed: null,
    position: null,
  }))
  return [...paired, ...referenced]
}

function positionIn(order: readonly string[], { arm }: Trial): number | null {
  const index = order.indexOf(arm)
  return index < 0 ? null : index + 1
}

function architectureOf({ arms, reference }: Report, { trial }: PlacedTrial): Cell {
  const arm = [...arms, ...(reference === null ? [] : [reference.arm])].find(
    ({ label }) => label === trial.arm,
  )
  return arm?.architecture ?? null
}
