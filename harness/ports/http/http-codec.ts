import { alignedWordsFor, BYTES_PER_WORD } from '../../base/units.ts'
import {
  READ_OPERATION,
  STATUS_BAD_REQUEST,
  STATUS_NOT_FOUND,
  STATUS_OK,
  UPDATE_OPERATION,
} from '../../contract/request.ts'
import type { Document } from '../../contract/workload.ts'
import {
  SLOT_CHECKSUM,
  SLOT_FRAME,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_OPERATION,
  SLOT_REPLY_BYTES,
  SLOT_STATUS,
  SLOT_VALUE_BYTES,
  SLOT_VERSION,
} from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import { RECORD_PATH, SERVICE_QUERY, TAG_DIGITS } from '../../workload/http-messages.ts'
import { copyChunks, hexadecimal } from './chunked-body.ts'
import { ALPHANUMERIC, ascii, startsWith, STATUS, tableOf } from './protocol.ts'
import { ERROR_STATUSES, type ReplyHead, replyHead, wholeReply } from './reply-heads.ts'
import { LONGEST_HEAD_BYTES, type RequestFramer } from './request-framer.ts'
import { GET, HEAD, isHead, methodAt, OPTIONS, pathAt, PUT, UNKNOWN } from './request-target.ts'

/*
 * How the http port and its codec use a slot: the six words of the frame's head, and the wire area behind the value.
 *
 *   word 10   line bytes       of the request line, in the wire area; the body follows  written by the port
 *        11   request bytes    line and body                                            by the port
 *        12   status           of an error that decoding found; 0 for none              by the decoding stage
 *        13   reply head bytes of the reply's head, which replaces the request          by the encoding stage
 *        14   service time     nanoseconds that the request asks for                    by the decoding stage
 *        15   date at          where in the reply's head the port writes the date       by the encoding stage
 *
 * The fields of the request's head stay where they came: the framer has read what matters of them, and whoever gets the slot
 * from another thread fetches no lines for them. The reply's body stays in the slot's value; the port sends both.
 */
const WIRE_LINE_BYTES = SLOT_FRAME
const WIRE_REQUEST_BYTES = SLOT_FRAME + 1
export const WIRE_STATUS = SLOT_FRAME + 2
export const WIRE_REPLY_HEAD_BYTES = SLOT_FRAME + 3
const WIRE_SERVICE = SLOT_FRAME + 4
export const WIRE_DATE_AT = SLOT_FRAME + 5

/** Room for a request's line and body; a reply's head, at most some 300 bytes, needs less. */
export function wireBytesFor(longestBodyBytes: number): number {
  return LONGEST_HEAD_BYTES + longestBodyBytes
}

const RECORDS = ascii(RECORD_PATH)
const SERVICE = ascii(SERVICE_QUERY)
const TAIL = ascii('"\r\nContent-Length: ')
const END = ascii('\r\n\r\n')
const DIGITS = ascii('0123456789abcdef')

const SPACE = 32
const QUESTION = 63
const PERCENT = 37
const ZERO = 48
const NINE = 57
const DASH = 45
const NOTHING = 0

/** RFC 3986, 2.3 `unreserved`: what a key may consist of. */
const IS_KEY = tableOf(`-._~${ALPHANUMERIC}`)

/** Measured path: copies line and body of the request that was framed last in `input` into the view's slot. */
export function placeRequest(view: RequestView, input: Uint8Array, framed: RequestFramer): void {
  const { bytes } = view
  const { start, lineEnd, headEnd, end } = framed
  const lineBytes = lineEnd - start
  const line = view.wireByte()
  // Byte by byte, since what is copied is short: a call of `set` costs a view of the part.
  for (let i = 0; i < lineBytes; i++) bytes[line + i] = input[start + i]!
  const body = line + lineBytes
  let bodyBytes = end - headEnd
  if (framed.isChunked) bodyBytes = copyChunks(input, headEnd, bytes, body)
  else for (let i = 0; i < bodyBytes; i++) bytes[body + i] = input[headEnd + i]!
  view.set(WIRE_LINE_BYTES, lineBytes)
  view.set(WIRE_REQUEST_BYTES, lineBytes + bodyBytes)
}

/** What a codec needs to know of the workload. */
interface HttpCodecSettings {
  /** Longest key. */
  readonly keyBytes: number
  /** Answered in place of records. */
  readonly document: Document | undefined
}

/**
 * Decodes a framed request and encodes its reply, both in the slot, on whatever thread executes the stage: it keeps
 * nothing between calls. The framer has checked the head's form; what is left to find is what the request asks for.
 */
export class HttpCodec {
  readonly #keyBytes: number
  readonly #documentPath: Uint8Array | undefined
  readonly #recordHead: ReplyHead
  readonly #documentHead: ReplyHead
  readonly #errors = new Map<number, ReplyHead>()

