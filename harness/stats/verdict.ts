import type { Interval } from './signed-rank.ts'

/** Ratios closer to 1 than this make no difference that matters. */
export const SMALLEST_RATIO = 1.05

/** What an interval of a ratio second ÷ first says. */
export type Outcome = 'first-larger' | 'second-larger' | 'none' | 'inconclusive'

/**
 * `first-larger` or `second-larger` only if the whole interval lies beyond the threshold on that side, `none` only if
 * all of it lies within 1.05, however large the threshold; otherwise, and when n was too small for the level,
 * `inconclusive`.
 * @param threshold smallest ratio of a winner: the band of a noisy machine; never less than 1.05. @default 1.05
 */
export function judge(ratio: Interval, level: number, threshold = SMALLEST_RATIO): Outcome {
  const winning = Math.max(threshold, SMALLEST_RATIO)
  if (ratio.level < level) return 'inconclusive'
  if (ratio.lower > winning) return 'second-larger'
  if (ratio.upper < 1 / winning) return 'first-larger'
  if (ratio.lower >= 1 / SMALLEST_RATIO && ratio.upper <= SMALLEST_RATIO) return 'none'
  return 'inconclusive'
}

/** Fewest pairs whose signed-rank interval reaches the level: the smallest n with 1 − 2^(1−n) ≥ level. */
export function fewestPairs(level: number): number {
  return Math.ceil(1 - Math.log2(1 - level))
}
