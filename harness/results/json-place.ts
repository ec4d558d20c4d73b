/** Where a text stops being JSON. */
export interface JsonPlace {
  /** The text ends too early: nothing before its end is wrong. */
  readonly isCutOff: boolean
  /** `byte 1,000 (line 40, column 7)`, counted from 1; null when it cannot be told. */
  readonly where: string | null
}

/** Characters of the text that V8 quotes before and behind an unexpected one. */
const QUOTED_AROUND = 10

/** Finds the place in what `JSON.parse` says about the text: V8 names a position, the end, or quotes what is around it. */
export function jsonPlace(text: string, error: unknown): JsonPlace {
  const offset = offsetIn(text, error instanceof Error ? error.message : '')
  if (offset === null) return { isCutOff: false, where: null }
  const before = text.slice(0, offset)
  const lines = before.split('\n')
  const byte = (Buffer.byteLength(before) + 1).toLocaleString('en-US')
  return {
    isCutOff: offset >= text.trimEnd().length,
    where: `byte ${byte} (line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1})`,
  }
}

function offsetIn(text: string, message: string): number | null {
  if (message === 'Unexpected end of JSON input') return text.length
  const position = / at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Number(position)
  const quoted = /^Unexpected token .*?, (\.\.\.)?"(.*)"(\.\.\.)? is not valid JSON$/su.exec(
    message,
  )
  if (quoted === null) return null
  const [, cutBefore, context = '', cutBehind] = quoted
  if (cutBefore !== undefined) {
    const start = text.indexOf(context)
    return start < 0 ? null : start + QUOTED_AROUND
  }
  return cutBehind === undefined ? null : context.length - QUOTED_AROUND
}
