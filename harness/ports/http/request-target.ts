import { ascii, startsInAnyCase, startsWith, STATUS } from './protocol.ts'

/*
 * Methods, and targets in their four forms (RFC 9112, 3.2): an origin's path, a whole address, an authority for CONNECT, and the
 * asterisk for OPTIONS. On the measured path: nothing is allocated, and GET of a path is found first.
 */

/** A method of no standard, or not in capitals: methods are case-sensitive (RFC 9110, 9.1). */
export const UNKNOWN = 0
export const GET = 1
export const HEAD = 2
export const PUT = 3
export const OPTIONS = 4
const CONNECT = 5
/** Known, and allowed nowhere. */
const OTHER = 6

const GET_TEXT = ascii('GET ')
const HEAD_TEXT = ascii('HEAD ')
const PUT_TEXT = ascii('PUT ')
const OPTIONS_TEXT = ascii('OPTIONS ')
const CONNECT_TEXT = ascii('CONNECT ')
const OTHER_TEXTS = ['POST ', 'DELETE ', 'PATCH ', 'TRACE '].map(ascii)
const HTTP = ascii('http://')
const HTTPS = ascii('https://')

const SPACE = 32
const ASTERISK = 42
const SLASH = 47
const QUESTION = 63
const AT = 64

/** The method of the request line that begins at `at`. */
export function methodAt(bytes: Uint8Array, at: number): number {
  if (startsWith(bytes, at, GET_TEXT)) return GET
  return startsWith(bytes, at, PUT_TEXT) ? PUT : rareMethodAt(bytes, at)
}

/** On its own, so that what finds the usual ones is small enough to be compiled into its callers. */
function rareMethodAt(bytes: Uint8Array, at: number): number {
  if (startsWith(bytes, at, HEAD_TEXT)) return HEAD
  if (startsWith(bytes, at, OPTIONS_TEXT)) return OPTIONS
  if (startsWith(bytes, at, CONNECT_TEXT)) return CONNECT
  for (const text of OTHER_TEXTS) if (startsWith(bytes, at, text)) return OTHER
  return UNKNOWN
}

/** Whether the method of the request line that begins at `at` is HEAD: its reply has no body. */
export function isHead(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === HEAD_TEXT[0] && startsWith(bytes, at, HEAD_TEXT)
}

/**
 * Where the path of the target at `at` begins, with a slash; of a target without one, the status of its reply, negative:
 * 204 for what asks OPTIONS of the whole server, else an error.
 */
export function pathAt(bytes: Uint8Array, at: number, method: number): number {
  return bytes[at] === SLASH ? at : rarePathAt(bytes, at, method)
}

function rarePathAt(bytes: Uint8Array, at: number, method: number): number {
  if (method === CONNECT) return -STATUS.methodNotAllowed
  if (bytes[at] === ASTERISK && bytes[at + 1] === SPACE)
    return method === OPTIONS ? -STATUS.noContent : -STATUS.badRequest
  // Without TLS nothing is served in the name of https (RFC 9110, 7.4).
  if (startsInAnyCase(bytes, at, HTTPS)) return -STATUS.misdirected
  if (!startsInAnyCase(bytes, at, HTTP)) return -STATUS.badRequest
  const authority = at + HTTP.length
  let path = authority
  for (; bytes[path] !== SLASH && bytes[path] !== SPACE && bytes[path] !== QUESTION; path++) {
    // A name in front of the host is what deceivers write (RFC 9110, 4.2.4).
    if (bytes[path] === AT) return -STATUS.badRequest
  }
  if (path === authority) return -STATUS.badRequest
  if (bytes[path] === SLASH) return path
  return method === OPTIONS && bytes[path] === SPACE ? -STATUS.noContent : -STATUS.notFound
}
