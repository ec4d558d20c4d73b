import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { LoadedScenario } from '../asked/requests.ts'
import type { TransportName } from '../asked/transport.ts'
import { type CrossoverError, usageError } from '../base/errors.ts'
import { shownText } from '../base/text.ts'
import { READ_OPERATION, UPDATE_OPERATION } from '../contract/request.ts'
import { logWorkload, type RequestLog, RequestLogBuilder } from '../workload/request-log.ts'
import { counted, formatWhole } from '../words/format.ts'
import { INSTANT_CURE, parseInstant } from './log-instants.ts'
import {
  accessCells,
  cellOf,
  type Cells,
  type Column,
  type ColumnNames,
  COLUMNS,
  columnsCure,
  EXAMPLE,
  isForeign,
  type LogShape,
  OWN_NAMES,
  OWN_SHAPE,
} from './log-shape.ts'
import { type LogTaker, readLogText } from './log-text.ts'

const OPERATIONS: ReadonlyMap<string, number> = new Map([
  ['read', READ_OPERATION],
  ['get', READ_OPERATION],
  ['head', READ_OPERATION],
  ['update', UPDATE_OPERATION],
  ['put', UPDATE_OPERATION],
  ['set', UPDATE_OPERATION],
  ['post', UPDATE_OPERATION],
  ['patch', UPDATE_OPERATION],
])
/** Operations that a log may have and that are not played. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['insert', 'every key of the log is stored before the first request: write update in its place'],
  ['delete', 'no record is ever deleted: leave these lines out'],
])

const MOST_REQUESTS = 10_000_000
const MOST_VALUE_BYTES = 8_192
/** A clock that was set right; more than what a log is unsorted by. */
const CLOCK_JUMP_SECONDS = 60

/**
 * Reads a log of requests, a request per line, in the order of their instants. Streams: a million lines take about two
 * seconds. Logs of our own shape are refused at their first mistake; of those that others wrote (any other format, or columns
 * by other names) what cannot be played is left out, and told in the log's `notes`.
 * @param mostRequests a longer log is refused. @default 10 million
 * @throws CrossoverError of kind `usage` that names file, line and column, and what would be right.
 */
export async function readRequestLog(
  path: string,
  mostRequests: number = MOST_REQUESTS,
  shape: LogShape = OWN_SHAPE,
): Promise<RequestLog> {
  const lines = new LogLines(path, mostRequests, shape)
  return lines.finish(await readLogText(path, lines.taker))
}

/** Lines of a log, one after the other. */
class LogLines {
  /** Of the text, by the log's format. */
  readonly taker: LogTaker
  readonly #path: string
  readonly #mostRequests: number
  readonly #shape: LogShape
  readonly #names: ColumnNames
  /** Whether somebody else wrote it. */
  readonly #isForeign: boolean
  readonly #builder = new RequestLogBuilder()
  /** Where each column stands; undefined before the heading line. */
  #places: Readonly<Record<Column, number>> | undefined
  #columnCount = 0
  /** `seconds` or `date`, as the first instant is written. */
  #form: 'seconds' | 'date' | undefined
  /** The largest step forward from one request to the next: where a clock may have been wrong. */
  #jump = { line: 0, from: 0, seconds: 0 }
  /** Lines that were left out, by why; the first of them. */
  readonly #dropped = new Map<string, number>()
  #firstDropped: CrossoverError | undefined
  #cutValues = 0

