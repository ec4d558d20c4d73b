import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { usageError } from '../base/errors.ts'
import { fileNameFor } from './file-name.ts'
import { type LoadedReport, loadReport } from './load.ts'
import { KINDS } from './kinds.ts'
import type { Report } from './schema.ts'

/**
 * The reports at a path, one of each scenario and parameters: a `report.json`, the folder of a run, or a folder of such
 * folders as `crossover run --all` makes. Throws a usage error when there is none, when one cannot be read, and when two
 * are of the same.
 */
export function loadReports(path: string): readonly LoadedReport[] {
  const folders = runFolders(path)
  if (folders.length === 0) return [loadReport(path)]
  const loaded = folders.map((folder) => loadReport(folder))
  refuseTwice(path, loaded)
  return loaded
}

/**
 * The report of one scenario at a path, without reading those of others; null when a folder of many holds none of it.
 * Throws like `loadReports`.
 */
export function loadReportOf(path: string, scenario: string): LoadedReport | null {
  if (runFolders(path).length === 0) return loadReport(path)
  const folder = join(path, fileNameFor(scenario))
  if (existsSync(join(folder, KINDS.run.file))) return loadReport(folder)
  return loadReports(path).find(({ report }) => report.scenario.name === scenario) ?? null
}

/** Folders of runs inside a folder that is not one itself, in order; empty for everything else. */
function runFolders(path: string): readonly string[] {
  if (!isFolder(path) || existsSync(join(path, KINDS.run.file))) return []
  return readdirSync(path)
    .toSorted()
    .map((name) => join(path, name))
    .filter((folder) => existsSync(join(folder, KINDS.run.file)))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function refuseTwice(path: string, loaded: readonly LoadedReport[]): void {
  const files = new Map<string, string>()
  for (const { report, file } of loaded) {
    const subject = subjectOf(report)
    const other = files.get(subject)
    if (other !== undefined) {
      throw usageError(
        'compare-twice',
        `folder holds two reports of ${report.scenario.name} with the same parameters: ${other} and ${file}`,
        `name one of them instead of ${path}`,
      )
    }
    files.set(subject, file)
  }
}

/** What a report is about: two of the same cannot both be compared. */
function subjectOf({ scenario: { name, params } }: Report): string {
  return JSON.stringify([name, Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
