import { usageError } from '../base/errors.ts'
import { MS_PER_SECOND } from '../base/units.ts'

interface Range {
  readonly minimum: number
  readonly maximum: number
}

/** A parser of a flag's whole number. */
export function wholeNumber(flag: string, range: Range): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (isWithin(value, range)) return value
    throw usageError(
      'flag',
      `${flag} ${text}: not a whole number in range`,
      `${flag} takes ${range.minimum} to ${range.maximum}`,
    )
  }
}

/** A parser of a flag's time span: `2`, `2s` or `500ms`, as seconds. */
export function seconds(flag: string, range: Range): (text: string) => number {
  return (text) => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?|\.\d+)(ms|s)?$/.exec(text) ?? []
    const value = unit === 'ms' ? Number(digits) / MS_PER_SECOND : Number(digits)
    if (isWithin(value, range)) return value
    throw usageError(
      'flag',
      `${flag} ${text}: not a time span in range`,
      `${flag} takes ${range.minimum}s to ${range.maximum}s, e.g. ${flag} 2s or ${flag} 500ms`,
    )
  }
}

function isWithin(value: number, range: Range): boolean {
  return value >= range.minimum && value <= range.maximum
}
