import { hodgesLehmann, type Interval } from '../../harness/stats/intervals.ts'

/** The ratio second ÷ first over pairs: `hodgesLehmann` of the log-ratios, transformed back. All values positive. */
export function pairedRatio(
  first: readonly number[],
  second: readonly number[],
  level: number,
): Interval {
  const interval = hodgesLehmann(
    first.map((value, pair) => Math.log(second[pair]! / value)),
    level,
  )
  return {
    value: Math.exp(interval.value),
    lower: Math.exp(interval.lower),
    upper: Math.exp(interval.upper),
    level: interval.level,
  }
}
