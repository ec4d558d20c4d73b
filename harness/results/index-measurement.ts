import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { type CrossoverError, usageError } from '../base/errors.ts'
import { failureReason } from './file-failure.ts'
import type { IndexSource } from './index-sources.ts'
import { jsonPlace } from './json-place.ts'
import { type KindName, SHAPES } from './kinds.ts'
import { loadReport } from './load.ts'
import type { Report } from './schema.ts'

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
