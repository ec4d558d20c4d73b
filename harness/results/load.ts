import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type CrossoverError, usageError } from '../base/errors.ts'
import { findOutOfBounds } from './bounds.ts'
import {
  contentFailure,
  foreignFailure,
  shapeFailure,
  syntaxFailure,
  versionFailure,
} from './failure.ts'
import { failureReason } from './files.ts'
import { decodeHistogram } from './histogram.ts'
import { KINDS, OTHER_FILES, otherMeasurement } from './kinds.ts'
import { migrateReport, READABLE_VERSIONS } from './migrate.ts'
import { type Report, reportSchema, type Trial, type TrialSet } from './schema.ts'

/** A place in a report whose shape is right and whose content is not possible. */
interface Contradiction {
  readonly path: readonly PropertyKey[]
  readonly what: string
  readonly cause?: unknown
}

/**
 * The first thing in a report that no run writes: a start that is no instant, a trial of an arm that is not compared, a
 * histogram that cannot be decoded or counts other requests than its trial. Undefined when there is none. Decodes every
 * histogram: about a millisecond each.
 */
function findContradiction(report: Report): Contradiction | undefined {
  if (Number.isNaN(Date.parse(report.run.startedAt))) {
    return {
      path: ['run', 'startedAt'],
      what: 'expected an instant, e.g. 2026-01-31T12:00:00.000Z',
    }
  }
  const unknownArms = comparisonContradiction(report)
  if (unknownArms !== undefined) return unknownArms
  for (const { path, trial, arm } of placedTrials(report)) {
    const found = armContradiction(report, path, arm) ?? countContradiction(path, trial)
    if (found !== undefined) return found
  }
  return undefined
}

interface PlacedTrial {
  readonly path: readonly PropertyKey[]
  readonly trial: Trial
  readonly arm: string
}

function* placedTrials({ loads }: Report): Generator<PlacedTrial> {
  for (const [load, { sets }] of loads.entries()) {
    for (const [index, set] of sets.entries()) {
      const place = ['loads', load, 'sets', index]
      yield* trialsAt(place, set)
      for (const [attempt, discarded] of set.discarded.entries()) {
        yield* trialsAt([...place, 'discarded', attempt], discarded)
      }
    }
  }
}

function* trialsAt(
  place: readonly PropertyKey[],
  { trials }: Pick<TrialSet, 'trials'>,
): Generator<PlacedTrial> {
  for (const [arm, trial] of Object.entries(trials)) {
    yield { path: [...place, 'trials', arm], trial, arm }
  }
}

/** A comparison of arms that are not there could not be shown. */
function comparisonContradiction({ arms, comparisons }: Report): Contradiction | undefined {
  const labels = arms.map(({ label }) => label)
  for (const [index, compared] of comparisons.entries()) {
    for (const place of ['first', 'second'] as const) {
      if (labels.includes(compared[place])) continue
      return { path: ['comparisons', index, place], what: noSuchArm(labels) }
    }
  }
  return undefined
}

function armContradiction(
  { arms }: Report,
  path: readonly PropertyKey[],
  arm: string,
): Contradiction | undefined {
  const labels = arms.map(({ label }) => label)
  return labels.includes(arm) ? undefined : { path, what: noSuchArm(labels) }
}

function noSuchArm(labels: readonly string[]): string {
  return `no such arm, expected ${JSON.stringify(labels)}`
}

function countContradiction(
  path: readonly PropertyKey[],
  { histogram, counts }: Trial,
): Contradiction | undefined {
  try {
    const { totalCount } = decodeHistogram(histogram)
    return totalCount === counts.completed
      ? undefined
      : {
          path: [...path, 'counts', 'completed'],
          what: `${counts.completed}, its histogram holds ${totalCount}`,
        }
  } catch (cause) {
    return {
      path: [...path, 'histogram'],
      what: 'expected HdrHistogram V2, compressed, in base64',
      cause,
    }
  }
}

const REPORT_FILE = KINDS.run.file

/** A saved report, and where it came from. */
export interface LoadedReport {
  readonly report: Report
  /** The `report.json` that was read. */
  readonly file: string
  /** The version that was written, before it was made one of the present version. */
  readonly schemaVersion: number
}

/**
 * Reads a saved report: the path of a `report.json` or of its folder. Earlier versions become the present one where
 * nothing must be invented for that. Throws a usage error of one line that says which file, what is wrong with it, where,
 * and what would be right.
 */
export function loadReport(path: string): LoadedReport {
  const file = reportFileAt(path)
  const content = parseJson(file, readText(file))
  const schemaVersion = versionOf(file, content)
  const beyond = findOutOfBounds(content)
  if (beyond !== undefined) throw contentFailure(file, beyond.path, beyond.what)
  migrateReport(content)
  const parsed = reportSchema.safeParse(content)
  if (!parsed.success) throw shapeFailure(file, parsed.error)
  const found = findContradiction(parsed.data)
  if (found !== undefined) throw contentFailure(file, found.path, found.what, found.cause)
  return { report: parsed.data, file, schemaVersion }
}

/** The file itself when `path` is no folder or cannot be looked at: reading it then says why. */
function reportFileAt(path: string): string {
  if (!isFolder(path)) return path
  const file = join(path, REPORT_FILE)
  if (existsSync(file)) return file
  const other = OTHER_FILES.find((name) => existsSync(join(path, name)))
  throw other === undefined ? noReportFailure(path) : otherFailure(join(path, other), {})
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function noReportFailure(folder: string): CrossoverError {
  const newest = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, REPORT_FILE)))
    .toSorted()
    .at(-1)
  const example =
    newest === undefined ? 'reports/2026-01-31T12-00-00Z-kv-update' : join(folder, newest)
  return usageError(
    'report-unreadable',
    `folder holds no ${REPORT_FILE}: path=${folder}`,
    `name the folder of a run, e.g. ${example}`,
  )
}

function readText(file: string): string {
  try {
    // An editor may have put a byte order mark before it.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw usageError(
      'report-unreadable',
      `cannot read the report: ${failureReason(error)}: path=${file}`,
      'name the folder of a run, e.g. reports/2026-01-31T12-00-00Z-kv-update',
      error,
    )
  }
}

function parseJson(file: string, text: string): Record<string, unknown> {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw syntaxFailure(file, text, error)
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
    return content as Record<string, unknown>
  }
  const kind = Array.isArray(content) ? 'a list' : content === null ? 'null' : `a ${typeof content}`
  throw foreignFailure(file, `JSON that is ${kind}`, 'name the report.json of a run, or its folder')
}

/** The version of a report that this program reads. Throws for every other file. */
function versionOf(file: string, content: Record<string, unknown>): number {
  const { schemaVersion } = content
  if (!Object.hasOwn(content, 'loads')) throw otherFailure(file, content)
  if (READABLE_VERSIONS.some((readable) => readable === schemaVersion))
    return schemaVersion as number
  throw versionFailure(file, schemaVersion, writerOf(content))
}

function otherFailure(file: string, content: object): CrossoverError {
  const other = otherMeasurement(file, content)
  return other === undefined
    ? foreignFailure(
        file,
        'JSON without schemaVersion and loads',
        'name the report.json of a run, or its folder',
      )
    : foreignFailure(file, other.what, other.cure)
}

const writerSchema = z.object({ environment: z.object({ crossover: z.string() }) })

function writerOf(content: object): string {
  const writer = writerSchema.safeParse(content)
  return writer.success ? writer.data.environment.crossover : 'unknown version'
}
