import type { Latency } from '../results/schema.ts'

/** The middle of the values, the mean of the middle two when their number is even; null when there are none. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2
}

/** As `medianOf`; a latency that is only known to be "at least" comes after all that are known, and marks the median. */
export function medianLatency(latencies: readonly Latency[]): Latency | null {
  const sorted = latencies.toSorted((a, b) => Number(a.atLeast) - Number(b.atLeast) || a.ns - b.ns)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  if (lower === undefined || upper === undefined) return null
  return { ns: (lower.ns + upper.ns) / 2, atLeast: upper.atLeast }
}
