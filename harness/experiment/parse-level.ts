import { usageError } from '../base/errors.ts'
import { parseShare } from './parse-share.ts'

/** Below it an interval says less than a coin. */
const LOWEST_LEVEL = 0.5

/** Reads `0.95` or `95%`: the confidence of intervals and verdicts, 0.5 ≤ level < 1. */
export function parseLevel(text: string): number {
  const level = parseShare(text)
  if (level !== undefined && level >= LOWEST_LEVEL && level < 1) return level
  throw usageError(
    'level',
    `--level ${text}: not a confidence`,
    '--level takes 0.5 and more, and less than 1, e.g. --level 0.95 or --level 99%',
  )
}
