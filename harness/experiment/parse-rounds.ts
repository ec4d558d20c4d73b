import { usageError } from '../base/errors.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { describeShare } from './parse-share.ts'

const DEFAULT_ROUNDS = 8

/** The rounds of an ablation: those asked for, or eight. Refused when an interval of the level needs more. */
export function chooseRounds(asked: number | undefined, level: number): number {
  const rounds = asked ?? DEFAULT_ROUNDS
  const needed = fewestPairs(level)
  if (rounds >= needed) return rounds
  const share = describeShare(level)
  throw usageError(
    'rounds',
    asked === undefined
      ? `--level ${share.replace(' ', '')}: an interval of ${share} needs at least ${needed} rounds, and the default is ${rounds}`
      : `--rounds ${asked}: an interval of ${share} needs at least ${needed} rounds`,
    asked === undefined ? `--rounds ${needed}` : `--rounds ${needed} or more, or a lower --level`,
  )
}
