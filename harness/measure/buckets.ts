/** How latencies are counted: HdrHistogram's buckets of three significant digits, and coarse ones for short windows. */

/** Values up to this many nanoseconds have a bucket; longer ones are counted in the last. */
export const LARGEST_LATENCY_NS = 60_000_000_000

const SUB_BUCKET_BITS = 10
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS
const LARGEST_SHIFT = 25

/** Number of fine buckets. */
export const FINE_BUCKETS = (LARGEST_SHIFT + 2) * SUB_BUCKETS

/**
 * The fine bucket of a latency: the layout of HdrHistogram with 2,048 sub-buckets (Tene), widths at most 1/1,024 of the
 * value. Integers below 2³¹ take the fast path.
 */
export function fineBucket(ns: number): number {
  if (ns < 0x7fffffff) {
    const value = ns | 0
    if (value < 2 * SUB_BUCKETS) return value < 0 ? 0 : value
    const shift = 31 - Math.clz32(value) - SUB_BUCKET_BITS
    return (shift << SUB_BUCKET_BITS) + (value >>> shift)
  }
  const value = Math.min(Math.floor(ns), LARGEST_LATENCY_NS)
  const shift = Math.floor(Math.log2(value)) - SUB_BUCKET_BITS
  return shift * SUB_BUCKETS + Math.floor(value / 2 ** shift)
}

/** The middle of a fine bucket, HdrHistogram's median equivalent value: what a percentile reports. */
export function fineBucketValue(bucket: number): number {
  if (bucket < 2 * SUB_BUCKETS) return bucket
  const shift = Math.floor(bucket / SUB_BUCKETS) - 1
  const lowest = (bucket - shift * SUB_BUCKETS) * 2 ** shift
  // The middle: HdrHistogram's median equivalent value.
  return lowest + 2 ** (shift - 1)
}

const COARSE_SHIFT = 6
const COARSE_WIDTH = 1 << COARSE_SHIFT

/** Number of coarse buckets. */
export const COARSE_BUCKETS = FINE_BUCKETS >>> COARSE_SHIFT

/** The coarse bucket that a fine one lies in: 6 % wide (64 ns below 2 µs), enough for the median of a window. */
export function coarseBucket(fine: number): number {
  return fine >>> COARSE_SHIFT
}

/** Where a coarse bucket begins; the next one's start is its end. */
export function coarseBucketStart(bucket: number): number {
  const fine = bucket * COARSE_WIDTH
  if (fine < 2 * SUB_BUCKETS) return fine
  const shift = Math.floor(fine / SUB_BUCKETS) - 1
  return (fine - shift * SUB_BUCKETS) * 2 ** shift
}

/** The middle of a coarse bucket. */
export function coarseBucketValue(bucket: number): number {
  return fineBucketValue(bucket * COARSE_WIDTH + COARSE_WIDTH / 2)
}

/** The bucket of the value of this rank, from 1 on, where `counts` says how many each bucket has; undefined behind all. */
export function bucketAtRank(counts: ArrayLike<number>, rank: number): number | undefined {
  let seen = 0
  for (let bucket = 0; bucket < counts.length; bucket++) {
    seen += counts[bucket]!
    if (seen >= rank) return bucket
  }
  return undefined
}

/** Middle and count of each fine bucket that has any. @param least smaller middles are told as this. @default 0 */
export function* filledBuckets(
  counts: ArrayLike<number>,
  least = 0,
): Generator<readonly [value: number, count: number]> {
  for (let bucket = 0; bucket < counts.length; bucket++)
    if (counts[bucket]! > 0) yield [Math.max(least, fineBucketValue(bucket)), counts[bucket]!]
}

/** Adds up counts of the same buckets. @param from where in each those of the first bucket stand. */
export function sumCounts(
  all: readonly ArrayLike<number>[],
  buckets: number,
  from = 0,
): Float64Array {
  const sums = new Float64Array(buckets)
  for (const counts of all)
    for (let bucket = 0; bucket < buckets; bucket++) sums[bucket]! += counts[from + bucket]!
  return sums
}
