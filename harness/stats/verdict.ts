import { errorFunction, probit, quantile, sampleStandardDeviation } from 'simple-statistics'
import { hodgesLehmann, type Interval } from './intervals.ts'

/** Ratios closer to 1 than this make no difference that matters. */
export const SMALLEST_RATIO = 1.05

/** What an interval of a ratio second ÷ first says. */
type Outcome = 'first-larger' | 'second-larger' | 'none' | 'inconclusive'

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

/** Fewest runs of an architecture against itself that make a band. */
export const FEWEST_BAND_RUNS = 20

/**
 * How far from 1 a machine's ratios stray although nothing differs: the 95th percentile (linear between ranks) of
 * |ln ratio| over the point estimates of A/A runs, given back as a ratio ≥ 1. To be used as a threshold of `judge`.
 * @throws RangeError for fewer than 20 ratios, or one that is not positive.
 */
export function bandOf(ratios: readonly number[]): number {
  if (ratios.length < FEWEST_BAND_RUNS) {
    throw new RangeError(`a band needs at least ${FEWEST_BAND_RUNS} ratios: n=${ratios.length}`)
  }
  const strange = ratios.find((ratio) => !(ratio > 0 && Number.isFinite(ratio)))
  if (strange !== undefined) {
    throw new RangeError(`a ratio must be positive and finite: ratio=${strange}`)
  }
  return Math.exp(
    quantile(
      ratios.map((ratio) => Math.abs(Math.log(ratio))),
      0.95,
    ),
  )
}

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

/** More pairs than this are not worth proposing. */
export const MOST_PAIRS = 1_000
/** With this probability what is proposed decides. */
export const PROBABLY = 0.8
/** Asymptotic relative efficiency of the signed-rank test to the t-test, normal differences (Pitman 1948). */
export const EFFICIENCY = 3 / Math.PI

/** P(lower < X < upper) of a normal X. */
function normalBetween(lower: number, upper: number, mean: number, deviation: number): number {
  const below = (value: number) => errorFunction((value - mean) / (deviation * Math.SQRT2)) / 2
  return Math.max(0, below(upper) - below(lower))
}

/**
 * The smallest number of pairs with which `judge` would name a winner or say `none` with a probability of at least
 * 80 %, should the centre and the spread of the log-ratios stay what they are; at least `fewestPairs(level)`. Null for
 * fewer than two log-ratios, and when more than 1,000 pairs would be needed, because the centre lies too close to a
 * bound or between none and `threshold`. At most 1,000 evaluations.
 *
 * Normal approximation: the centre of n pairs has the standard error e = s / √(n·3/π), its interval the half width t·e
 * (Hollander, Wolfe & Chicken 2014, sections 3.2 and 3.11). Student's t, because s is estimated anew: t ≈ z + (z³ + z)/4ν
 * with ν = n − 1, and each end of the interval scatters by e·√(1 + t²/2ν) around a half width that is 1 − 1/4ν as large
 * (Abramowitz & Stegun 1964, 26.7.5 and 26.7.10). Without that, one promise in twenty more would be broken.
 * @param threshold smallest ratio of a winner, as for `judge`.
 */
export function pairsToDecide(
  logRatios: readonly number[],
  level: number,
  threshold: number,
): number | null {
  if (logRatios.length < 2) return null
  const centre = hodgesLehmann(logRatios, level).value
  const spread = sampleStandardDeviation([...logRatios])
  const z = probit((1 + level) / 2)
  const winner = Math.log(Math.max(threshold, SMALLEST_RATIO))
  const none = Math.log(SMALLEST_RATIO)
  for (let pairs = fewestPairs(level); pairs <= MOST_PAIRS; pairs++) {
    const error = spread / Math.sqrt(pairs * EFFICIENCY)
    const freedom = pairs - 1
    const t = z + (z ** 3 + z) / (4 * freedom)
    const halfWidth = t * error * (1 - 1 / (4 * freedom))
    const scatter = error * Math.sqrt(1 + t ** 2 / (2 * freedom))
    const between = (bound: number) => normalBetween(-bound, bound, centre, scatter)
    const decided = 1 - between(winner + halfWidth) + between(none - halfWidth)
    if (decided >= PROBABLY) return pairs
  }
  return null
}
