import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import type { LoadedScenario } from '../asked/requests.ts'
import type { TransportName } from '../asked/transport.ts'
import { CrossoverError, usageError } from '../base/errors.ts'
import { MS_PER_SECOND } from '../base/units.ts'
import { READ_OPERATION, UPDATE_OPERATION } from '../contract/request.ts'
import { failureReason } from '../results/files.ts'
import { logWorkload, type RequestLog, RequestLogBuilder } from '../workload/request-log.ts'
import { formatWhole } from '../words/format.ts'

/** An instant as a log has it. */
interface LogInstant {
  readonly form: 'seconds' | 'date'
  /** Since the Unix epoch, or since whatever the log counts from. */
  readonly seconds: number
}

const SECONDS = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i
/** Whole seconds, their fraction, the zone. */
const DATE = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)$/i
/** The year 5138: who means milliseconds is above it. */
const MOST_SECONDS = 1e11

/**
 * Reads `12.5`, `1700000000.25` or `2026-11-24T10:00:00.25Z`; undefined for anything else, milliseconds and a date without
 * its zone among them. To the quarter of a microsecond, which is what a double has of today's dates.
 */
export function parseInstant(text: string): LogInstant | undefined {
  if (SECONDS.test(text)) {
    const seconds = Number(text)
    return Math.abs(seconds) < MOST_SECONDS ? { form: 'seconds', seconds } : undefined
  }
  const [, whole, fraction = '', zone] = DATE.exec(text) ?? []
  if (whole === undefined || zone === undefined) return undefined
  // Date.parse drops what is below a millisecond.
  const wholeMs = Date.parse(`${whole.replace(' ', 'T')}${zone}`)
  if (Number.isNaN(wholeMs)) return undefined
  return { form: 'date', seconds: wholeMs / MS_PER_SECOND + Number(`0${fraction}`) }
}

/** The columns that a log must have, in any order; others are left alone. */
const COLUMNS = ['instant', 'operation', 'key', 'bytes'] as const
type Column = (typeof COLUMNS)[number]

const OPERATIONS: ReadonlyMap<string, number> = new Map([
  ['read', READ_OPERATION],
  ['get', READ_OPERATION],
  ['update', UPDATE_OPERATION],
  ['put', UPDATE_OPERATION],
  ['set', UPDATE_OPERATION],
])
/** Operations that a log may have and that are not played. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['insert', 'every key of the log is stored before the first request: write update in its place'],
  ['delete', 'no record is ever deleted: leave these lines out'],
])

const MOST_REQUESTS = 10_000_000
const MOST_VALUE_BYTES = 8_192
/** Of one line: what is longer is no log. */
const MOST_LINE_BYTES = 65_536
const EXAMPLE =
  'the first line is instant,operation,key,bytes and the next e.g. 0.25,read,user:17,100'

/**
 * Reads a log of requests: CSV with a heading line, a request per line, in the order of their instants. Streams: a
 * million lines take about two seconds.
 * @param mostRequests a longer log is refused. @default 10 million
 * @throws CrossoverError of kind `usage` that names file, line and column, and what would be right.
 */
export async function readRequestLog(
  path: string,
  mostRequests: number = MOST_REQUESTS,
): Promise<RequestLog> {
  const hash = createHash('sha256')
  const lines = new LogLines(path, mostRequests)
  const parser = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    // Counted by us, for messages of our own.
    relax_column_count: true,
    max_record_size: MOST_LINE_BYTES,
    on_record(fields: string[], { lines: line }) {
      lines.take(fields, line)
      return null
    },
  })
  const file = createReadStream(path)
  file.on('data', (chunk) => hash.update(chunk))
  // Nothing comes out of it: the stream must flow nevertheless to come to its end.
  parser.resume()
  try {
    await pipeline(file, parser)
  } catch (error) {
    throw readFailure(path, error)
  }
  return lines.finish(hash.digest('hex'))
}

function readFailure(path: string, error: unknown): CrossoverError {
  if (error instanceof CrossoverError) return error
  if (error instanceof CsvError) {
    return usageError(
      'trace-csv',
      `${path}: not readable as CSV: ${error.message}`,
      `columns are separated by commas, texts with a comma stand in double quotes; ${EXAMPLE}`,
      error,
    )
  }
  return usageError(
    'trace-file',
    `cannot read the log: ${failureReason(error)}: ${path}`,
    '--trace takes the path of a CSV file',
    error,
  )
}

/** Lines of a log, one after the other. */
class LogLines {
  readonly #path: string
  readonly #mostRequests: number
  readonly #builder = new RequestLogBuilder()
  /** Where each column stands; undefined before the heading line. */
  #places: Readonly<Record<Column, number>> | undefined
  #columnCount = 0
  /** `seconds` or `date`, as the first instant is written. */
  #form: 'seconds' | 'date' | undefined

  constructor(path: string, mostRequests: number) {
    this.#path = path
    this.#mostRequests = mostRequests
  }

