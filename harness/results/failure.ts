import type { z } from 'zod'
import { type CrossoverError, usageError } from '../base/errors.ts'
import { formatWhole } from '../base/text.ts'
import { READABLE_VERSIONS } from './migrate.ts'

/** Where a text stops being JSON. */
export interface JsonPlace {
  /** The text ends too early: nothing before its end is wrong. */
  readonly isCutOff: boolean
  /** `byte 1,000 (line 40, column 7)`, counted from 1; null when it cannot be told. */
  readonly where: string | null
}

/** Characters of the text that V8 quotes before and behind an unexpected one. */
const QUOTED_AROUND = 10

/** Finds the place in what `JSON.parse` says about the text: V8 names a position, the end, or quotes what is around it. */
export function jsonPlace(text: string, error: unknown): JsonPlace {
  const offset = offsetIn(text, error instanceof Error ? error.message : '')
  if (offset === null) return { isCutOff: false, where: null }
  const before = text.slice(0, offset)
  const lines = before.split('\n')
  const byte = formatWhole(Buffer.byteLength(before) + 1)
  return {
    isCutOff: offset >= text.trimEnd().length,
    where: `byte ${byte} (line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1})`,
  }
}

function offsetIn(text: string, message: string): number | null {
  if (message === 'Unexpected end of JSON input') return text.length
  const position = / at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Number(position)
  const quoted = /^Unexpected token .*?, (\.\.\.)?"(.*)"(\.\.\.)? is not valid JSON$/su.exec(
    message,
  )
  if (quoted === null) return null
  const [, cutBefore, context = '', cutBehind] = quoted
  if (cutBefore !== undefined) {
    const start = text.indexOf(context)
    return start < 0 ? null : start + QUOTED_AROUND
  }
  return cutBehind === undefined ? null : context.length - QUOTED_AROUND
}

const RESTORE = 'restore the file, or run the scenario again'

/** The file is empty, ends too early, or is no JSON. */
export function syntaxFailure(file: string, text: string, error: unknown): CrossoverError {
  if (text.trim() === '') {
    return usageError('report-truncated', `report is empty: path=${file}`, RESTORE, error)
  }
  const { isCutOff, where } = jsonPlace(text, error)
  const place = where === null ? '' : ` at ${where}`
  return isCutOff
    ? usageError('report-truncated', `report is cut off${place}: path=${file}`, RESTORE, error)
    : usageError(
        'report-invalid',
        `report is not valid JSON: ${said(error)}${place}: path=${file}`,
        `a report is never written by hand: ${RESTORE}`,
        error,
      )
}

/** What the engine says, without the position that it may name and the text that it may quote. */
function said(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message
    .replace(/ in JSON at position \d+.*$/su, '')
    .replace(/, (?:\.\.\.)?".*$/su, '')
    .replace(/[\p{Cc}\p{Cf}]/gu, '?')
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase())
}

/** The file is JSON, and no report. */
export function foreignFailure(file: string, what: string, cure: string): CrossoverError {
  return usageError('report-foreign', `this is ${what}, not a report: path=${file}`, cure)
}

/** Another version than this program can read. */
export function versionFailure(file: string, version: unknown, writer: string): CrossoverError {
  const readable = [READABLE_VERSIONS.slice(0, -1).join(', '), READABLE_VERSIONS.at(-1)].join(
    ' and ',
  )
  if (typeof version !== 'number' || !Number.isInteger(version)) {
    const found = version === undefined ? 'missing' : JSON.stringify(version)
    return usageError(
      'report-invalid',
      `schemaVersion of the report is ${found}, it must be a whole number: path=${file}`,
      `a report is never written by hand: ${RESTORE}`,
    )
  }
  const isNewer = version > Math.max(...READABLE_VERSIONS)
  return usageError(
    'report-version',
    `report has schemaVersion ${version}, this crossover reads ${readable}: path=${file}`,
    isNewer
      ? `read it with the crossover that wrote it (${writer}) or a later one`
      : `read it with the crossover that wrote it (${writer}), or run the scenario again`,
  )
}

/** The report has not the shape of its version: the first place that is wrong, and how many more there are. */
export function shapeFailure(file: string, error: z.ZodError): CrossoverError {
  const [issue, ...others] = error.issues
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const what = (issue?.message ?? 'unknown')
    .replace(/^Invalid (?:input|option): /, '')
    .replace(/^expected (.*), received undefined$/, 'missing, expected $1')
  return usageError(
    'report-invalid',
    `report does not have the expected shape: ${pathText(issue?.path ?? [])}: ${what}${more}: path=${file}`,
    `it was changed or damaged: ${RESTORE}`,
    error,
  )
}

/** The shape is right, and what it says is not possible. */
export function contentFailure(
  file: string,
  path: readonly PropertyKey[],
  what: string,
  cause?: unknown,
): CrossoverError {
  return usageError(
    'report-invalid',
    `report contradicts itself: ${pathText(path)}: ${what}: path=${file}`,
    `it was changed or damaged: ${RESTORE}`,
    cause,
  )
}

/** `loads[0].sets[2].trials["staged:batch=8"].maxNs` */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path
    .map((part) => {
      if (typeof part === 'number') return `[${part}]`
      const name = String(part)
      return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
    })
    .join('')
    .replace(/^\./, '')
  return text === '' ? 'the whole' : text
}
