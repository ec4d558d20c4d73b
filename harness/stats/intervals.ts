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
export function signedRankCut(n: number, level: number): Cut {
  return cutOf(signedRankCounts(n), 2 ** n, level)
}

interface Cut {
  readonly cut: number
  readonly level: number
}

/** @param counts of a statistic's values from 0 on, symmetric. @param total their sum */
function cutOf(counts: Float64Array, total: number, level: number): Cut {
  let below = counts[0]!
  let cut = 0
  // The interval without the `cut` outer values at each end covers with probability 1 − 2·P(statistic ≤ cut).
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
function middleAndEnds(values: readonly number[], cut: number): Omit<Interval, 'level'> {
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

/** The middle of values in ascending order, at least one; of two middle ones their mean. */
export function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

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

/**
 * The value of rank max(1, ⌈n·fraction⌉) of ascending values: the smallest that a share of `fraction` does not exceed
 * (nearest rank; Hyndman & Fan 1996, definition 1). Always one of the values.
 * @throws RangeError when there is no value or the fraction lies outside [0, 1].
 */
export function rankPercentile(sorted: Float64Array, fraction: number): number {
  if (sorted.length === 0) throw new RangeError('no values: n=0')
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`fraction must lie in 0 … 1: fraction=${fraction}`)
  }
  return sorted[Math.max(1, Math.ceil(sorted.length * fraction)) - 1]!
}

/**
 * How many ways there are to draw which of n + m ranks belong to the second sample, by the Mann–Whitney statistic U: index
 * u holds those in which u of the n·m pairs have the second sample's value below the first's. These are the partitions
 * of u into at most n parts of at most m. Divided by their sum, n + m over n, it is the exact null distribution without
 * ties (Mann & Whitney 1947). Sums of whole numbers: exact below 2⁵³, else to a few units in the last place.
 * n, m ≤ 64; about n²·m² steps.
 */
export function rankSumCounts(n: number, m: number): Float64Array {
  const size = n * m + 1
  // By the number of parts, of those sizes that have had their turn.
  const byParts = Array.from({ length: n + 1 }, () => new Float64Array(size))
  byParts[0]![0] = 1
  for (let part = 1; part <= m; part++) {
    for (let parts = 1; parts <= n; parts++) {
      const [fewer, counts] = [byParts[parts - 1]!, byParts[parts]!]
      for (let sum = part; sum < size; sum++) counts[sum]! += fewer[sum - part]!
    }
  }
  return byParts.reduce((total, counts) => total.map((count, sum) => count + counts[sum]!))
}

/** How many ordered differences to leave out at each end, and the confidence that remains. */
export function rankSumCut(n: number, m: number, level: number): Cut {
  const counts = rankSumCounts(n, m)
  const total = counts.reduce((sum, count) => sum + count, 0)
  return cutOf(counts, total, level)
}

/**
 * How far the second of two independent samples lies above the first: the Hodges–Lehmann estimate, the median of all
 * differences yⱼ − xᵢ, and the exact rank-sum interval of at least `level`, or the widest that n and m allow (3 and 3:
 * 90 %, 4 and 4: 97.1 %). Both samples must have the same shape, and nothing else is assumed of it. Hodges & Lehmann
 * 1963; Hollander, Wolfe & Chicken 2014, sections 4.2 and 4.3. A value may be ±∞, as in `hodgesLehmann`.
 * @throws RangeError when a sample is empty. n, m ≤ 64.
 */
export function unpairedShift(
  first: readonly number[],
  second: readonly number[],
  level: number,
): Interval {
  const [n, m] = [first.length, second.length]
  if (n === 0 || m === 0) throw new RangeError(`a sample is empty: n=${n}, m=${m}`)
  const differences = first.flatMap((before) => second.map((after) => after - before))
  const { cut, level: achieved } = rankSumCut(n, m, level)
  return { ...middleAndEnds(differences, cut), level: achieved }
}

/** Whether samples of these sizes can have an interval of the level: 1 − 2 ÷ (n + m over n) is enough. */
export function reachesLevel(n: number, m: number, level: number): boolean {
  return n > 0 && m > 0 && rankSumCut(n, m, level).level >= level
}
