import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { type CrossoverError, usageError } from '../base/errors.ts'
import { findOutOfBounds } from './bounds.ts'
import { jsonPlace, pathText } from './failure.ts'
import { failureCode, failureReason } from './files.ts'
import { KIND_NAMES, type KindName, KINDS, SHAPES } from './kinds.ts'
import { loadReport } from './load.ts'
import type { Report } from './schema.ts'

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
interface IndexSources {
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

/** A measurement as its file has it. */
export type Measurement =
  | { readonly kind: 'run'; readonly content: Report }
  | {
      readonly [Kind in keyof typeof SHAPES]: {
        readonly kind: Kind
        readonly content: z.infer<(typeof SHAPES)[Kind]['schema']>
      }
    }[keyof typeof SHAPES]

const CURE = 'it was changed or damaged: restore the file, or measure again'

/**
 * Reads a measurement of any kind; reports of earlier versions as `loadReport` does. Throws a usage error of one line that
 * says which file and what is wrong with it. Tens of milliseconds for a report.
 */
export function loadMeasurement({ kind, file }: IndexSource): Measurement {
  if (kind === 'run') return { kind, content: loadReport(file).report }
  const { schema, version } = SHAPES[kind]
  // The table pairs each kind with the schema of its content.
  return { kind, content: load<unknown>(kind, file, schema, version) } as Measurement
}

function load<Content>(
  kind: KindName,
  file: string,
  schema: z.ZodType<Content>,
  version: number,
): Content {
  const text = readText(kind, file)
  const content = parseJson(kind, file, text)
  const written = writtenVersion(content)
  if (written !== undefined && written > version) {
    throw usageError(
      'measurement-version',
      `${kind} has version ${written}, this crossover reads ${version}: path=${file}`,
      'read it with the crossover that wrote it or a later one',
    )
  }
  const beyond = findOutOfBounds(content)
  if (beyond !== undefined)
    throw invalid(
      `${kind} is out of bounds: ${pathText(beyond.path)}: ${beyond.what}`,
      file,
      undefined,
    )
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = (issue?.path ?? []).map(String).join('.') || 'the whole'
  throw invalid(
    `${kind} does not have the expected shape: ${place}: ${issue?.message ?? 'unknown'}`,
    file,
    parsed.error,
  )
}

function readText(kind: string, file: string): string {
  try {
    // An editor may have put a byte order mark before it.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw usageError(
      'measurement-unreadable',
      `cannot read the ${kind}: ${failureReason(error)}: path=${file}`,
      'make the file readable, or move it away',
      error,
    )
  }
}

function parseJson(kind: string, file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (text.trim() === '') throw invalid(`${kind} is empty`, file, error)
    const { isCutOff, where } = jsonPlace(text, error)
    const place = where === null ? '' : ` at ${where}`
    throw invalid(`${kind} is ${isCutOff ? 'cut off' : 'not valid JSON'}${place}`, file, error)
  }
}

/** Undefined for what has no version: the schema then says what is missing. */
function writtenVersion(content: unknown): number | undefined {
  if (typeof content !== 'object' || content === null) return undefined
  const fields: { schemaVersion?: unknown; validationVersion?: unknown } = content
  const version = fields.schemaVersion ?? fields.validationVersion
  return typeof version === 'number' ? version : undefined
}

function invalid(what: string, file: string, cause: unknown): CrossoverError {
  return usageError('measurement-invalid', `${what}: path=${file}`, CURE, cause)
}
