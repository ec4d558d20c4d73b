import { sampleStandardDeviation } from 'simple-statistics'
import type { Random } from '../base/random.ts'

/** The medians of the two halves of a time series. */
export interface HalvesComparison {
  /** NaN for a half without observations; so is `secondMedian`. */
  readonly firstMedian: number
  readonly secondMedian: number
  /** Of the difference of the medians; null when a half has fewer than three blocks with observations. */
  readonly standardError: number | null
}

const RESAMPLES = 200
const FEWEST_BLOCKS = 3
const STANDARD_ERRORS = 3
/** Share of the first median: smaller differences don't matter. */
const TOLERANCE = 0.1

/** Blocks with observations, each as running totals over its buckets. */
type Cumulative = readonly Float64Array[]

function cumulate(blocks: readonly ArrayLike<number>[]): Cumulative {
  return blocks
    .map((counts) => {
      let total = 0
      return Float64Array.from(counts, (count) => (total += count))
    })
    .filter((totals) => totals.length > 0 && totals.at(-1)! > 0)
}

/** Observations in buckets up to this one, over the chosen blocks. */
function countUpTo(chosen: Cumulative, bucket: number): number {
  let count = 0
  for (const totals of chosen) count += totals[bucket]!
  return count
}

/**
 * The median of the chosen blocks together, linear within its bucket. Looks at the running totals of log₂(buckets)
 * buckets only, so that a resample never adds up whole histograms.
 */
function medianOf(chosen: Cumulative, valueOf: (bucket: number) => number): number {
  if (chosen.length === 0) return Number.NaN
  let lower = 0
  let upper = chosen[0]!.length - 1
  const half = countUpTo(chosen, upper) / 2
  while (lower < upper) {
    const middle = (lower + upper) >> 1
    if (countUpTo(chosen, middle) >= half) upper = middle
    else lower = middle + 1
  }
  const before = lower === 0 ? 0 : countUpTo(chosen, lower - 1)
  const within = (half - before) / (countUpTo(chosen, lower) - before)
  return valueOf(lower) + within * (valueOf(lower + 1) - valueOf(lower))
}

function resample(blocks: Cumulative, random: Random): Cumulative {
  return blocks.map(() => blocks[Math.floor(random.unit() * blocks.length)]!)
}

/**
 * Compares the medians of two halves of a time series, each given as one histogram of counts per block (a stretch of
 * time), all with the same buckets. `valueOf(bucket)` is the ascending lower edge of a bucket, and must know the edge
 * behind the last one. The standard error comes from drawing whole blocks with replacement, which keeps what
 * neighbouring latencies have in common (Carlstein 1986, Künsch 1989; Efron & Tibshirani 1993, section 8.6): it is
 * right as long as a block is much longer than a backlog. About 5 ms for 2 × 50 blocks of 500 buckets.
 */
export function compareHalves(
  first: readonly ArrayLike<number>[],
  second: readonly ArrayLike<number>[],
  valueOf: (bucket: number) => number,
  random: Random,
): HalvesComparison {
  const halves = [cumulate(first), cumulate(second)] as const
  const [firstMedian, secondMedian] = [medianOf(halves[0], valueOf), medianOf(halves[1], valueOf)]
  if (Math.min(halves[0].length, halves[1].length) < FEWEST_BLOCKS) {
    return { firstMedian, secondMedian, standardError: null }
  }
  const differences = Array.from(
    { length: RESAMPLES },
    () =>
      medianOf(resample(halves[1], random), valueOf) -
      medianOf(resample(halves[0], random), valueOf),
  )
  return { firstMedian, secondMedian, standardError: sampleStandardDeviation(differences) }
}

/**
 * Whether the medians differ by no more than three standard errors or 10 % of the first, whichever is larger. Without a
 * standard error only the 10 % count; halves without observations agree with nothing.
 */
export function halvesAgree({
  firstMedian,
  secondMedian,
  standardError,
}: HalvesComparison): boolean {
  const allowed = Math.max(STANDARD_ERRORS * (standardError ?? 0), TOLERANCE * firstMedian)
  return Math.abs(secondMedian - firstMedian) <= allowed
}