  take(fields: readonly string[], line: number): void {
    if (this.#places === undefined) {
      this.#places = this.#readHeading(fields, line)
      this.#columnCount = fields.length
      return
    }
    if (fields.length !== this.#columnCount) {
      throw this.#fault(
        line,
        `${fields.length} columns, and the heading line has ${this.#columnCount}`,
        'texts with a comma stand in double quotes',
      )
    }
    if (this.#builder.count === this.#mostRequests) {
      throw this.#fault(
        line,
        `more than ${formatWhole(this.#mostRequests)} requests`,
        `cut it, e.g. head -n ${this.#mostRequests + 1} ${basename(this.#path)} > part.csv`,
      )
    }
    const { instant, operation, key, bytes } = this.#places
    this.#builder.add(
      this.#instant(fields[instant]!, line),
      this.#operation(fields[operation]!, line),
      this.#key(fields[key]!, line),
      this.#bytes(fields[bytes]!, fields[operation]!, line),
    )
  }

  finish(sha256: string): RequestLog {
    if (this.#builder.count === 0) {
      throw usageError('trace-empty', `${this.#path}: no requests in it`, EXAMPLE)
    }
    const log = this.#builder.finish({ file: basename(this.#path), sha256 })
    if (log !== undefined) return log
    throw usageError(
      'trace-pace',
      `${this.#path}: all requests have the same instant, so they have no pace`,
      'a log needs requests at two instants or more',
    )
  }

  #readHeading(fields: readonly string[], line: number): Record<Column, number> {
    const names = fields.map((name) => name.toLowerCase())
    const missing = COLUMNS.find((column) => !names.includes(column))
    if (missing !== undefined) {
      throw this.#fault(
        line,
        `no column ${missing} in the heading line: ${names.join(',')}`,
        EXAMPLE,
      )
    }
    const twice = COLUMNS.find((column) => names.indexOf(column) !== names.lastIndexOf(column))
    if (twice !== undefined)
      throw this.#fault(line, `two columns ${twice} in the heading line`, `keep one of them`)
    const places = COLUMNS.map((column) => [column, names.indexOf(column)])
    return Object.fromEntries(places) as Record<Column, number>
  }

  #instant(text: string, line: number): number {
    const instant = parseInstant(text)
    const cure =
      'seconds as a decimal number, 1700000000.25, or a date, 2026-11-24T10:00:00.25Z; all lines alike'
    if (instant === undefined)
      throw this.#fault(line, `instant is none: ${text || '(empty)'}`, cure)
    this.#form ??= instant.form
    if (instant.form !== this.#form)
      throw this.#fault(line, `instant is not written as in the first request: ${text}`, cure)
    if (instant.seconds < this.#builder.latestInstant) {
      throw this.#fault(
        line,
        `instant is before that of the request above: ${text}`,
        'sort the lines by their instants: nothing is sorted here, since it would hide a wrong clock or column',
      )
    }
    return instant.seconds
  }

  #operation(text: string, line: number): number {
    const name = text.toLowerCase()
    const operation = OPERATIONS.get(name)
    if (operation !== undefined) return operation
    const refused = REFUSED.get(name)
    throw this.#fault(
      line,
      refused === undefined
        ? `operation is unknown: ${text || '(empty)'}`
        : `operation is not played: ${text}`,
      refused ?? 'read or get, update or put or set',
    )
  }

  #key(text: string, line: number): string {
    if (text !== '') return text
    throw this.#fault(line, 'key is empty', 'any text, the same for the same record')
  }

  /** A read may leave it empty: a log often has no size of what was not found. */
  #bytes(text: string, operation: string, line: number): number {
    if (text === '' && OPERATIONS.get(operation.toLowerCase()) === READ_OPERATION) return 0
    const bytes = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (bytes <= MOST_VALUE_BYTES) return bytes
    throw this.#fault(
      line,
      `bytes is not a size of a value: ${text || '(empty)'}`,
      `a whole number up to ${formatWhole(MOST_VALUE_BYTES)}, version and checksum included (8 bytes); reads may leave it empty`,
    )
  }

  #fault(line: number, fault: string, cure: string): CrossoverError {
    return usageError('trace-line', `${this.#path}:${line}: ${fault}`, cure)
  }
}

/**
 * Reads the log behind `--trace`.
 * @throws CrossoverError of kind `usage` when it is none, or is to be played over real sockets.
 */
export async function readTrace(path: string, transport: TransportName): Promise<RequestLog> {
  if (transport === 'replay') return readRequestLog(path)
  throw usageError(
    'conflict',
    `--trace ${path} and --transport ${transport} exclude each other`,
    'leave out one: clients of real sockets draw their requests themselves',
  )
}

/**
 * A scenario that plays a log: its stages, and of its workload the clients and surroundings; records, operations, keys and
 * instants are the log's.
 * @throws CrossoverError of kind `usage` when its requests need what no log says.
 */
export function playLog(loaded: LoadedScenario, log: RequestLog): LoadedScenario {
  const { scenario, params } = loaded
  const workload = scenario.workload(params)
  const needed = (['keysPerRequest', 'document', 'serviceTimes'] as const).find(
    (field) => workload[field] !== undefined,
  )
  if (needed !== undefined)
    throw usageError(
      'trace-scenario',
      `--trace: ${scenario.name} plays no log: its workload has ${needed}, and a log does not say that of its requests`,
      'choose a scenario of reads and updates, such as kv-update, or leave --trace out',
    )
  const played = logWorkload(log, workload)
  return { ...loaded, scenario: { ...scenario, workload: () => played }, log }
}
