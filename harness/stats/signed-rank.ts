/** A centre with its interval; `level` is the confidence that n allows, never more than it is. */
export interface Interval {
  readonly value: number
  readonly lower: number
  readonly upper: number
  readonly level: number
}

/**
 * Number of subsets of {1 … n} by their sum: index w holds how many have the sum w. Divided by 2ⁿ it is the exact null
 * distribution of Wilcoxon's signed-rank statistic without ties (Wilcoxon 1945).
 */
export function signedRankCounts(n: number): Float64Array {
  const counts = new Float64Array((n * (n + 1)) / 2 + 1)
  counts[0] = 1
  let largest = 0
  for (let rank = 1; rank <= n; rank++) {
    largest += rank
    for (let sum = largest; sum >= rank; sum--) counts[sum]! += counts[sum - rank]!
  }
  return counts
}

/** How many ordered Walsh averages to leave out at each end, and the confidence that remains. */
export function signedRankCut(n: number, level: number): { cut: number; level: number } {
  const counts = signedRankCounts(n)
  const total = 2 ** n
  let below = counts[0]!
  let cut = 0
  // The interval without the `cut` outer averages at each end covers with probability 1 − 2·P(T ≤ cut).
  while (cut + 1 < counts.length / 2 && 1 - (2 * (below + counts[cut + 1]!)) / total >= level) {
    cut++
    below += counts[cut]!
  }
  return { cut, level: Math.max(0, 1 - (2 * below) / total) }
}

/**
 * The Hodges–Lehmann estimate of the centre of paired differences, the median of all averages (dᵢ + dⱼ)/2 with i ≤ j,
 * and the exact Wilcoxon signed-rank interval of at least `level`, or the widest that n allows (n = 6: 96.9 %, n = 3:
 * 75 %). Hodges & Lehmann 1963; Hollander, Wolfe & Chicken 2014, section 3.2–3.3. A difference may be ±∞: it is known to lie
 * beyond all others, and so do its averages. That of +∞ and −∞ may lie anywhere: the interval takes it for whichever makes it
 * wider, and the value is NaN where it depends on it.
 * @throws RangeError when there is no difference. n ≤ 64; about n² log n.
 */
export function hodgesLehmann(differences: readonly number[], level: number): Interval {
  const n = differences.length
  if (n === 0) throw new RangeError('no differences: n=0')
  const averages: number[] = []
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) averages.push((differences[i]! + differences[j]!) / 2)
  }
  const { cut, level: achieved } = signedRankCut(n, level)
  return { ...middleAndEnds(averages, cut), level: achieved }
}

/**
 * The median of values, and those that remain outermost without `cut` at each end. NaN, what comes of +∞ and −∞, may lie anywhere:
 * it is taken for whichever makes the ends wider, and the value is NaN where it depends on it.
 */
export function middleAndEnds(values: readonly number[], cut: number): Omit<Interval, 'level'> {
  const known = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)
  const anywhere = Array.from({ length: values.length - known.length }, () => Infinity)
  const lowest = [...anywhere.map((end) => -end), ...known]
  const highest = [...known, ...anywhere]
  const middle = median(lowest)
  return {
    value: middle === median(highest) ? middle : Number.NaN,
    lower: lowest[cut]!,
    upper: highest[highest.length - 1 - cut]!,
  }
}

/** The median of values in ascending order. */
function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

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