  constructor(settings: HttpCodecSettings) {
    const { document } = settings
    this.#keyBytes = settings.keyBytes
    this.#documentPath = document && ascii(document.path)
    this.#recordHead = replyHead(STATUS.ok, ['Content-Type: application/octet-stream', 'ETag: "'])
    this.#documentHead = replyHead(STATUS.ok, [
      `Content-Type: ${document?.contentType ?? ''}`,
      'Content-Length: ',
    ])
    const allow = document === undefined ? 'GET, HEAD, PUT, OPTIONS' : 'GET, HEAD, OPTIONS'
    for (const status of [STATUS.noContent, ...ERROR_STATUSES])
      this.#errors.set(status, wholeReply(status, false, { allow }))
  }

  // Measured path from here on.

  /** Reads the request's fields; one that is malformed or asks for nothing that is served becomes one without a key. */
  decode(view: RequestView): void {
    view.set(SLOT_OPERATION, NOTHING)
    view.set(SLOT_KEY_BYTES, 0)
    view.set(SLOT_VALUE_BYTES, 0)
    view.set(SLOT_REPLY_BYTES, 0)
    view.set(SLOT_STATUS, STATUS_BAD_REQUEST)
    view.set(WIRE_SERVICE, 0)
    view.set(WIRE_STATUS, this.#route(view))
  }

  /** The service time that the request asks for, nanoseconds. */
  serviceNs(view: RequestView): number {
    return view.get(WIRE_SERVICE)
  }

  /** Answers 0, or the status of a reply that needs no record. */
  #route(view: RequestView): number {
    const bytes = view.bytes
    const from = view.wireByte()
    const method = methodAt(bytes, from)
    if (method === UNKNOWN) return STATUS.notImplemented
    let at = from
    while (bytes[at] !== SPACE) at++
    at = pathAt(bytes, at + 1, method)
    if (at < 0) return -at
    if (this.#documentPath !== undefined) return this.#routeDocument(view, method, at)
    if (!startsWith(bytes, at, RECORDS)) return STATUS.notFound
    if (method === OPTIONS) return STATUS.noContent
    const operation = method === PUT ? UPDATE_OPERATION : operationOf(method)
    if (operation === NOTHING) return STATUS.methodNotAllowed
    const keyEnd = this.#copyKey(view, at + RECORDS.length)
    if (keyEnd === NOTHING) return STATUS.notFound
    view.set(SLOT_OPERATION, operation)
    readService(view, keyEnd)
    if (operation === UPDATE_OPERATION) copyBody(view, view.get(SLOT_KEY_BYTES))
    return 0
  }

  #routeDocument(view: RequestView, method: number, at: number): number {
    const path = this.#documentPath!
    const end = at + path.length
    const { bytes } = view
    if (!startsWith(bytes, at, path) || (bytes[end] !== SPACE && bytes[end] !== QUESTION))
      return STATUS.notFound
    if (method === OPTIONS) return STATUS.noContent
    if (operationOf(method) === NOTHING) return STATUS.methodNotAllowed
    view.set(SLOT_OPERATION, READ_OPERATION)
    readService(view, end)
    return 0
  }

  /** Copies the key to its place, zero-padded. Answers the place behind it in the target; 0 when it is empty, too long or no key. */
  #copyKey(view: RequestView, from: number): number {
    const { bytes, words, base } = view
    let end = from
    while (IS_KEY[bytes[end]!] === 1 || (bytes[end] === PERCENT && unescape(view, end))) end++
    const keyBytes = end - from
    const next = bytes[end]!
    if (keyBytes === 0 || keyBytes > this.#keyBytes) return NOTHING
    if (next !== SPACE && next !== QUESTION) return NOTHING
    const keyWords = alignedWordsFor(keyBytes)
    for (let word = keyWords - 2; word < keyWords; word++) words[base + SLOT_KEY + word] = 0
    const to = (base + SLOT_KEY) * BYTES_PER_WORD
    for (let i = 0; i < keyBytes; i++) bytes[to + i] = bytes[from + i]!
    view.set(SLOT_KEY_BYTES, keyBytes)
    return end
  }

  /** Writes the reply's head where the request stood; its body is in place already. */
  encode(view: RequestView): void {
    const decided = view.get(WIRE_STATUS)
    const status = decided === 0 ? statusOf(view.get(SLOT_STATUS)) : decided
    if (status !== STATUS.ok) return this.#encodeError(view, status)
    const { bytes } = view
    const from = view.wireByte()
    const bodyBytes = view.get(SLOT_REPLY_BYTES)
    if (isHead(bytes, from)) view.set(SLOT_REPLY_BYTES, 0)
    const isDocument = this.#documentPath !== undefined
    const head = isDocument ? this.#documentHead : this.#recordHead
    bytes.set(head.bytes, from)
    let at = from + head.bytes.length
    if (!isDocument) {
      writeHexadecimal(bytes, at, view.get(SLOT_VERSION))
      bytes[at + TAG_DIGITS] = DASH
      writeHexadecimal(bytes, at + TAG_DIGITS + 1, view.get(SLOT_CHECKSUM))
      at = append(bytes, at + 2 * TAG_DIGITS + 1, TAIL)
    }
    at = append(bytes, writeDecimal(bytes, at, bodyBytes), END)
    view.set(WIRE_DATE_AT, head.dateAt)
    view.set(WIRE_REPLY_HEAD_BYTES, at - from)
  }

  /** The text of an error is part of the head; in answer to HEAD it is left out. */
  #encodeError(view: RequestView, status: number): void {
    const reply = this.#errors.get(status) ?? this.#errors.get(STATUS.serverError)!
    const textBytes = isHead(view.bytes, view.wireByte()) ? reply.textBytes : 0
    view.bytes.set(reply.bytes, view.wireByte())
    view.set(WIRE_DATE_AT, reply.dateAt)
    view.set(WIRE_REPLY_HEAD_BYTES, reply.bytes.length - textBytes)
    view.set(SLOT_REPLY_BYTES, 0)
  }
}

