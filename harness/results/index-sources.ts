import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type CrossoverError, usageError } from '../base/errors.ts'
import { failureCode, failureReason } from './file-failure.ts'
import { KIND_NAMES, type KindName, KINDS } from './kinds.ts'

/** Folders below the one that is asked for: a run in a catalogue in an `example/` is three deep. */
const MOST_LEVELS = 4

/** A measurement that was found, not read yet. */
export interface IndexSource {
  readonly kind: KindName
  /** Its JSON. */
  readonly file: string
  /** The page beside it; null when there is none. */
  readonly page: string | null
}

/** What lies in a folder. */
export interface IndexSources {
  readonly sources: readonly IndexSource[]
  /** Folders below it that cannot be looked into. */
  readonly closed: readonly { readonly folder: string; readonly failure: CrossoverError }[]
}

/**
 * All measurements in a folder and up to four levels below it, in the order of their paths; links to folders are not followed,
 * since they may lead in circles, and hidden folders are left out. Throws a usage error when the folder itself cannot be read
 * or nothing is found.
 */
export function findMeasurements(folder: string): IndexSources {
  const sources: IndexSource[] = []
  const closed: { folder: string; failure: CrossoverError }[] = []
  const visit = (path: string, levels: number): void => {
    let entries: readonly Dirent[]
    try {
      entries = readdirSync(path, { withFileTypes: true })
    } catch (error) {
      if (path === folder) throw folderFailure(path, error)
      closed.push({ folder: path, failure: folderFailure(path, error) })
      return
    }
    sources.push(...sourcesAmong(path, entries))
    if (levels === 0) return
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    for (const name of folders.map((entry) => entry.name).toSorted())
      visit(join(path, name), levels - 1)
  }
  visit(folder, MOST_LEVELS)
  if (sources.length === 0 && closed.length === 0) throw emptyFailure(folder)
  return { sources, closed }
}

function sourcesAmong(folder: string, entries: readonly Dirent[]): readonly IndexSource[] {
  const names = new Set(entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name])))
  return KIND_NAMES.filter((kind) => names.has(KINDS[kind].file)).map((kind) => {
    const { file, page } = KINDS[kind]
    const hasPage = page !== null && names.has(page)
    return { kind, file: join(folder, file), page: hasPage ? join(folder, page) : null }
  })
}

function folderFailure(folder: string, error: unknown): CrossoverError {
  const reason =
    failureCode(error) === 'ENOTDIR' ? 'it is a file, not a folder' : failureReason(error)
  return usageError(
    'index-folder',
    `cannot look for runs: ${reason}: path=${folder}`,
    'name the folder that runs were written to, as their --out says (default: reports)',
    error,
  )
}

function emptyFailure(folder: string): CrossoverError {
  return usageError(
    'index-empty',
    `folder holds no run: path=${folder}`,
    'name the folder that runs were written to, or make one: crossover run --profile short',
  )
}
