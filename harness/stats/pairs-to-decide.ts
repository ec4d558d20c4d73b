import { errorFunction, probit, sampleStandardDeviation } from 'simple-statistics'
import { hodgesLehmann } from './signed-rank.ts'
import { fewestPairs, SMALLEST_RATIO } from './verdict.ts'

/** More pairs than this are not worth proposing. */
const MOST_PAIRS = 1_000
const PROBABLY = 0.8
/** Asymptotic relative efficiency of the signed-rank test to the t-test, normal differences (Pitman 1948). */
const EFFICIENCY = 3 / Math.PI

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
