import { STATUS } from './protocol.ts'

/*
 * A body in chunks (RFC 9112, 7.1):
 *
 *   size in hexadecimal [ blanks ; extension ] CR LF  data CR LF   again and again
 *   0 [ ; extension ] CR LF  [ trailer field CR LF … ]  CR LF
 *
 * Extensions and trailers mean nothing here and are left out. Both functions keep nothing: a body that came in parts is looked at
 * from its beginning again. Nothing is allocated.
 */

/** Sizes, extensions, trailers and line ends of one body. */
const MOST_OVERHEAD_BYTES = 2_048
const CR = 13
const LF = 10
const TAB = 9
const SPACE = 32
const DELETE = 127
const COLON = 58
const SEMICOLON = 59
const NOT_YET = 0

/**
 * The first byte behind the body that begins at `from`; 0 where it is not whole in front of `to`; the status of an error, negative.
 * @param longestBytes of its data
 */
export function chunkedEnd(
  bytes: Uint8Array,
  from: number,
  to: number,
  longestBytes: number,
): number {
  let dataBytes = 0
  for (let at = from; ;) {
    const limit = Math.min(to, from + dataBytes + MOST_OVERHEAD_BYTES)
    const unfinished = limit < to ? -STATUS.contentTooLarge : NOT_YET
    let size = 0
    const digits = at
    for (; at < limit && hexadecimal(bytes[at]!) >= 0; at++)
      size = Math.min(size * 16 + hexadecimal(bytes[at]!), longestBytes + 1)
    if (at >= limit) return unfinished
    if (at === digits) return -STATUS.badRequest
    const behind = sizeLineEnd(bytes, at, limit)
    if (behind <= 0) return behind === NOT_YET ? unfinished : behind
    if (size === 0) return trailersEnd(bytes, behind, limit, unfinished)
    dataBytes += size
    if (dataBytes > longestBytes) return -STATUS.contentTooLarge
    at = behind + size
    if ((at < to && bytes[at] !== CR) || (at + 1 < to && bytes[at + 1] !== LF))
      return -STATUS.badRequest
    at += 2
    if (at > to) return NOT_YET
  }
}

/** Copies the data of a whole body that begins at `from` to `target[at …]`; answers how many bytes they are. */
export function copyChunks(
  bytes: Uint8Array,
  from: number,
  target: Uint8Array,
  at: number,
): number {
  let to = at
  for (let read = from; ;) {
    let size = 0
    for (; hexadecimal(bytes[read]!) >= 0; read++) size = size * 16 + hexadecimal(bytes[read]!)
    if (size === 0) return to - at
    while (bytes[read] !== LF) read++
    read++
    for (let i = 0; i < size; i++) target[to + i] = bytes[read + i]!
    to += size
    read += size + 2
  }
}

/** Behind the line of a size, of which blanks and an extension are left; else 0 or an error's status, negative. */
function sizeLineEnd(bytes: Uint8Array, from: number, limit: number): number {
  let at = from
  while (at < limit && (bytes[at] === SPACE || bytes[at] === TAB)) at++
  if (at === limit) return NOT_YET
  // Blanks alone are none of the standard's, and a size could go on behind them.
  if (bytes[at] !== SEMICOLON && (bytes[at] !== CR || at !== from)) return -STATUS.badRequest
  return textLineEnd(bytes, at, limit)
}

/** Behind the empty line that ends the trailer fields. */
function trailersEnd(bytes: Uint8Array, from: number, limit: number, unfinished: number): number {
  for (let at = from; ;) {
    if (at === limit) return unfinished
    const isEmpty = bytes[at] === CR
    if (!isEmpty && (bytes[at]! <= SPACE || bytes[at] === COLON)) return -STATUS.badRequest
    const end = textLineEnd(bytes, at, limit)
    if (end <= 0) return end === NOT_YET ? unfinished : end
    if (isEmpty) return end
    if (!hasColon(bytes, at, end)) return -STATUS.badRequest
    at = end
  }
}

function hasColon(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === COLON) return true
  return false
}

/** Behind the next CR LF; 0 where it is not there yet; a status, negative, of a line with control characters. */
function textLineEnd(bytes: Uint8Array, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    const byte = bytes[at]!
    if ((byte >= SPACE && byte !== DELETE) || byte === TAB) continue
    if (byte !== CR) return -STATUS.badRequest
    if (at + 1 === limit) return NOT_YET
    return bytes[at + 1] === LF ? at + 2 : -STATUS.badRequest
  }
  return NOT_YET
}

/** The value of a hexadecimal digit; −1 of any other byte. */
export function hexadecimal(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 0x20
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
