import { usageError } from '../base/errors.ts'
import { parseShare } from './parse-share.ts'

const RANGE = { minimum: 0.01, maximum: 1 }

/** Reads `10%` or `0.1`: how far an interval may reach from its estimate before no more pairs are added. */
export function parsePrecision(text: string): number {
  const precision = parseShare(text)
  if (precision !== undefined && precision >= RANGE.minimum && precision <= RANGE.maximum) {
    return precision
  }
  throw usageError(
    'precision',
    `--until-precise ${text}: not a precision`,
    '--until-precise takes 1% to 100%, e.g. --until-precise 10% or --until-precise 0.1',
  )
}
