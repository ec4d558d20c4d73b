import { usageError } from '../base/errors.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { describeShare } from './parse-share.ts'

const DEFAULT_PAIRS = 8

/** The pairs at each value: those asked for, or eight. Refused when an interval of the level needs more. */
export function chooseSweepPairs(asked: number | undefined, level: number): number {
  const pairs = asked ?? DEFAULT_PAIRS
  const needed = fewestPairs(level)
  if (pairs >= needed) return pairs
  const share = describeShare(level)
  throw usageError(
    'pairs',
    asked === undefined
      ? `--level ${share.replace(' ', '')}: an interval of ${share} needs at least ${needed} pairs, and the default is ${pairs}`
      : `--pairs ${asked}: an interval of ${share} needs at least ${needed} pairs`,
    asked === undefined ? `--pairs ${needed}` : `--pairs ${needed} or more, or a lower --level`,
  )
}
