import { basename, dirname } from 'node:path'
import type { CrossoverError } from '../base/errors.ts'
import type { Conditions } from '../results/compare-conditions.ts'
import type { IndexSource } from '../results/index-sources.ts'
import type { KindName } from '../results/kinds.ts'
import type { ComparisonName, Estimate, Report } from '../results/schema.ts'

/** The ratio second ÷ first of one load, or of the loads that both sustain within an objective. */
export interface IndexRatio {
  /** What it is of: `20%: p99`, `Highest load within p99 ≤ 1 ms`. Runs under the same conditions share it. */
  readonly subject: string
  /** As the user wrote it; null for an objective. */
  readonly load: string | null
  readonly metric: ComparisonName
  /** Null when no pair is whole. */
  readonly ratio: Estimate | null
  /** An arm's label, `none`, `inconclusive`; null without a verdict. */
  readonly winner: string | null
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
/** How the names of folders begin, after the start. */
const PREFIXES: Readonly<Partial<Record<KindName, string>>> = {
  sweep: 'sweep-',
  search: 'find-',
  ablation: 'ablate-',
}
const WITHOUT_SCENARIO: ReadonlySet<KindName> = new Set(['catalogue', 'calibration', 'validation'])

/** A row for a file that could not be read: start and scenario are those that its folder is named after. */
export function unreadableRow(source: IndexSource, failure: unknown): UnreadableRow {
  const { kind, file, page } = source
  return {
    state: 'unreadable',
    kind,
    file,
    page,
    startedAt: startInPath(dirname(file)),
    scenarios: WITHOUT_SCENARIO.has(kind) ? [] : [scenarioInPath(kind, file)],
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
export function instantOf(startedAt: string): string | null {
  const ms = Date.parse(startedAt)
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

/** An error that no loader foresaw must not end an index either. */
function problemText(failure: unknown): string {
  const text = failure instanceof Error ? failure.message : String(failure)
  return text.replaceAll(/\s+/g, ' ').trim()
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
  const prefix = PREFIXES[kind] ?? ''
  return name.startsWith(prefix) ? name.slice(prefix.length) : name
}
