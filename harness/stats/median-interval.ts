import type { Interval } from './signed-rank.ts'

/**
 * The median of independent values and the exact interval between two order statistics, the narrowest of at least
 * `level` or the widest that n allows (n = 6: 96.9 %, n = 3: 75 %, n = 1: none). Nothing is assumed about the values'
 * distribution, not even symmetry: from the d-th smallest to the d-th largest covers with 1 − 2·P(B < d), B binomial
 * with n and ½ (Thompson 1936; Hollander, Wolfe & Chicken 2014, section 3.6). n ≤ 1,000; about n log n.
 * @throws RangeError when there is no value.
 */
export function medianInterval(values: readonly number[], level: number): Interval {
  const n = values.length
  if (n === 0) throw new RangeError('no values: n=0')
  const sorted = values.toSorted((a, b) => a - b)
  let left = 0
  let probability = 0.5 ** n
  let below = probability
  // Leaves out one more value at each end while what remains still covers enough.
  for (;;) {
    probability *= (n - left) / (left + 1)
    const next = below + probability
    if (left + 1 >= n - 1 - left || 1 - 2 * next < level) break
    left++
    below = next
  }
  return {
    value: (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2,
    lower: sorted[left]!,
    upper: sorted[n - 1 - left]!,
    level: Math.max(0, 1 - 2 * below),
  }
}

/**
 * The ratio of two medians whose values are not paired, all positive: the bounds of both intervals against each other,
 * each at half the error (Bonferroni), so the interval is rather too wide than too narrow.
 */
export function medianRatio(
  numerator: readonly number[],
  denominator: readonly number[],
  level: number,
): Interval {
  const each = (1 + level) / 2
  const above = medianInterval(numerator, each)
  const below = medianInterval(denominator, each)
  return {
    value: above.value / below.value,
    lower: above.lower / below.upper,
    upper: above.upper / below.lower,
    level: Math.max(0, above.level + below.level - 1),
  }
}
