import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { CsvError, parse } from 'csv-parse'
import { CrossoverError, usageError } from '../base/errors.ts'
import { shownText } from '../base/text.ts'
import { failureCode, failureReason } from '../results/files.ts'
import { formatCure } from './log-shape.ts'

/** Of one line: what is longer is no log. */
const MOST_LINE_BYTES = 65_536

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** By the bytes that a file begins with; what is named is told to be uncompressed by its own program. */
const SIGNATURES: readonly (readonly [bytes: readonly number[], program: string])[] = [
  [[0x1f, 0x8b], 'gzip'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
  [[0x42, 0x5a, 0x68], 'bzip2'],
  [[0xfd, 0x37, 0x7a, 0x58], 'xz'],
  [[0x50, 0x4b, 0x03, 0x04], 'unzip'],
]
const MOST_SIGNATURE_BYTES = 4
const BYTE_ORDER_MARK = '\uFEFF'

/** How far a log was read, for messages. */
interface Place {
  /** The last line of the latest record. */
  line: number
  /** Its first line, as far as it was in the first chunk. */
  first: string
}

/** Takes the text of a log. */
export interface LogTaker {
  /** Columns of a record of CSV. @param line that it begins in, from 1. */
  readonly takeRecord?: (fields: string[], line: number) => void
  /** A line without its end; empty ones are left out. Absent where the text is CSV. */
  readonly takeLine?: (text: string, line: number) => void
}

/**
 * Reads a log's text once from its beginning to its end, whatever ends its lines (LF, CR LF, CR or all of them), behind a byte
 * order mark or none, compressed by gzip or zstd or not; a pipe, too.
 * @returns SHA-256 of the file as it lies there, hexadecimal.
 * @throws CrossoverError of kind `usage` when there is none, or it is no text.
 */
export async function readLogText(path: string, taker: LogTaker): Promise<string> {
  const hash = createHash('sha256')
  const file = createReadStream(path)
  const place: Place = { line: 0, first: '' }
  try {
    const bytes = hashed(file, hash)
    const head = await firstBytes(bytes)
    const rest = Readable.from(joined(head, bytes), { objectMode: false })
    const decompress = decompressorOf(head, path)
    const isUtf16 = head[0] === 0xff && head[1] === 0xfe
    const texts = (source: AsyncIterable<Buffer>) =>
      plainText(isUtf16 ? fromUtf16(source) : source, path, place)
    const sink = taker.takeLine ? lineSink(path, taker.takeLine) : csvSink(taker.takeRecord!, place)
    await (decompress === null
      ? pipeline(rest, texts, sink)
      : pipeline(rest, decompress, texts, sink))
  } catch (error) {
    throw readFailure(path, error, place)
  } finally {
    file.destroy()
  }
  return hash.digest('hex')
}

async function* hashed(
  file: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  for await (const chunk of file) {
    hash.update(chunk)
    yield chunk
  }
}

/** A pipe may give a byte at a time. */
async function firstBytes(bytes: AsyncGenerator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0)
  while (head.length < MOST_SIGNATURE_BYTES) {
    const { value, done } = await bytes.next()
    if (done === true) break
    head = Buffer.concat([head, value])
  }
  return head
}

async function* joined(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield head
  yield* rest
}

/** Null for what is not compressed. */
function decompressorOf(head: Buffer, path: string) {
  const program = SIGNATURES.find(([bytes]) => bytes.every((byte, at) => head[at] === byte))?.[1]
  if (program === undefined) return null
  if (program === 'gzip') return createGunzip()
  if (program === 'zstd') return createZstdDecompress()
  throw usageError(
    'trace-compressed',
    `${path}: compressed: ${program}`,
    `uncompress it first, or on the way: --trace <(${program} -${program === 'unzip' ? 'p' : 'dc'} ${basename(path)}); gzip and zstd are read as they are`,
  )
}

/** As spreadsheets write it, behind a byte order mark. */
async function* fromUtf16(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-16le')
  for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }))
}

