import { chunkedEnd } from './chunked-body.ts'
import { ALPHANUMERIC, ascii, startsInAnyCase, STATUS, tableOf } from './protocol.ts'

/** Longest head of a request, from its request line to the empty line. */
export const LONGEST_HEAD_BYTES = 2_048

/** The bytes so far are the beginning of a request. */
export const INCOMPLETE = 0
/** A whole request was found; every other answer is the status of an error reply. */
export const FRAMED = 1

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const DELETE = 127
const COLON = 58
const COMMA = 44
const ZERO = 48
const NINE = 57

const HTTP_1 = ascii(' HTTP/1.')
/** Where in it the major version stands. */
const MAJOR = 6
const CONTENT_LENGTH = ascii('content-length')
const TRANSFER_ENCODING = ascii('transfer-encoding')
const CONNECTION = ascii('connection')
const HOST = ascii('host')
const EXPECT = ascii('expect')
const CLOSE = ascii('close')
const CONTINUE = ascii('100-continue')
const CHUNKED = ascii('chunked')

/** Characters of a field name: RFC 9110, 5.6.2 `tchar`. */
const IS_TOKEN = tableOf(`!#$%&'*+-.^_\`|~${ALPHANUMERIC}`)
const URI = `-._~%!$&'()*+,;=:[]${ALPHANUMERIC}`
/** Characters of a `Host` (RFC 3986, 3.2.2 and 3.2.3), and of a target of any form: 3.3 and 3.4, no fragment. */
const IS_HOST = tableOf(URI)
const IS_TARGET = tableOf(`${URI}/?@`)

/** What `Transfer-Encoding` says: nothing, `chunked` alone, or something else. */
const NO_CODING = 0
const ONLY_CHUNKED = 1
const OTHER_CODING = 2

/**
 * Finds where a request ends, and refuses what could be read in two ways: blanks in targets, bare line feeds, folded
 * lines, several lengths, a length beside chunks, no or several hosts (RFC 9112, 3, 5, 6, 11.2). It keeps nothing between
 * calls: a request that came in parts is looked at from its beginning again. What the request asks for is the decoding
 * stage's to find out.
 * About 1 ns per byte of the head; allocates nothing.
 */
export class RequestFramer {
  readonly #longestBodyBytes: number
  /** Of the request framed last: its first byte, that of its target, the first behind its request line, its head, and its body. */
  start = 0
  target = 0
  lineEnd = 0
  headEnd = 0
  end = 0
  /** It asks for the connection to be closed after its reply. */
  closes = false
  /** It waits for `100 Continue` before it sends its body (RFC 9110, 10.1.1). In HTTP/1.0 that is no wish. */
  expectsContinue = false
  /** Its body came in chunks, whose sizes stand in it. */
  isChunked = false
  #coding = NO_CODING
  #contentLength = 0
  #minor = 0
  #hosts = 0

  /** @param longestBodyBytes a longer body is refused. */
  constructor(longestBodyBytes: number) {
    this.#longestBodyBytes = longestBodyBytes
  }

