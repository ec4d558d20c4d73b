import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { usageError } from '../base/errors.ts'
import { failureReason } from './file-failure.ts'
import { REPORT_FILE } from './save.ts'
import { type Report, reportSchema, SCHEMA_VERSION } from './schema.ts'

const headerSchema = z.object({
  schemaVersion: z.number(),
  environment: z.object({ crossover: z.string() }).optional().catch(undefined),
})

/**
 * Reads a saved report: the path of a `report.json` or of its folder. Throws a usage error that says which file and
 * what is wrong with it.
 */
export function loadReport(path: string): Report {
  const file = reportFileAt(path)
  const content = parseJson(file, readText(file))
  checkVersion(file, content)
  const parsed = reportSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw usageError(
    'report-invalid',
    `report does not have the expected shape: ${issue?.message ?? 'unknown'} at ${issue?.path.join('.') || 'top'}: path=${file}`,
    'the report was changed or damaged; restore it or run the scenario again',
    parsed.error,
  )
}

/** The file itself when `path` is no folder or cannot be looked at: reading it then says why. */
function reportFileAt(path: string): string {
  try {
    return statSync(path).isDirectory() ? join(path, REPORT_FILE) : path
  } catch {
    return path
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError(
      'report-unreadable',
      `cannot read the report: ${failureReason(error)}: path=${file}`,
      'name the folder of a run, e.g. reports/2026-01-31T12-00-00Z-kv-update',
      error,
    )
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usageError(
      'report-truncated',
      `report is not valid JSON, perhaps cut off: ${text.length} characters: path=${file}`,
      'restore the file or run the scenario again',
      error,
    )
  }
}

function checkVersion(file: string, content: unknown): void {
  const header = headerSchema.safeParse(content)
  if (!header.success) {
    throw usageError(
      'report-invalid',
      `file is not a report of crossover, it has no schemaVersion: path=${file}`,
      'name the report.json of a run, or its folder',
      header.error,
    )
  }
  const { schemaVersion, environment } = header.data
  if (schemaVersion === SCHEMA_VERSION) return
  throw usageError(
    'report-version',
    `report has schema version ${schemaVersion}, this crossover reads version ${SCHEMA_VERSION}: path=${file}`,
    `read it with the crossover that wrote it (${environment?.crossover ?? 'unknown version'})`,
  )
}