/** Ends every line with a line feed, so that whoever counts them counts right, and refuses what is no text. */
async function* plainText(
  source: AsyncIterable<Buffer>,
  path: string,
  place: Place,
): AsyncGenerator<Buffer> {
  let endsInReturn = false
  for await (const chunk of source) {
    if (place.first === '') place.first = firstLineOf(chunk)
    if (chunk.includes(0))
      throw usageError(
        'trace-binary',
        `${path}: no text: it has bytes of value 0`,
        'a log is text in UTF-8; or in UTF-16 behind its byte order mark: iconv -t utf-8 makes it so',
      )
    if (!endsInReturn && !chunk.includes(CARRIAGE_RETURN)) {
      yield chunk
      continue
    }
    const plain = Buffer.alloc(chunk.length)
    let length = 0
    for (const byte of chunk) {
      // The feed behind a return: the line ended with the return.
      if (byte !== LINE_FEED || !endsInReturn)
        plain[length++] = byte === CARRIAGE_RETURN ? LINE_FEED : byte
      endsInReturn = byte === CARRIAGE_RETURN
    }
    yield plain.subarray(0, length)
  }
}

function firstLineOf(chunk: Buffer): string {
  return chunk
    .toString('utf8', 0, MOST_LINE_BYTES)
    .replace(BYTE_ORDER_MARK, '')
    .split(/[\r\n]/, 1)[0]!
}

/** @param place gets the last line of the latest record. */
function csvSink(take: NonNullable<LogTaker['takeRecord']>, place: Place) {
  const parser = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    record_delimiter: '\n',
    // Counted by us, for messages of our own.
    relax_column_count: true,
    max_record_size: MOST_LINE_BYTES,
    on_record(fields: string[], { lines }) {
      place.line = lines
      const within = fields.reduce((sum, field) => sum + field.split('\n').length - 1, 0)
      take(fields, lines - within)
      return null
    },
  })
  // Nothing comes out of it: the stream must flow nevertheless to come to its end.
  parser.resume()
  return parser
}

function lineSink(path: string, take: NonNullable<LogTaker['takeLine']>) {
  return async (source: AsyncIterable<Buffer>) => {
    const decoder = new StringDecoder('utf8')
    let rest = ''
    let line = 0
    const takeOne = (text: string) => {
      line++
      const plain = (line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).trim()
      if (plain !== '') take(plain, line)
    }
    for await (const chunk of source) {
      const lines = (rest + decoder.write(chunk)).split('\n')
      rest = lines.pop()!
      for (const text of lines) takeOne(text)
      if (rest.length > MOST_LINE_BYTES)
        throw usageError(
          'trace-line',
          `${path}:${line + 1}: longer than ${MOST_LINE_BYTES} bytes`,
          'a log has a request per line',
        )
    }
    takeOne(rest + decoder.end())
  }
}

function readFailure(path: string, error: unknown, { line, first }: Place): CrossoverError {
  if (error instanceof CrossoverError) return error
  const other = error instanceof CsvError ? formatCure(first) : null
  if (other !== null)
    return usageError('trace-csv', `${path}:1: no CSV: ${shownText(first)}`, other, error)
  if (error instanceof CsvError) {
    const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE'
    return usageError(
      'trace-csv',
      isOpen
        ? `${path}:${line + 1}: not readable as CSV: a quote that opens here or below is not closed, or the line is longer than ${MOST_LINE_BYTES} bytes`
        : `${path}:${line + 1}: not readable as CSV: ${error.message}`,
      'columns are separated by commas, texts with a comma stand in double quotes, double quotes in them are doubled; logs of other kinds: --trace-format json, common or combined',
      error,
    )
  }
  if (failureCode(error).startsWith('Z'))
    return usageError(
      'trace-compressed',
      `${path}: compressed, and damaged or cut off: ${failureReason(error)}`,
      'copy it again, or uncompress what is left of it',
      error,
    )
  return usageError(
    'trace-file',
    `cannot read the log: ${failureReason(error)}: ${path}`,
    '--trace takes the path of a log: a CSV file, or another with --trace-format',
    error,
  )
}
