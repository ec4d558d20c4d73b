import { wallClock } from '../../base/clock.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { FIGURE_NAMES, readAllFigures } from './port-figures.ts'
import { ascii, HEAD, startsWith, STATUS } from './protocol.ts'

/** What a reply's head begins with, made once per thread; the port fills in the date. */

/** Characters of a date as `toUTCString` prints it: `Sun, 06 Nov 1994 08:49:37 GMT`. */
export const DATE_CHARACTERS = 29

/** The beginning of a reply, and where in it the date goes. */
export interface ReplyHead {
  readonly bytes: Uint8Array
  readonly dateAt: number
  /** Of a whole reply, the last so many bytes: its text, which the reply to HEAD must not have (RFC 9110, 9.3.2). */
  readonly textBytes: number
}

const REASONS: Readonly<Record<number, readonly [reason: string, text: string]>> = {
  [STATUS.ok]: ['OK', ''],
  [STATUS.badRequest]: ['Bad Request', 'the request is malformed'],
  [STATUS.notFound]: ['Not Found', 'no such key or path'],
  [STATUS.methodNotAllowed]: ['Method Not Allowed', 'only GET and PUT are served'],
  [STATUS.requestTimeout]: ['Request Timeout', 'the request took too long to arrive'],
  [STATUS.lengthRequired]: ['Length Required', 'a body needs a content-length'],
  [STATUS.contentTooLarge]: ['Content Too Large', 'the body is longer than a value may be'],
  [STATUS.expectationFailed]: ['Expectation Failed', 'expectations are not met'],
  [STATUS.headTooLarge]: ['Request Header Fields Too Large', 'the head is longer than 2048 bytes'],
  [STATUS.serverError]: ['Internal Server Error', 'the stored value is damaged'],
  [STATUS.refused]: ['Service Unavailable', 'the request waited longer than its deadline'],
  [STATUS.versionNotSupported]: ['HTTP Version Not Supported', 'HTTP/1.0 and HTTP/1.1 are served'],
}

const FIRST_ERROR = STATUS.badRequest

/** The beginning of a head: status line, date, server, and fields given as whole lines. */
export function replyHead(status: number, fields: readonly string[]): ReplyHead {
  const [reason] = reasonOf(status)
  const beforeDate = `HTTP/1.1 ${status} ${reason}\r\nDate: `
  const lines = [' '.repeat(DATE_CHARACTERS), 'Server: crossover', ...fields].join('\r\n')
  return {
    bytes: ascii(beforeDate + lines),
    dateAt: beforeDate.length,
    textBytes: 0,
  }
}

/** A whole reply with a line of text. @param closes the connection ends after it. */
export function wholeReply(
  status: number,
  closes: boolean,
  text = reasonOf(status)[1],
  contentType = 'text/plain',
): ReplyHead {
  const body = status < FIRST_ERROR ? text : `${text}\n`
  const textBytes = ascii(body).length
  const head = replyHead(status, [
    `Content-Type: ${contentType}`,
    ...(status === STATUS.methodNotAllowed ? ['Allow: GET, PUT'] : []),
    ...(closes ? ['Connection: close'] : []),
    `Content-Length: ${textBytes}`,
    '',
    body,
  ])
  return { ...head, textBytes }
}

const CLOSE_FIELD = ascii('Connection: close\r\n')
/** Room that `insertClose` needs. */
export const CLOSE_FIELD_BYTES = CLOSE_FIELD.length
const BEFORE_DATE = 'Date: '.length

/**
 * Says in the head `output[at … end − 1]` that the connection ends after this reply; answers the new end.
 * @param dateAt where in the head its date is: the field goes in front of that one.
 */
export function insertClose(output: Uint8Array, at: number, end: number, dateAt: number): number {
  const place = at + dateAt - BEFORE_DATE
  output.copyWithin(place + CLOSE_FIELD.length, place, end)
  output.set(CLOSE_FIELD, place)
  return end + CLOSE_FIELD.length
}