  constructor(path: string, mostRequests: number, shape: LogShape) {
    this.#path = path
    this.#mostRequests = mostRequests
    this.#shape = shape
    this.#names = shape.columns ?? OWN_NAMES
    this.#isForeign = isForeign(shape)
    this.taker =
      shape.format === 'csv'
        ? { takeRecord: (fields, line) => this.#takeRecord(fields, line) }
        : { takeLine: (text, line) => this.#takeLine(text, line) }
  }

  #takeRecord(fields: readonly string[], line: number): void {
    if (this.#places === undefined) {
      this.#places = this.#readHeading(fields, line)
      this.#columnCount = fields.length
      return
    }
    if (fields.length !== this.#columnCount) {
      this.#refuse(
        'another number of columns',
        this.#fault(
          line,
          `${fields.length} columns, and the heading line has ${this.#columnCount}`,
          'texts with a comma stand in double quotes',
        ),
      )
      return
    }
    const { instant, operation, key, bytes } = this.#places
    this.#take(
      {
        instant: fields[instant]!,
        operation: fields[operation]!,
        key: fields[key]!,
        bytes: fields[bytes]!,
      },
      line,
    )
  }

  #takeLine(text: string, line: number): void {
    const cells = this.#shape.format === 'json' ? this.#jsonCells(text, line) : accessCells(text)
    if (cells !== null) this.#take(cells, line)
    else
      this.#refuse(
        'not readable',
        this.#fault(
          line,
          `not a line of format ${this.#shape.format}: ${shownText(text)}`,
          this.#shape.format === 'json'
            ? 'an object per line: {"instant":0.25,"operation":"get","key":"user:17","bytes":100}'
            : 'as nginx and Apache write it: 127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 2326',
        ),
      )
  }

  #jsonCells(text: string, line: number): Cells | null {
    let record: unknown
    try {
      record = JSON.parse(text)
    } catch {
      return null
    }
    if (typeof record !== 'object' || record === null || Array.isArray(record)) return null
    const cells = COLUMNS.map((column) => [column, cellOf(record, this.#names[column])] as const)
    const missing = cells.find(([column, cell]) => cell === undefined && column !== 'bytes')?.[0]
    // Of every line, or it is that one's fault.
    if (missing !== undefined && this.#builder.count === 0)
      throw this.#fault(
        line,
        `no field ${this.#names[missing]}: ${shownText(Object.keys(record).join(','))}`,
        columnsCure(this.#shape, Object.keys(record)),
      )
    return missing === undefined
      ? (Object.fromEntries(cells.map(([column, cell]) => [column, cell ?? ''])) as Cells)
      : null
  }

  #take(cells: Cells, line: number): void {
    if (this.#builder.count === this.#mostRequests) {
      throw this.#fault(
        line,
        `more than ${formatWhole(this.#mostRequests)} requests`,
        `cut it, e.g. head -n ${this.#mostRequests + 1} ${basename(this.#path)} > part.csv`,
      )
    }
    // One fault of a line is enough; the instant comes last, since it is compared with that of the next.
    const operation = this.#operation(cells.operation, line)
    if (operation === undefined) return
    const key = this.#key(cells.key, line)
    if (key === undefined) return
    const bytes = this.#bytes(cells.bytes, operation, line)
    if (bytes === undefined) return
    const instant = this.#instant(cells.instant, line)
    if (instant === undefined) return
    this.#builder.add(instant, operation, key, bytes)
  }

  finish(sha256: string): RequestLog {
    if (this.#builder.count === 0) {
      if (this.#firstDropped !== undefined) throw this.#firstDropped
      throw usageError('trace-empty', `${this.#path}: no requests in it`, EXAMPLE)
    }
    const origin = { file: basename(this.#path), sha256 }
    const log = this.#builder.finish(origin, this.#shape.spread)
    if (log !== undefined) return { ...log, notes: this.#notes(log.unordered) }
    throw usageError(
      'trace-pace',
      `${this.#path}: all requests have the same instant, so they have no pace`,
      'a log needs requests at two instants or more',
    )
  }

  /** What was read of a log that somebody else wrote. */
  #notes(unordered: number): string[] {
    if (!this.#isForeign) return []
    const left = [...this.#dropped.values()].reduce((sum, lines) => sum + lines, 0)
    const why = Array.from(this.#dropped, ([reason, lines]) => `${formatWhole(lines)} ${reason}`)
    return [
      `${counted(this.#builder.count, 'line')} read`,
      left === 0 ? 'none left out' : `${formatWhole(left)} left out (${why.join(', ')})`,
      ...(this.#cutValues > 0
        ? [`${counted(this.#cutValues, 'value')} cut to ${formatWhole(MOST_VALUE_BYTES)} bytes`]
        : []),
      ...(unordered > 0 ? [`${counted(unordered, 'line')} out of order, sorted by instant`] : []),
    ]
  }

  #readHeading(fields: readonly string[], line: number): Record<Column, number> {
    const names = fields.map((name) => name.toLowerCase())
    const wanted = COLUMNS.map((column) => this.#names[column].toLowerCase())
    const missing = wanted.find((name) => !names.includes(name))
    if (missing !== undefined) {
      throw this.#fault(
        line,
        `no column ${missing} in the heading line: ${shownText(names.join(','))}`,
        columnsCure(this.#shape, names, fields.join(',')),
      )
    }
    const twice = wanted.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
    if (twice !== undefined)
      throw this.#fault(line, `two columns ${twice} in the heading line`, `keep one of them`)
    const places = COLUMNS.map((column, at) => [column, names.indexOf(wanted[at]!)])
    return Object.fromEntries(places) as Record<Column, number>
  }

  #instant(text: string, line: number): number | undefined {
    const instant = parseInstant(text)
    if ('fault' in instant)
      return this.#refuse(
        'without an instant',
        this.#fault(line, shownText(instant.fault, 200), instant.cure),
      )
    this.#form ??= instant.form
    if (instant.form !== this.#form)
      throw this.#fault(
        line,
        `instant is not written as in the first request: ${shownText(text)}`,
        INSTANT_CURE,
      )
    const { seconds } = instant
    const latest = this.#builder.latestInstant
    if (seconds < latest && !this.#isForeign) throw this.#backwards(text, seconds, line)
    if (seconds < latest && latest - seconds > CLOCK_JUMP_SECONDS)
      throw this.#backwards(text, seconds, line)
    if (seconds - latest > this.#jump.seconds && this.#builder.count > 0)
      this.#jump = { line, from: latest, seconds: seconds - latest }
    return seconds
  }

  #backwards(text: string, seconds: number, line: number): CrossoverError {
    const { line: first, from, seconds: length } = this.#jump
    // The clock went ahead, and comes back to where it was: what is wrong is what stands between.
    if (length > CLOCK_JUMP_SECONDS && seconds >= from) {
      const lines = first === line - 1 ? `line ${first} is` : `lines ${first} to ${line - 1} are`
      return this.#fault(
        first,
        `instant is ahead of those around it: this line goes on by ${formatWhole(Math.round(length))} s, and line ${line} is back: ${shownText(text)}`,
        `${lines} of a clock that was wrong: correct or leave out`,
      )
    }
    return this.#fault(
      line,
      `instant is before that of the request above: ${shownText(text)}`,
      'sort the lines by their instants, or leave out those of a wrong clock: nothing is sorted here, since it would hide a wrong clock or column',
    )
  }

  #operation(text: string, line: number): number | undefined {
    const name = text.toLowerCase()
    const operation = OPERATIONS.get(name)
    if (operation !== undefined) return operation
    const refused = REFUSED.get(name)
    return this.#refuse(
      text === '' ? 'without an operation' : shownText(text, 20),
      this.#fault(
        line,
        refused === undefined
          ? `operation is unknown: ${shownText(text) || '(empty)'}`
          : `operation is not played: ${text}`,
        refused ?? 'read or get, update or put or set; of HTTP also head, post and patch',
      ),
    )
  }

  #key(text: string, line: number): string | undefined {
    if (text !== '') return text
    return this.#refuse(
      'without a key',
      this.#fault(line, 'key is empty', 'any text, the same for the same record'),
    )
  }

  /** A read may leave it empty: a log often has no size of what was not found. */
  #bytes(text: string, operation: number, line: number): number | undefined {
    if (text === '' && (operation === READ_OPERATION || this.#isForeign)) return 0
    const bytes = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (bytes <= MOST_VALUE_BYTES) return bytes
    if (bytes > MOST_VALUE_BYTES && this.#isForeign) {
      this.#cutValues++
      return MOST_VALUE_BYTES
    }
    return this.#refuse(
      'without a size',
      this.#fault(
        line,
        `bytes is not a size of a value: ${shownText(text) || '(empty)'}`,
        `a whole number up to ${formatWhole(MOST_VALUE_BYTES)}, version and checksum included (8 bytes); reads may leave it empty`,
      ),
    )
  }

  /** Throws; leaves the line out where somebody else wrote the log. */
  #refuse(why: string, fault: CrossoverError): undefined {
    if (!this.#isForeign) throw fault
    this.#firstDropped ??= fault
    // So that a log of anything else does not fill the memory.
    const reason = this.#dropped.size < MOST_REASONS ? why : 'others'
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1)
    return undefined
  }

  #fault(line: number, fault: string, cure: string): CrossoverError {
    return usageError('trace-line', `${this.#path}:${line}: ${fault}`, cure)
  }
}

const MOST_REASONS = 8

/** Logs that were read, by their path and shape: a pipe can be read but once, and several scenarios may play it. */
const READ = new Map<string, Promise<RequestLog>>()

/**
 * Reads the log behind `--trace`; what was read before and did not change since is not read again.
 * @throws CrossoverError of kind `usage` when it is none, or is to be played over real sockets.
 */
export async function readTrace(
  path: string,
  transport: TransportName,
  shape: LogShape = OWN_SHAPE,
): Promise<RequestLog> {
  if (transport !== 'replay')
    throw usageError(
      'conflict',
      `--trace ${path} and --transport ${transport} exclude each other`,
      'leave out one: clients of real sockets draw their requests themselves',
    )
  const state = statSync(path, { throwIfNoEntry: false })
  const change = state?.isFile() ? [state.ino, state.mtimeMs, state.size] : []
  const name = JSON.stringify([path, shape, change])
  const known = READ.get(name) ?? readRequestLog(path, MOST_REQUESTS, shape)
  READ.set(name, known)
  return known
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