  /** Looks at `bytes[from … to − 1]`. Answers `INCOMPLETE`, `FRAMED`, or the status of an error reply. */
  frame(bytes: Uint8Array, from: number, to: number): number {
    // RFC 9112, 2.2: an empty line in front of a request is ignored.
    const start = to - from >= 2 && bytes[from] === CR && bytes[from + 1] === LF ? from + 2 : from
    const limit = Math.min(to, start + LONGEST_HEAD_BYTES)
    const unfinished = limit < to ? STATUS.headTooLarge : INCOMPLETE
    this.start = start
    this.#contentLength = -1
    this.#coding = NO_CODING
    this.#hosts = 0
    this.expectsContinue = false
    // Not known yet: a head that is cut short is none.
    this.headEnd = 0
    let at = lineEnd(bytes, start, limit)
    if (at === MALFORMED) return STATUS.badRequest
    if (at === UNFINISHED) return limit < to ? endlessLine(bytes, start, limit) : INCOMPLETE
    const minor = this.#requestLine(bytes, start, at)
    if (minor < 0) return -minor
    this.closes = minor === 0
    this.#minor = minor
    this.lineEnd = at + 2
    for (at += 2; ; at += 2) {
      const from = at
      while (at < limit && IS_TOKEN[bytes[at]!] === 1) at++
      if (at === limit) return unfinished
      const colon = at
      if (bytes[colon] !== COLON || colon === from) {
        if (bytes[colon] !== CR || colon !== from) return STATUS.badRequest
        if (colon + 1 === limit) return unfinished
        if (bytes[colon + 1] !== LF) return STATUS.badRequest
        break
      }
      at = lineEnd(bytes, colon + 1, limit)
      if (at < 0) return at === UNFINISHED ? unfinished : STATUS.badRequest
      const fault = this.#field(bytes, from, colon, at)
      if (fault !== 0) return fault
    }
    if (this.#hosts > 1 || (this.#hosts === 0 && minor === 1)) return STATUS.badRequest
    this.headEnd = at + 2
    this.isChunked = this.#coding !== NO_CODING
    if (this.isChunked) return this.#chunks(bytes, to)
    this.end = this.headEnd + Math.max(0, this.#contentLength)
    return this.end <= to ? FRAMED : INCOMPLETE
  }

  /** Whether the request that is not whole yet has its head, and nothing behind it up to `end`, where its client waits for a word. */
  awaitsContinue(end: number): boolean {
    return this.expectsContinue && this.headEnd === end
  }

  /** A body in chunks, the only transfer coding that is known (RFC 9112, 6.1, 6.3): with a length or from HTTP/1.0 it is doubtful. */
  #chunks(bytes: Uint8Array, to: number): number {
    if (this.#minor === 0 || this.#contentLength !== -1) return STATUS.badRequest
    if (this.#coding === OTHER_CODING) return STATUS.notImplemented
    const end = chunkedEnd(bytes, this.headEnd, to, this.#longestBodyBytes)
    if (end < 0) return -end
    this.end = end
    return end === 0 ? INCOMPLETE : FRAMED
  }

  /** One field line. Answers 0, or the status of an error. */
  #field(bytes: Uint8Array, from: number, colon: number, to: number): number {
    let first = colon + 1
    while (first < to && isBlank(bytes[first]!)) first++
    let last = to
    while (last > first && isBlank(bytes[last - 1]!)) last--
    const nameBytes = colon - from
    if (nameBytes === HOST.length && startsInAnyCase(bytes, from, HOST)) {
      this.#hosts++
      return isAll(IS_HOST, bytes, first, last) ? 0 : STATUS.badRequest
    }
    if (nameBytes === CONTENT_LENGTH.length && startsInAnyCase(bytes, from, CONTENT_LENGTH))
      return this.#length(bytes, first, last)
    if (nameBytes === CONNECTION.length && startsInAnyCase(bytes, from, CONNECTION)) {
      if (listHas(bytes, first, last, CLOSE)) this.closes = true
    } else if (
      nameBytes === TRANSFER_ENCODING.length &&
      startsInAnyCase(bytes, from, TRANSFER_ENCODING)
    )
      return this.#transferCoding(bytes, first, last)
    else if (nameBytes === EXPECT.length && startsInAnyCase(bytes, from, EXPECT))
      return this.#expectation(bytes, first, last)
    return 0
  }

  /** Chunks that are not the outermost coding, or several times, have no end that is sure. */
  #transferCoding(bytes: Uint8Array, from: number, to: number): number {
    if (this.#coding !== NO_CODING) return STATUS.badRequest
    const isLast =
      to - from >= CHUNKED.length && startsInAnyCase(bytes, to - CHUNKED.length, CHUNKED)
    if (!isLast && listHas(bytes, from, to, CHUNKED)) return STATUS.badRequest
    this.#coding = isLast && to - from === CHUNKED.length ? ONLY_CHUNKED : OTHER_CODING
    return 0
  }

  /** Of HTTP/1.0 it is ignored; any other than 100-continue cannot be met. */
  #expectation(bytes: Uint8Array, from: number, to: number): number {
    if (this.#minor === 0) return 0
    if (to - from !== CONTINUE.length || !startsInAnyCase(bytes, from, CONTINUE))
      return STATUS.expectationFailed
    this.expectsContinue = true
    return 0
  }

  #length(bytes: Uint8Array, from: number, to: number): number {
    if (this.#contentLength !== -1 || from === to) return STATUS.badRequest
    let length = 0
    for (let at = from; at < to; at++) {
      const digit = bytes[at]!
      if (!isDigit(digit)) return STATUS.badRequest
      // Beyond the longest it only has to stay there, however many digits follow.
      if (length <= this.#longestBodyBytes) length = length * 10 + digit - ZERO
    }
    if (length > this.#longestBodyBytes) return STATUS.contentTooLarge
    this.#contentLength = length
    return 0
  }

  /**
   * The minor version to serve, 0 or 1, of a method, a target and `HTTP/1.x` with one blank each between them: with more, the
   * target could end in several places (RFC 9112, 3). A higher minor version is served as 1 (RFC 9110, 2.5). Of an error its
   * status, negative.
   */
  #requestLine(bytes: Uint8Array, from: number, to: number): number {
    const version = to - HTTP_1.length - 1
    if (version <= from) return -STATUS.badRequest
    const minor = minorVersion(bytes, version)
    if (minor < 0) return minor
    let at = from
    while (IS_TOKEN[bytes[at]!] === 1) at++
    if (at === from || bytes[at] !== SPACE) return -STATUS.badRequest
    this.target = at + 1
    return at + 1 < version && isAll(IS_TARGET, bytes, at + 1, version) ? minor : -STATUS.badRequest
  }
}

const UNFINISHED = -1
const MALFORMED = -2

/** Where the line that begins at `from` ends: the place of its CR LF, or `UNFINISHED`, or `MALFORMED`. */
function lineEnd(bytes: Uint8Array, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    const byte = bytes[at]!
    if (byte >= SPACE && byte !== DELETE) continue
    if (byte === CR) {
      if (at + 1 === limit) return UNFINISHED
      return bytes[at + 1] === LF ? at : MALFORMED
    }
    if (byte !== TAB) return MALFORMED
  }
  return UNFINISHED
}

/** 0 or 1 of ` HTTP/1.0` and ` HTTP/1.1` at `at`; an error's status, negative, of what is none, or of another major version. */
function minorVersion(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < HTTP_1.length; i++)
    if (bytes[at + i] !== HTTP_1[i]) return otherVersion(bytes, at)
  const minor = bytes[at + HTTP_1.length]!
  if (minor === ZERO) return 0
  return isDigit(minor) ? 1 : -STATUS.badRequest
}

function otherVersion(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < HTTP_1.length; i++)
    if (bytes[at + i] !== HTTP_1[i] && i !== MAJOR) return -STATUS.badRequest
  const isVersion = isDigit(bytes[at + MAJOR]!) && isDigit(bytes[at + HTTP_1.length]!)
  return isVersion ? -STATUS.versionNotSupported : -STATUS.badRequest
}

/** The status for a first line beyond the longest head: what is too long is its target, unless it has not even a method. */
function endlessLine(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && IS_TOKEN[bytes[at]!] === 1) at++
  if (at === to) return STATUS.notImplemented
  return at > from && bytes[at] === SPACE ? STATUS.targetTooLong : STATUS.badRequest
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

function isAll(table: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (table[bytes[at]!] !== 1) return false
  }
  return true
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB
}

/** Whether a list of tokens, separated by commas, has this one. */
function listHas(bytes: Uint8Array, from: number, to: number, token: Uint8Array): boolean {
  for (let first = from; first < to;) {
    let end = first
    while (end < to && bytes[end] !== COMMA) end++
    let last = end
    while (first < last && isBlank(bytes[first]!)) first++
    while (last > first && isBlank(bytes[last - 1]!)) last--
    if (last - first === token.length && startsInAnyCase(bytes, first, token)) return true
    first = end + 1
  }
  return false
}
