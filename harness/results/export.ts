import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import { fileNamesFor, folderFailure, makeFolders, replaceFile } from './files.ts'
import { histogramLog, percentileDistribution } from './histogram.ts'
import { type Report, reportSchema, SCHEMA_VERSION, type Trial, type TrialSet } from './schema.ts'

/** A JSON Schema of draft 2020-12, or a part of one: what of it is read here. */
interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
}

/**
 * The shape of `report.json` for programs in other languages, made from `reportSchema`. It allows properties that it does
 * not name: fields may be added without a new version, and readers pass over them. Some milliseconds.
 */
export function reportJsonSchema(): JsonSchema {
  const { $schema, ...shape } = z.toJSONSchema(reportSchema, { io: 'input' })
  return {
    $schema,
    title: `report.json of crossover, schemaVersion ${SCHEMA_VERSION}`,
    ...shape,
  } as JsonSchema
}

/** A figure by its place in `report.json`. */
interface Column<Of> {
  /** The path below the trial, stage or class, e.g. `percentiles.p99.ns`: the last part says the unit. */
  readonly name: string
  readonly read: (of: Of) => Cell
}
/** Null: not available, an empty cell. */
type Cell = string | number | boolean | null

/** Whole histograms: `.hlog` files hold them. */
const LEFT_OUT = 'histogram'
const SCALARS = new Set(['string', 'number', 'integer', 'boolean'])

/**
 * Every figure of a trial, or of a stage or class in it, in the order of the schema, so that each report of a version has the same
 * columns and new fields come by themselves. Lists and records of scalars are one text cell (`a; b`, `name=value; …`); threads,
 * windows, gates, stages and classes, lists of objects, are left out.
 */
function columnsOf<Of>(schema: JsonSchema): readonly Column<Of>[] {
  return pathsBelow(schema, []).map((path) => ({
    name: path.join('.'),
    read: (of) => cellOf(path.reduce<unknown>(propertyOf, of)),
  }))
}

function trialSchema(): JsonSchema {
  const sets = reportJsonSchema().properties?.['loads']?.items?.properties?.['sets']
  const trial = sets?.items?.properties?.['trials']?.additionalProperties
  if (typeof trial !== 'object') throw new TypeError('the schema of a report has no trials')
  return trial
}

function partSchema(parts: TrialParts): JsonSchema {
  const list = trialSchema().properties?.[parts]?.anyOf?.find(({ items }) => items)
  if (list?.items === undefined) throw new TypeError(`the schema of a trial has no ${parts}`)
  return list.items
}

function pathsBelow(schema: JsonSchema, path: readonly string[]): readonly (readonly string[])[] {
  const solid = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema
  if (solid.properties !== undefined) {
    return Object.entries(solid.properties).flatMap(([name, property]) =>
      name === LEFT_OUT ? [] : pathsBelow(property, [...path, name]),
    )
  }
  const { items, additionalProperties } = solid
  const inner = items ?? (typeof additionalProperties === 'object' ? additionalProperties : solid)
  return isScalar(inner) ? [path] : []
}

function isScalar({ type }: JsonSchema): boolean {
  return [type].flat().some((one) => one !== undefined && SCALARS.has(one))
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : null
}

function cellOf(value: unknown): Cell {
  if (Array.isArray(value)) return value.join('; ')
  if (typeof value === 'object' && value !== null) return listed(value)
  return (value ?? null) as Cell
}

/** `name=value; …` */
function listed(values: object): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join('; ')
}

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
  const columns = columnsOf<Trial>(trialSchema())
  const rows = placedTrials(report).map((placed) => [
    ...PLACE_COLUMNS.map(([, read]) => read(report, placed)),
    ...columns.map(({ read }) => read(placed.trial)),
  ])
  return tableOf([...PLACE_COLUMNS.map(([name]) => name), ...namesOf(columns)], rows)
}

/** Lists of a trial that have tables of their own, and the column that numbers their items from 1. */
const NUMBERED = { stages: 'stage', classes: 'class' } as const
type TrialParts = keyof typeof NUMBERED

/** `stages.csv` and `classes.csv`: the same with a row for every stage, or class of requests, of every trial of which that is known. */
export function partTable(report: Report, parts: TrialParts): string {
  const columns = columnsOf<unknown>(partSchema(parts))
  const rows = placedTrials(report).flatMap((placed) => {
    const { arm, void: cause, offeredPerSecond } = placed.trial
    const place = [...PLACE_COLUMNS.map(([, read]) => read(report, placed)), arm, cause]
    return (placed.trial[parts] ?? []).map((part, index) => [
      ...place,
      offeredPerSecond,
      index + 1,
      ...columns.map(({ read }) => read(part)),
    ])
  })
  const own = ['arm', 'void', 'offeredPerSecond', NUMBERED[parts]]
  return tableOf([...PLACE_COLUMNS.map(([name]) => name), ...own, ...namesOf(columns)], rows)
}

function namesOf(columns: readonly { readonly name: string }[]): readonly string[] {
  return columns.map(({ name }) => name)
}

function tableOf(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return stringify([header, ...rows], {
    record_delimiter: '\r\n',
    escape_formulas: true,
    cast: { boolean: String },
  })
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

/** A file made from a report. */
export interface ExportFile {
  /** Inside the report's folder. */
  readonly name: string
  readonly content: string
}

/** `<arm>.hlog`: the histograms of each arm as a log, tagged with their loads. */
export function histogramLogFiles(report: Report): readonly ExportFile[] {
  return [...fileNamesFor(report.arms.map(({ label }) => label))].map(([label, name]) => ({
    name: `${name}.hlog`,
    content: histogramLog(report, label),
  }))
}

/** `<arm>-<load>.hgrm`: the percentile distribution of each arm at each load with a latency. */
export function distributionFiles(report: Report): readonly ExportFile[] {
  const cells = report.loads.flatMap((load) =>
    report.arms.map(({ label }) => ({ load, label, key: `${label}\n${load.label}` })),
  )
  const names = fileNamesFor(cells.map(({ key }) => key))
  return cells.flatMap(({ load, label, key }) => {
    const content = percentileDistribution(report, load, label)
    return content === null ? [] : [{ name: `${names.get(key)}.hgrm`, content }]
  })
}

/** `trials.csv`, a row per trial; `stages.csv` and `classes.csv`, a row per stage and per class of each, where any is known. */
export function tableFiles(report: Report): readonly ExportFile[] {
  const trials = placedTrials(report)
  const parts = (['stages', 'classes'] as const).filter((name) =>
    trials.some(({ trial }) => trial[name] !== null),
  )
  return [
    { name: 'trials.csv', content: trialTable(report) },
    ...parts.map((name) => ({ name: `${name}.csv`, content: partTable(report, name) })),
  ]
}

/** Writes the files into the folder, made if it is missing, each as a whole. Throws like `ReportFolder`. */
export function saveFiles(folder: string, files: readonly ExportFile[]): void {
  try {
    makeFolders(folder)
  } catch (error) {
    throw folderFailure(folder, error)
  }
  for (const { name, content } of files) replaceFile('report', join(folder, name), content)
}
