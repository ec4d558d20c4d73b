import { basename, dirname } from 'node:path'
import type { CrossoverError } from '../../base/errors.ts'
import { type Conditions, conditionsOf } from '../../compare/conditions.ts'
import type { Catalogue } from '../../results/catalogue.ts'
import { pairReport } from '../../results/compared-pair.ts'
import type { IndexSource, Measurement } from '../../results/history.ts'
import { type KindName, KINDS } from '../../results/kinds.ts'
import type { Report } from '../../results/schema.ts'
import { catalogueSentence } from '../catalogue.ts'
import { headline, notices } from '../report/notices.ts'
import { type JudgedRatio, judgedRatios } from '../report/ratios.ts'
import { partialText } from '../view/measured.ts'
import type { Told } from '../view/view.ts'

/** What a run was judged by; runs under the same conditions share its subject. */
type IndexRatio = Pick<JudgedRatio, 'subject' | 'metric' | 'ratio' | 'winner'> & {
  /** As the user wrote it; null for an objective. */
  readonly load: string | null
}

/** What tells machines apart, as far as they say; memory in bytes. */
export type RowMachine = Pick<
  Report['environment'],
  'cpu' | 'cores' | 'memoryBytes' | 'platform' | 'kernel'
>

interface RowPlace {
  /** The JSON that it was made of. */
  readonly file: string
  /** The page beside it; null when there is none. */
  readonly page: string | null
  /** When it was started, ISO 8601 in UTC; null when that is not known. */
  readonly startedAt: string | null
  /** One for most, several for a catalogue, none where the machine itself was measured. */
  readonly scenarios: readonly string[]
}

/** A measurement, as much of it as an index shows. */
export interface ReadRow extends RowPlace {
  readonly state: 'read'
  readonly kind: KindName
  readonly profile: string | null
  /** Labels. */
  readonly arms: readonly string[]
  /** What was found. */
  readonly sentence: string
  /** What must be known before believing it, e.g. that it is incomplete. */
  readonly notices: readonly string[]
  /** Of a run, in the order of its loads; of others none: what they found is in the sentence. */
  readonly ratios: readonly IndexRatio[]
  /** Null when it was not written yet. */
  readonly machine: RowMachine | null
  /** How many; null where they are not kept. */
  readonly warnings: number | null
  /** Of a run: what must be the same in another one whose ratios stand in one line with its own. */
  readonly conditions: Conditions | null
}

/** A file, or a whole folder, that cannot be shown. */
export interface UnreadableRow extends RowPlace {
  readonly state: 'unreadable'
  readonly kind: KindName | 'folder'
  /** What is wrong with it, one line. */
  readonly problem: string
}

export type IndexRow = ReadRow | UnreadableRow

const FOLDER_NAME = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z-(.*)$/

/** A row for a file that could not be read: start and scenario are those that its folder is named after. */
export function unreadableRow(source: IndexSource, failure: unknown): UnreadableRow {
  const { kind, file, page } = source
  return {
    state: 'unreadable',
    kind,
    file,
    page,
    startedAt: startInPath(dirname(file)),
    scenarios: KINDS[kind].isOfScenario ? [scenarioInPath(kind, file)] : [],
    problem: problemText(failure),
  }
}

/** A row for a folder that cannot be looked into. */
export function closedRow(folder: string, failure: CrossoverError): UnreadableRow {
  return {
    state: 'unreadable',
    kind: 'folder',
    file: folder,
    page: null,
    startedAt: startInPath(folder),
    scenarios: [],
    problem: problemText(failure),
  }
}

/** Newest first; those without a start last, in the order of their paths. */
export function sortedRows(rows: readonly IndexRow[]): readonly IndexRow[] {
  return rows.toSorted((a, b) => {
    const [first, second] = [a.startedAt ?? '', b.startedAt ?? '']
    if (first !== second) return first > second ? -1 : 1
    return a.file < b.file ? -1 : 1
  })
}

