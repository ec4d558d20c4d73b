import { type LatencyHistogram, recordedBuckets } from './histogram.ts'

/** A point of a percentile curve: one request in `oneIn` = 1 ÷ (1 − p) took longer than `latencyNs`. */
export interface CurvePoint {
  readonly oneIn: number
  readonly latencyNs: number
}

// Renard's R20 series: even on a log axis, and it holds 2, 4, 5 and 10, hence p50, p75, p80, p90, p95, p99, …
const STEPS_PER_DECADE = [
  1, 1.12, 1.25, 1.4, 1.6, 1.8, 2, 2.24, 2.5, 2.8, 3.15, 3.55, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9,
]

/**
 * Latency against 1 ÷ (1 − p), twenty points a decade, for a logarithmic axis. It begins at p ≈ 11%: the smallest value
 * would stretch the axis and tell nothing. `unfinishedCount` requests (refused or never answered) count as later than
 * everything recorded, so the curve ends where they begin; without any it ends with the largest value at 1 in n. Empty
 * when nothing was recorded.
 */
export function percentileCurve(
  histogram: LatencyHistogram,
  unfinishedCount: number,
): readonly CurvePoint[] {
  const finishedCount = histogram.totalCount
  if (finishedCount === 0) return []
  const population = finishedCount + unfinishedCount
  const endOneIn = population / Math.max(unfinishedCount, 1)

  const buckets = recordedBuckets(histogram)
  let latencyNs = 0
  let reachedCount = 0
  const advanceTo = (rank: number): number => {
    while (reachedCount < rank) {
      const next = buckets.next()
      if (next.done === true) break
      latencyNs = next.value[0]
      reachedCount += next.value[1]
    }
    return latencyNs
  }

  const points: CurvePoint[] = []
  for (const oneIn of gridBelow(endOneIn)) {
    points.push({ oneIn, latencyNs: advanceTo(rankAt(oneIn, population)) })
  }
  points.push({ oneIn: endOneIn, latencyNs: advanceTo(finishedCount) })
  return points
}

/** The smallest rank that covers the share p = 1 − 1 ÷ oneIn of the population: ⌈p · n⌉, at least 1. */
function rankAt(oneIn: number, population: number): number {
  const exact = population - population / oneIn
  // Rounding of the division must not push an exact rank to the next one.
  return Math.max(1, Math.ceil(exact - population * Number.EPSILON))
}

function* gridBelow(endOneIn: number): Generator<number> {
  for (let decade = 1; ; decade *= 10) {
    for (const step of STEPS_PER_DECADE) {
      if (step * decade >= endOneIn) return
      if (step * decade > 1) yield step * decade
    }
  }
}
