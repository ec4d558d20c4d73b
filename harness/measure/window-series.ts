import { bucketAtRank, COARSE_BUCKETS, coarseBucketValue, sumCounts } from './buckets.ts'
import { type RecorderMemory, WINDOW_NS } from './recorder-layout.ts'

/** One 100-ms window over all ports. */
export interface WindowSummary {
  readonly startNs: number
  readonly completed: number
  readonly p50Ns: number
  readonly p99Ns: number
  readonly maxNs: number
}

/** Sums windows `first … first + count − 1` over the ports; empty windows have zeros. Percentiles are 6 % coarse. */
export function summarizeWindows(
  recorders: readonly RecorderMemory[],
  first: number,
  count: number,
): WindowSummary[] {
  return Array.from({ length: count }, (_, offset) => {
    const window = first + offset
    const counts = windowCounts(recorders, window)
    const maxNs = Math.max(0, ...recorders.map(({ maxima }) => maxima[window]!))
    const completed = counts.reduce((total, n) => total + n, 0)
    const at = (fraction: number) => {
      const bucket = bucketAtRank(counts, Math.max(1, Math.ceil(completed * fraction)))
      return bucket === undefined ? 0 : coarseBucketValue(bucket)
    }
    return { startNs: offset * WINDOW_NS, completed, p50Ns: at(0.5), p99Ns: at(0.99), maxNs }
  })
}

/** How many latencies of a window over the ports each coarse bucket has. */
export function windowCounts(recorders: readonly RecorderMemory[], window: number): Float64Array {
  const all = recorders.map(({ windows }) => windows)
  return sumCounts(all, COARSE_BUCKETS, window * COARSE_BUCKETS)
}

/** Windows whose medians must agree. */
export const STEADY_WINDOWS = 3
const STEADY_TOLERANCE = 0.05
/** One coarse bucket: medians cannot be told apart below it. */
const COARSE_WIDTH = 1 / 16

/** Whether the latest three full windows have stopped falling: each median within 5 % (and a bucket) of the one before. */
export function isSteady(windows: readonly WindowSummary[]): boolean {
  const latest = windows.slice(-STEADY_WINDOWS)
  if (latest.length < STEADY_WINDOWS || latest.some((window) => window.completed === 0))
    return false
  return latest.every((window, i) => {
    const before = latest[i - 1]
    return (
      before === undefined || window.p50Ns >= before.p50Ns * (1 - STEADY_TOLERANCE - COARSE_WIDTH)
    )
  })
}
