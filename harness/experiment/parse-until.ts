import { usageError } from '../base/errors.ts'
import { parseShare } from './parse-share.ts'

const RANGE = { minimum: 0.01, maximum: 0.5 }

/** Reads `10%` or `0.1`: the share of the range at which the interval of a crossing is narrow enough. */
export function parseUntil(text: string): number {
  const until = parseShare(text)
  if (until !== undefined && until >= RANGE.minimum && until <= RANGE.maximum) return until
  throw usageError(
    'until',
    `--until ${text}: not a share of the range`,
    '--until takes 1% to 50%, e.g. --until 5% or --until 0.05',
  )
}
