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

/** The smallest value of a fine bucket, and its width. */
export function fineBucketValue(bucket: number): number {
  if (bucket < 2 * SUB_BUCKETS) return bucket
  const shift = Math.floor(bucket / SUB_BUCKETS) - 1
  const lowest = (bucket - shift * SUB_BUCKETS) * 2 ** shift
  // The middle: HdrHistogram's median equivalent value.
  return lowest + 2 ** (shift - 1)
}

const COARSE_BITS = 4
const COARSE_SUBS = 1 << COARSE_BITS

/** Number of coarse buckets. */
export const COARSE_BUCKETS = 32 * COARSE_SUBS

/** The coarse bucket of a latency, 6 % wide: enough for the median of a window. Longer than 2.1 s counts as 2.1 s. */
export function coarseBucket(ns: number): number {
  const value = ns < 0x7fffffff ? ns | 0 : 0x7fffffff
  if (value < COARSE_SUBS) return value < 0 ? 0 : value
  const exponent = 31 - Math.clz32(value)
  return ((exponent - COARSE_BITS + 1) << COARSE_BITS) + ((value >>> (exponent - COARSE_BITS)) & (COARSE_SUBS - 1))
}

/** The middle of a coarse bucket. */
export function coarseBucketValue(bucket: number): number {
  if (bucket < COARSE_SUBS) return bucket
  const shift = (bucket >>> COARSE_BITS) - 1
  return (COARSE_SUBS + (bucket & (COARSE_SUBS - 1)) + 0.5) * 2 ** shift
}
