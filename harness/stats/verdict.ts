import type { Interval } from './signed-rank.ts'

/** Ratios closer to 1 than this make no difference that matters. */
const SMALLEST_RATIO = 1.05

/** What an interval of a ratio second ÷ first says. */
export type Outcome = 'first-larger' | 'second-larger' | 'none' | 'inconclusive'

/**
 * `first-larger` or `second-larger` only if the whole interval lies beyond 1.05 on that side, `none` only if all of it
 * lies within; otherwise, and when n was too small for the level, `inconclusive`.
 */
export function judge(ratio: Interval, level: number): Outcome {
  if (ratio.level < level) return 'inconclusive'
  if (ratio.lower > SMALLEST_RATIO) return 'second-larger'
  if (ratio.upper < 1 / SMALLEST_RATIO) return 'first-larger'
  if (ratio.lower >= 1 / SMALLEST_RATIO && ratio.upper <= SMALLEST_RATIO) return 'none'
  return 'inconclusive'
}

/** Fewest pairs whose signed-rank interval reaches the level: the smallest n with 1 − 2^(1−n) ≥ level. */
export function fewestPairs(level: number): number {
  return Math.ceil(1 - Math.log2(1 - level))
}
