import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type CrossoverError, usageError } from '../base/errors.ts'
import { failureReason } from './file-failure.ts'
import { migrateReport, READABLE_VERSIONS } from './migrate.ts'
import { KINDS, OTHER_FILES, otherMeasurement } from './kinds.ts'
import { findContradiction } from './report-contents.ts'
import {
  contentFailure,
  foreignFailure,
  shapeFailure,
  syntaxFailure,
  versionFailure,
} from './report-failure.ts'
import { type Report, reportSchema } from './schema.ts'

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