/** The start as every row has it; null for a text that is no instant. */
function instantOf(startedAt: string): string | null {
  const ms = Date.parse(startedAt)
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

/** An error that no loader foresaw must not end an index either. */
function problemText(failure: unknown): string {
  const text = failure instanceof Error ? failure.message : String(failure)
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** `2026-11-22 19:53:58 UTC` */
export function instantText(startedAt: string): string {
  return `${startedAt.slice(0, 10)} ${startedAt.slice(11, 19)} UTC`
}

/** Of the nearest folder that is named after one. */
function startInPath(path: string): string | null {
  for (let folder = path; ; folder = dirname(folder)) {
    const named = FOLDER_NAME.exec(basename(folder))
    if (named !== null) return instantOf(`${named[1]}T${named[2]}:${named[3]}:${named[4]}.000Z`)
    if (dirname(folder) === folder) return null
  }
}

function scenarioInPath(kind: KindName, file: string): string {
  const folder = basename(dirname(file))
  const name = FOLDER_NAME.exec(folder)?.[5] ?? folder
  const prefix = KINDS[kind].prefix === '' ? '' : `${KINDS[kind].prefix}-`
  return name.startsWith(prefix) ? name.slice(prefix.length) : name
}

type Shown = Omit<ReadRow, 'state' | 'kind' | 'file' | 'page'>

/**
 * The row of a measurement: keeps nothing of it but what an index shows.
 * @param told what is said of it; a run and a catalogue have rows of their own. @default null
 */
export function readRow(
  { kind, file, page }: IndexSource,
  measurement: Measurement,
  told: Told | null = null,
): ReadRow {
  return { state: 'read', kind, file, page, ...shownOf(measurement, told) }
}

function shownOf(measurement: Measurement, told: Told | null): Shown {
  if (measurement.kind === 'run') return runRow(measurement.content)
  if (measurement.kind === 'catalogue') return catalogueRow(measurement.content)
  return toldRow(measurement.content, told!)
}

const NOTHING = {
  profile: null,
  arms: [],
  notices: [],
  ratios: [],
  machine: null,
  warnings: null,
  conditions: null,
} as const

/** Of its first comparison: what was found beside it is on the run's own page. */
function runRow(report: Report): Shown {
  const pair = pairReport(report)
  const incomplete = partialText('run', report)
  return {
    startedAt: instantOf(report.run.startedAt),
    scenarios: [report.scenario.name],
    profile: report.run.profile,
    arms: pair.arms.map(({ label }) => label),
    sentence: headline(pair),
    notices: [...notices(report), ...(incomplete === null ? [] : [incomplete])],
    ratios: judgedRatios(pair).map(({ subject, load, metric, ratio, winner }) => ({
      subject,
      load: load?.label ?? null,
      metric,
      ratio,
      winner,
    })),
    machine: machineOf(report.environment),
    warnings: report.warnings.length,
    conditions: conditionsOf(report),
  }
}

function catalogueRow(catalogue: Catalogue): Shown {
  const partial = partialText('catalogue', catalogue)
  return {
    ...NOTHING,
    startedAt: instantOf(catalogue.startedAt),
    scenarios: catalogue.scenarios.map(({ name }) => name),
    profile: catalogue.profile,
    sentence: catalogueSentence(catalogue),
    notices: partial === null ? [] : [partial],
    machine: catalogue.environment && machineOf(catalogue.environment),
  }
}

/** What all other kinds have, those of a scenario and those of the machine. */
interface Content {
  readonly startedAt?: string
  readonly run?: { readonly startedAt: string }
  readonly scenario?: { readonly name: string }
  readonly arms?: readonly { readonly label: string }[]
  readonly environment: Report['environment']
  readonly warnings: readonly unknown[]
}

function toldRow(content: Content, { answer, short = answer, partial }: Told): Shown {
  const { run, startedAt = run?.startedAt ?? '', scenario, arms = [] } = content
  return {
    ...NOTHING,
    startedAt: instantOf(startedAt),
    scenarios: scenario === undefined ? [] : [scenario.name],
    arms: arms.map(({ label }) => label),
    sentence: short,
    notices: partial === null ? [] : [partial],
    machine: machineOf(content.environment),
    warnings: content.warnings.length,
  }
}

/** A copy: the rest of an environment is not kept. */
function machineOf({
  cpu,
  cores,
  memoryBytes,
  platform,
  kernel,
}: Report['environment']): RowMachine {
  return { cpu, cores, memoryBytes, platform, kernel }
}
