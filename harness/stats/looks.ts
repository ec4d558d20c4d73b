import type { Interval } from './signed-rank.ts'

/** Numbers of pairs after which a run that continues until it is precise looks at its interval. */
export const LOOKS = [8, 16, 32, 64] as const

/**
 * The level of each look, so that all of them together are right with at least `level`: Bonferroni (95 % needs 98.75 %
 * at each of four looks).
 */
export function levelPerLook(level: number): number {
  return 1 - (1 - level) / LOOKS.length
}

/**
 * Whether the interval of a ratio reaches `level` and neither bound is further from the value than `precision`
 * (0.1: the upper bound at most 10 % above the value, the value at most 10 % above the lower bound).
 */
export function isPrecise(interval: Interval, precision: number, level: number): boolean {
  const { value, lower, upper } = interval
  return interval.level >= level && upper / value - 1 <= precision && value / lower - 1 <= precision
}
