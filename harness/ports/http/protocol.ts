/** What the files of this port share of HTTP: statuses, and texts as the bytes that are compared and written. */

export const STATUS = {
  ok: 200,
  noContent: 204,
  badRequest: 400,
  notFound: 404,
  methodNotAllowed: 405,
  requestTimeout: 408,
  contentTooLarge: 413,
  targetTooLong: 414,
  expectationFailed: 417,
  misdirected: 421,
  headTooLarge: 431,
  serverError: 500,
  notImplemented: 501,
  refused: 503,
  versionNotSupported: 505,
} as const

/** The bytes of a text of ASCII characters. */
export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** Whether the bytes at `at` are a text; on measured paths. */
export function startsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[at + i] !== text[i]) return false
  }
  return true
}

/** Whether the bytes at `at` are a text, in letters of any case. @param text in lower case */
export function startsInAnyCase(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) {
    if ((bytes[at + i]! | 0x20) !== text[i]) return false
  }
  return true
}

/** A table of the bytes that are one of these characters: 1 for each. */
export function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const byte of ascii(characters)) table[byte] = 1
  return table
}

/** Letters and digits. */
export const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
