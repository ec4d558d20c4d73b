import {
  bucketAtRank,
  filledBuckets,
  FINE_BUCKETS,
  fineBucketValue,
  sumCounts,
} from '../measure/buckets.ts'
import { type ClassMemory, type RecorderMemory, TOTAL } from '../measure/recorder-layout.ts'
import { encodeHistogram, histogramFromBuckets } from '../results/histogram.ts'
import type { Trial } from '../results/schema.ts'
import type { Trace } from '../workload/trace-layout.ts'

/** Counted latencies of some requests of the steady state, all of them or those of a class. */
export interface LatencyCounts {
  /** By fine bucket. */
  readonly fine: Float64Array
  readonly smallestNs: number
  readonly largestNs: number
  readonly due: number
  readonly refused: number
  /** How old those are that were refused or never answered: a bound. */
  readonly unansweredAgeNs: number
}

type Latencies = Pick<Trial, 'counts' | 'histogram' | 'minNs' | 'maxNs' | 'percentiles'>

/** Percentiles are over every request due: one that was refused or never answered is later than all that were answered. */
export function latenciesOf(counted: LatencyCounts): Latencies {
  const { fine, due, refused, smallestNs, largestNs: maxNs, unansweredAgeNs } = counted
  const completed = fine.reduce((total, count) => total + count, 0)
  const at = (fraction: number) => {
    const rank = Math.max(1, Math.ceil(due * fraction))
    if (rank > completed && due > 0) return { ns: unansweredAgeNs, atLeast: true }
    const bucket = fraction === 1 ? undefined : bucketAtRank(fine, rank)
    const ns = bucket === undefined ? maxNs : Math.min(fineBucketValue(bucket), maxNs)
    return { ns, atLeast: false }
  }
  return {
    counts: { due, completed, refused, unanswered: due - completed - refused },
    histogram: encodeHistogram(histogramFromBuckets(filledBuckets(fine, 1))),
    minNs: completed === 0 ? 0 : smallestNs,
    maxNs,
    percentiles: { p50: at(0.5), p90: at(0.9), p99: at(0.99), p99_9: at(0.999), max: at(1) },
  }
}

/**
 * What was recorded of each class. Which requests were due is the trace's to say: each port's are the first ones of its part, as
 * many as it received, refused, or never came to.
 * @param names empty where none is named. @param recorders by port.
 * @returns null where nothing was counted by class: no class is named, or a closed loop of clients played.
 */
export function classesOfTrial(
  names: readonly string[],
  recorders: readonly RecorderMemory[],
  steady: Trace,
): Trial['classes'] {
  const memories = recorders.flatMap(({ classes }) => classes ?? [])
  if (names.length === 0 || memories.length < recorders.length) return null
  const due = new Float64Array(names.length)
  for (const [port, { totals }] of recorders.entries()) {
    const played = totals[TOTAL.received]! + totals[TOTAL.refused]! + totals[TOTAL.neverReceived]!
    const { count, classes } = steady.ports[port]!
    const cycles = count === 0 ? 0 : Math.floor(played / count)
    const rest = played - cycles * count
    for (let at = 0; at < count; at++) due[classes[at]!]! += cycles + (at < rest ? 1 : 0)
  }
  return names.map((name, index) => {
    const all = (pick: (memory: ClassMemory) => Float64Array) =>
      memories.map((memory) => pick(memory)[index]!)
    const largestNs = Math.max(...all((memory) => memory.largestNs))
    const counted = {
      fine: sumCounts(
        memories.map(({ fine }) => fine),
        FINE_BUCKETS,
        index * FINE_BUCKETS,
      ),
      smallestNs: Math.min(...all((memory) => memory.smallestNs)),
      largestNs,
      due: due[index]!,
      refused: all((memory) => memory.refused).reduce((a, b) => a + b),
      // Later than all of the class that were answered is all that is known.
      unansweredAgeNs: largestNs,
    }
    return { name, ...latenciesOf(counted) }
  })
}