/** Statuses that have a reply of their own. */
export const ERROR_STATUSES: readonly number[] = Object.keys(REASONS)
  .map(Number)
  .filter((status) => status >= FIRST_ERROR)

function reasonOf(status: number): readonly [string, string] {
  return REASONS[status] ?? ['Error', 'the request failed']
}

/** The `Date` of replies, made anew once a second (RFC 9110, 6.6.1). One per port. */
export class HttpDate {
  readonly #bytes = new Uint8Array(DATE_CHARACTERS)
  // A fraction, so that the field holds doubles from the start.
  #validUntilNs = -0.5

  /** Writes the date over `target[at …]`. @param nowNs of the run's clock. */
  write(target: Uint8Array, at: number, nowNs: number): void {
    if (nowNs >= this.#validUntilNs) this.#renew(nowNs)
    const bytes = this.#bytes
    for (let i = 0; i < DATE_CHARACTERS; i++) target[at + i] = bytes[i]!
  }

  #renew(nowNs: number): void {
    const now = wallClock()
    new TextEncoder().encodeInto(now.toUTCString(), this.#bytes)
    this.#validUntilNs = nowNs + NS_PER_SECOND - now.getUTCMilliseconds() * (NS_PER_SECOND / 1_000)
  }
}

/** A reply that needs no slot; its date is still to be filled in. */
interface UndatedReply extends ReplyHead {
  readonly status: number
}

/** What `/stats` tells of. */
interface StatsSource {
  readonly figures: SharedArrayBuffer
  readonly serverName: string
}

const GET = ascii('GET /')
const HEAD_PATH = ascii('HEAD /')
const HEALTH = ascii('healthz')
const STATS = ascii('stats')
const SPACE = 32

/**
 * The reply to a request for `/healthz` or `/stats` that begins at `from`; undefined for any other one.
 * To HEAD it is that to GET without its text.
 */
export function ownReply(
  bytes: Uint8Array,
  from: number,
  closes: boolean,
  source: StatsSource,
): UndatedReply | undefined {
  const isHead = bytes[from] === HEAD_PATH[0]
  const path = from + (isHead ? HEAD_PATH : GET).length
  // The first letter is looked at first, where the paths of workloads have others most often.
  const letter = bytes[path]
  const name = letter === HEALTH[0] ? HEALTH : letter === STATS[0] ? STATS : null
  if (name === null || !startsWith(bytes, from, isHead ? HEAD_PATH : GET)) return undefined
  if (!startsWith(bytes, path, name) || bytes[path + name.length] !== SPACE) return undefined
  const reply =
    name === HEALTH
      ? wholeReply(STATUS.ok, closes, 'ok\n')
      : wholeReply(STATUS.ok, closes, `${JSON.stringify(statsOf(source))}\n`, 'application/json')
  return { ...(isHead ? withoutText(reply) : reply), status: STATUS.ok }
}

function withoutText(reply: ReplyHead): ReplyHead {
  return { ...reply, bytes: reply.bytes.subarray(0, reply.bytes.length - reply.textBytes) }
}

/** An error as a whole reply to the request that begins at `from`. */
export function errorReply(
  bytes: Uint8Array,
  from: number,
  status: number,
  closes: boolean,
): UndatedReply {
  const reply = wholeReply(status, closes)
  if (!startsWith(bytes, from, HEAD)) return { ...reply, status }
  return { ...withoutText(reply), status }
}

/** The counters of a server: of each port, and all together. */
function statsOf({ figures, serverName }: StatsSource): object {
  const ports = readAllFigures(figures)
  const total = Object.fromEntries(
    FIGURE_NAMES.map((name) => [name, ports.reduce((sum, port) => sum + port[name], 0)]),
  ) as Record<(typeof FIGURE_NAMES)[number], number>
  return { server: serverName, freeSlots: total.slots - total.inFlight, total, ports }
}
