import { wallClock } from '../../base/clock.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { FIGURE_NAMES, readAllFigures } from './port-figures.ts'
import { ascii, startsWith, STATUS } from './protocol.ts'
import { GET, HEAD, isHead, methodAt, OPTIONS, pathAt, UNKNOWN } from './request-target.ts'

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
  [STATUS.noContent]: ['No Content', ''],
  [STATUS.badRequest]: ['Bad Request', 'the request is malformed'],
  [STATUS.notFound]: ['Not Found', 'no such key or path'],
  [STATUS.methodNotAllowed]: ['Method Not Allowed', 'its Allow field names what is served there'],
  [STATUS.requestTimeout]: ['Request Timeout', 'the request took too long to arrive'],
  [STATUS.contentTooLarge]: ['Content Too Large', 'the body is longer than a value may be'],
  [STATUS.targetTooLong]: ['URI Too Long', 'the request line is longer than 2048 bytes'],
  [STATUS.expectationFailed]: ['Expectation Failed', 'expectations are not met'],
  [STATUS.misdirected]: ['Misdirected Request', 'https is not served'],
  [STATUS.headTooLarge]: ['Request Header Fields Too Large', 'the head is longer than 2048 bytes'],
  [STATUS.serverError]: ['Internal Server Error', 'the stored value is damaged'],
  [STATUS.notImplemented]: ['Not Implemented', 'no such method or transfer coding'],
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

/** What a whole reply says that its status does not. */
interface ReplyContent {
  readonly text?: string
  readonly contentType?: string
  /** The methods that its target takes; said where they are the answer. */
  readonly allow?: string
}

/** A whole reply with a line of text, or of 204 with none. @param closes the connection ends after it. */
export function wholeReply(
  status: number,
  closes: boolean,
  { text = reasonOf(status)[1], contentType = 'text/plain', allow = '' }: ReplyContent = {},
): ReplyHead {
  const body = status < FIRST_ERROR ? text : `${text}\n`
  const textBytes = ascii(body).length
  const isEmpty = status === STATUS.noContent
  const head = replyHead(status, [
    ...(isEmpty ? [] : [`Content-Type: ${contentType}`]),
    ...(isEmpty || status === STATUS.methodNotAllowed ? [`Allow: ${allow}`] : []),
    ...(closes ? ['Connection: close'] : []),
    // RFC 9110, 8.6: none with 204.
    ...(isEmpty ? [] : [`Content-Length: ${textBytes}`]),
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

const HEALTH = ascii('healthz')
const STATS = ascii('stats')
const ALLOW = 'GET, HEAD, OPTIONS'
const SPACE = 32
const SLASH = 47
const QUESTION = 63

/** Where a framed request begins, and its target; whether its connection ends. */
interface Framed {
  readonly start: number
  readonly target: number
  readonly closes: boolean
}

/**
 * The reply to a framed request for `/healthz` or `/stats`; undefined for any other one.
 * To HEAD it is that to GET without its text.
 */
export function ownReply(
  bytes: Uint8Array,
  framed: Framed,
  source: StatsSource,
): UndatedReply | undefined {
  // The first letter is looked at first, where the paths of workloads have others most often.
  const letter = bytes[framed.target + 1]
  const isForeign = letter !== HEALTH[0] && letter !== STATS[0]
  if (isForeign && bytes[framed.target] === SLASH) return undefined
  return ownReplyTo(bytes, framed, source)
}

function ownReplyTo(
  bytes: Uint8Array,
  { start, target, closes }: Framed,
  source: StatsSource,
): UndatedReply | undefined {
  const method = methodAt(bytes, start)
  const path = pathAt(bytes, target, method) + 1
  const letter = bytes[path]
  const name = letter === HEALTH[0] ? HEALTH : letter === STATS[0] ? STATS : null
  if (name === null || !startsWith(bytes, path, name)) return undefined
  const next = bytes[path + name.length]
  if (next !== SPACE && next !== QUESTION) return undefined
  if (method === UNKNOWN) return undefined
  if (method === GET || method === HEAD) {
    const content =
      name === HEALTH
        ? { text: 'ok\n' }
        : { text: `${JSON.stringify(statsOf(source))}\n`, contentType: 'application/json' }
    const reply = wholeReply(STATUS.ok, closes, content)
    return { ...(method === HEAD ? withoutText(reply) : reply), status: STATUS.ok }
  }
  const status = method === OPTIONS ? STATUS.noContent : STATUS.methodNotAllowed
  return { ...wholeReply(status, closes, { allow: ALLOW }), status }
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
  if (!isHead(bytes, from)) return { ...reply, status }
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
