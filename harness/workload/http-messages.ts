import { letterWord } from './keys.ts'

/*
 * How the requests of a trace look over HTTP, for the clients that send them and the server that answers:
 *
 *   read      GET /kv/<key>          200, the value's payload as body
 *   update    PUT /kv/<key>          200 without a body; the request's body is the new payload
 *
 * Both replies carry `ETag: "<version>-<checksum>"`, eight hexadecimal digits each: what a client checks the answer with.
 * A workload with service times adds `?service=<nanoseconds>` to the target.
 */
export const RECORD_PATH = '/kv/'
export const SERVICE_QUERY = '?service='

/** Digits of each half of an entity tag. */
export const TAG_DIGITS = 8
/** Version and checksum in an entity tag, as signed 32-bit integers; undefined when it is none of ours. */
export function parseEntityTag(tag: string): { version: number; checksum: number } | undefined {
  const match = /^"([\da-f]{8})-([\da-f]{8})"$/.exec(tag)
  if (match === null) return undefined
  return {
    version: Number.parseInt(match[1]!, 16) | 0,
    checksum: Number.parseInt(match[2]!, 16) | 0,
  }
}

/** The key of an index as it stands in a target: `user0000aaaaaaab`. */
export function keyText(index: number): string {
  return `user0000${letters(index >>> 16)}${letters(index)}`
}

function letters(value: number): string {
  const word = letterWord(value & 0xffff)
  return String.fromCharCode(word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24)
}

/** Payloads begin at one of so many places of one text, which changes with the request. */
export const PAYLOAD_OFFSETS = 256
const LETTERS_PER_OFFSET = 4
const LONGEST_PAYLOAD_OFFSETS = 256
const LETTER_A = 0x61

/** Four letters per place, each place's own, so that the first four of a payload tell the rest. */
const PAYLOAD_TEXT = Array.from({ length: PAYLOAD_OFFSETS + LONGEST_PAYLOAD_OFFSETS }, (_, place) =>
  letters(place),
).join('')

/** The payload of an update that begins at this place: `bytes` letters, a multiple of 4, at most 1,024. */
export function payloadText(offset: number, bytes: number): string {
  const from = (offset % PAYLOAD_OFFSETS) * LETTERS_PER_OFFSET
  return PAYLOAD_TEXT.slice(from, from + bytes)
}

/** Whether a body is the payload of some update, whole, or that of a record that never had one: zeros. */
export function isPayload(body: string, bytes: number, version: number): boolean {
  if (body.length !== bytes) return false
  if (bytes === 0) return true
  if (version === 0) return /^\0*$/.test(body)
  const from = placeOf(body) * LETTERS_PER_OFFSET
  return body === PAYLOAD_TEXT.slice(from, from + bytes)
}

/** The place that a payload's first four letters name; any other text names one where it does not fit. */
function placeOf(body: string): number {
  let place = 0
  for (let letter = 0; letter < LETTERS_PER_OFFSET; letter++) {
    place = place * 16 + body.charCodeAt(letter) - LETTER_A
  }
  return place
}