function statusOf(status: number): number {
  if (status === STATUS_OK) return STATUS.ok
  if (status === STATUS_NOT_FOUND) return STATUS.notFound
  return status === STATUS_BAD_REQUEST ? STATUS.badRequest : STATUS.serverError
}

/** A read, or nothing. */
function operationOf(method: number): number {
  return method === GET || method === HEAD ? READ_OPERATION : NOTHING
}

/**
 * Puts the character of a key that is written as `%XX` at `at` in its place, and closes the gap within the request line: both are the
 * same target (RFC 9110, 4.2.3). Answers whether there is one.
 */
function unescape(view: RequestView, at: number): boolean {
  const { bytes } = view
  const byte = 16 * hexadecimal(bytes[at + 1]!) + hexadecimal(bytes[at + 2]!)
  if (hexadecimal(bytes[at + 1]!) < 0 || hexadecimal(bytes[at + 2]!) < 0) return false
  if (IS_KEY[byte] !== 1) return false
  bytes[at] = byte
  bytes.copyWithin(at + 1, at + 3, view.wireByte() + view.get(WIRE_LINE_BYTES))
  return true
}

function readService(view: RequestView, at: number): void {
  const { bytes } = view
  if (!startsWith(bytes, at, SERVICE)) return
  let ns = 0
  for (let digit = at + SERVICE.length; bytes[digit]! >= ZERO && bytes[digit]! <= NINE; digit++)
    ns = Math.min(ns * 10 + bytes[digit]! - ZERO, 2 ** 31 - 1)
  view.set(WIRE_SERVICE, ns)
}

/** Copies the body to the value's place, zero-padded to whole pairs of words, as values are copied. */
function copyBody(view: RequestView, keyBytes: number): void {
  const { bytes } = view
  const wire = view.wireByte()
  const from = wire + view.get(WIRE_LINE_BYTES)
  const bodyBytes = view.get(WIRE_REQUEST_BYTES) - view.get(WIRE_LINE_BYTES)
  const to = (view.base + SLOT_KEY + alignedWordsFor(keyBytes)) * BYTES_PER_WORD
  bytes.copyWithin(to, from, from + bodyBytes)
  const padded = alignedWordsFor(bodyBytes) * BYTES_PER_WORD
  for (let i = bodyBytes; i < padded; i++) bytes[to + i] = 0
  view.set(SLOT_VALUE_BYTES, bodyBytes)
}

function append(bytes: Uint8Array, at: number, text: Uint8Array): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text[i]!
  return at + text.length
}

function writeHexadecimal(bytes: Uint8Array, at: number, word: number): void {
  for (let digit = 0; digit < TAG_DIGITS; digit++)
    bytes[at + digit] = DIGITS[(word >>> (4 * (TAG_DIGITS - 1 - digit))) & 0xf]!
}

/** Writes a number below 100,000; answers the place behind it. */
function writeDecimal(bytes: Uint8Array, at: number, value: number): number {
  let divisor = 1
  while (divisor * 10 <= value) divisor *= 10
  let rest = value
  let end = at
  for (; divisor >= 1; divisor = Math.floor(divisor / 10)) {
    const digit = Math.floor(rest / divisor)
    bytes[end++] = DIGITS[digit]!
    rest -= digit * divisor
  }
  return end
}
