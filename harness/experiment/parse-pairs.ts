import { usageError } from '../base/errors.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { describeShare } from './parse-share.ts'
import type { Profile } from './profiles.ts'

/** The exact signed-rank distribution is counted in doubles: beyond this many pairs it would no longer be exact. */
export const MOST_PAIRS = 64

/**
 * The rounds, each of which gives a pair at every load: those asked for, or else the profile's. Refused when an interval of
 * the level needs more; only a profile of a single round, which promises no verdict, may have fewer.
 */
export function choosePairs(asked: number | undefined, level: number, profile: Profile): number {
  const pairs = asked ?? profile.rounds
  const needed = fewestPairs(level)
  if (pairs >= needed || (asked === undefined && pairs === 1)) return pairs
  const share = describeShare(level)
  if (asked !== undefined) {
    throw usageError(
      'pairs',
      `--pairs ${asked}: an interval of ${share} needs at least ${needed} pairs`,
      `--pairs ${needed} or more, or a lower --level`,
    )
  }
  throw usageError(
    'pairs',
    `--level ${share.replace(' ', '')}: an interval of ${share} needs at least ${needed} pairs, and profile ${profile.name} has ${pairs} rounds`,
    `--pairs ${needed}`,
  )
}
