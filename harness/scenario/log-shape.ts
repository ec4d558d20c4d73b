import { usageError } from '../base/errors.ts'
import { namesCure, shownText } from '../base/text.ts'

/** The columns that a log must have, in any order; others are left alone. */
export const COLUMNS = ['instant', 'operation', 'key', 'bytes'] as const
export type Column = (typeof COLUMNS)[number]

/** Which column of a log has what: `instant` → `timestamp`. */
export type ColumnNames = Readonly<Record<Column, string>>

export const OWN_NAMES: ColumnNames = {
  instant: 'instant',
  operation: 'operation',
  key: 'key',
  bytes: 'bytes',
}

/** How others often call them: for cures, since a column that is guessed may be the wrong one. */
const OTHER_NAMES: Readonly<Record<Column, readonly string[]>> = {
  instant: ['timestamp', 'time', 'ts', 'date', 'datetime', '@timestamp', 'time_iso8601'],
  operation: ['op', 'method', 'verb', 'command', 'request_method', 'type'],
  key: ['path', 'url', 'uri', 'request_uri', 'id', 'object'],
  bytes: ['size', 'length', 'value_size', 'body_bytes_sent', 'bytes_sent', 'content_length'],
}

/** Names of `--trace-format`. */
export const TRACE_FORMATS = ['csv', 'json', 'common', 'combined'] as const
type TraceFormat = (typeof TRACE_FORMATS)[number]

/** How a log is written. */
export interface LogShape {
  readonly format: TraceFormat
  /** Null for our own names. */
  readonly columns: ColumnNames | null
  /** Whether requests of one instant are spread evenly up to the next instant. */
  readonly spread: boolean
}

export const OWN_SHAPE: LogShape = { format: 'csv', columns: null, spread: false }

/** Whether somebody else wrote it. */
export function isForeign({ format, columns }: LogShape): boolean {
  return format !== 'csv' || columns !== null
}

export const EXAMPLE =
  'the first line is instant,operation,key,bytes and the next e.g. 0.25,read,user:17,100'

/** Host, user …, `[date]`, `"request"`, status, size; what stands behind it is left alone. */
const ACCESS_LINE = /^\S+ .*?\[(\d\d\/\w{3}\/[^\]]+)\] "((?:[^"\\]|\\.)*)" \d{3} (\d+|-)(?:\s|$)/
/** As a method is written in it; anything else was no HTTP. */
const ACCESS_REQUEST = /^([A-Z]{1,16}) (\S+)(?: HTTP\/\d(?:\.\d)?)?$/

/** What a request's line says, as text. */
export type Cells = Readonly<Record<Column, string>>

/** A field by its name, or by the way to it: `request.uri`. Undefined for what is no text and no number. */
export function cellOf(record: object, name: string): string | undefined {
  const get = (from: unknown, field: string) =>
    typeof from === 'object' && from !== null && Object.hasOwn(from, field)
      ? (from as Readonly<Record<string, unknown>>)[field]
      : undefined
  const value = get(record, name) ?? name.split('.').reduce(get, record as unknown)
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined
}

/** Null for what is no line of an access log. A request that was no HTTP has no operation. */
export function accessCells(text: string): Cells | null {
  const [, instant, request, size] = ACCESS_LINE.exec(text) ?? []
  if (instant === undefined) return null
  const [, operation = '', key = ''] = ACCESS_REQUEST.exec(request!) ?? []
  return { instant, operation, key, bytes: size === '-' ? '' : size! }
}

/**
 * Reads `instant=timestamp,key=path`; what is not named keeps its name.
 * @throws CrossoverError of kind `usage`.
 */
export function parseColumns(text: string): ColumnNames {
  const names: Record<Column, string> = { ...OWN_NAMES }
  const seen = new Set<Column>()
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=')
    const column = COLUMNS.find((known) => known === pair.slice(0, Math.max(0, at)).trim())
    const name = pair.slice(at + 1).trim()
    if (column === undefined || name === '' || seen.has(column))
      throw usageError(
        'columns',
        `--columns: not a column and its name in the log${column !== undefined && seen.has(column) ? ', or given twice' : ''}: ${shownText(pair) || '(empty)'}`,
        `e.g. --columns instant=timestamp,operation=method,key=path,bytes=size; columns: ${COLUMNS.join(', ')}`,
      )
    seen.add(column)
    names[column] = name
  }
  return names
}

/** What tells how a log is written whose first line is this; null where that is not seen. */
export function formatCure(text: string): string | null {
  if (text.startsWith('{')) return 'add --trace-format json'
  return ACCESS_LINE.test(text) ? 'add --trace-format combined' : null
}

/** Names the columns that are there as they would be given, where each is known by another name. */
export function columnsCure(shape: LogShape, names: readonly string[], text = ''): string {
  const format = formatCure(text)
  if (format !== null) return format
  const guesses = COLUMNS.flatMap((column) => {
    const name = [column, ...OTHER_NAMES[column]].find((other) =>
      names.some((there) => there.toLowerCase() === other),
    )
    return name === undefined ? [] : [[column, name]]
  })
  if (shape.columns !== null || guesses.length < COLUMNS.length)
    return isForeign(shape)
      ? namesCure(
          '',
          names.map((name) => shownText(name)),
          'columns',
        )
      : EXAMPLE
  const others = guesses.filter(([column, name]) => column !== name)
  return `--columns ${others.map((pair) => pair.join('=')).join(',')}, if that is what they mean`
}
