/** Reads `10%` or `0.1` as a share of one; undefined when the text is neither. The range is the caller's to check. */
export function parseShare(text: string): number | undefined {
  const [, digits, percentSign] = /^(\d+(?:\.\d+)?|\.\d+)(%)?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  return percentSign === undefined ? Number(digits) : Number(digits) / 100
}

/** A share as people write it: 0.95 is `95 %`. */
export function describeShare(share: number): string {
  return `${Number((share * 100).toFixed(6))} %`
}
