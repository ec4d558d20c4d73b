import { type Interval, middleAndEnds } from './signed-rank.ts'

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
export function rankSumCut(n: number, m: number, level: number): { cut: number; level: number } {
  const counts = rankSumCounts(n, m)
  const total = counts.reduce((sum, count) => sum + count, 0)
  let below = counts[0]!
  let cut = 0
  // The interval without the `cut` outer differences at each end covers with probability 1 − 2·P(U ≤ cut).
  while (cut + 1 < counts.length / 2 && 1 - (2 * (below + counts[cut + 1]!)) / total >= level) {
    cut++
    below += counts[cut]!
  }
  return { cut, level: Math.max(0, 1 - (2 * below) / total) }
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
