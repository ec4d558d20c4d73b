import { NS_PER_SECOND } from '../base/units.ts'
import { fineBucket, fineBucketValue } from '../measure/buckets.ts'
import type { PhaseLogMemory } from '../measure/phase-log.ts'
import { encodeHistogram, histogramFromBuckets } from '../results/histogram.ts'
import type { SampledTimes, StageFigures } from '../results/trial-schema.ts'
import { type Sample, samplesIn } from './attribution.ts'
import type { StageReading } from './stage-readings.ts'

/** What a trial knows of its stages. */
export interface StageRecords {
  readonly names: readonly string[]
  readonly logs: readonly PhaseLogMemory[]
  /** Parts of a latency in a record, before the services by stage. */
  readonly partCount: number
  /** Index among the parts of the wait in the first stage's queue, the others behind it; null where stages have no queues. */
  readonly firstQueueWait: number | null
  /** Of the steady state and some milliseconds more; null where stages have no queues. */
  readonly readings: readonly StageReading[] | null
  /** How long the readings lie apart. */
  readonly countedNs: number
  readonly achievedPerSecond: number
}

/** What each stage did; null where nothing is known of any. Sorts the samples once per stage and kind of time. */
export function stageFigures(records: StageRecords): StageFigures[] | null {
  const { names, logs, partCount, firstQueueWait, readings } = records
  const samples = logs.flatMap(samplesIn)
  if (samples.length === 0 && readings === null) return null
  return names.map((name, stage) => {
    // A record begins with the latency.
    const wait = firstQueueWait === null ? null : sampledTimes(samples, 1 + firstQueueWait + stage)
    const service = sampledTimes(samples, 1 + partCount + stage)
    const isQueueSampled = firstQueueWait !== null && samples.length > 0
    return {
      name,
      wait,
      service,
      ...queueFigures(readings?.[stage] ?? null, records.countedNs),
      meanQueueLength: isQueueSampled
        ? (records.achievedPerSecond * sumOf(wait)) / samples.length / NS_PER_SECOND
        : null,
    }
  })
}

function sumOf(times: SampledTimes): number {
  return times === null ? 0 : times.meanNs * times.count
}

function queueFigures(
  reading: StageReading | null,
  countedNs: number,
): Pick<StageFigures, 'threads' | 'batchBound' | 'requestsPerBatch' | 'takenPerSecond'> {
  if (reading === null)
    return { threads: null, batchBound: null, requestsPerBatch: null, takenPerSecond: null }
  const { taken, batches, threads, batchBound } = reading
  return {
    threads,
    batchBound,
    requestsPerBatch: batches === 0 ? null : taken / batches,
    takenPerSecond: taken / (countedNs / NS_PER_SECOND),
  }
}

/** Fine buckets that are one here: 1 % wide together. With single ones a trial of eight histograms is 20 kB longer. */
const MERGED_BUCKETS = 8

/** Times at one index of the records, of those that spent any; null when none did. */
function sampledTimes(samples: readonly Sample[], index: number): SampledTimes {
  const times = Float64Array.from(samples, (sample) => sample[index]!)
    .filter((ns) => ns > 0)
    .sort()
  const count = times.length
  if (count === 0) return null
  const at = (fraction: number) => times[Math.ceil(fraction * count) - 1]!
  return {
    count,
    meanNs: times.reduce((sum, ns) => sum + ns, 0) / count,
    p50Ns: at(0.5),
    p90Ns: at(0.9),
    p99Ns: at(0.99),
    maxNs: at(1),
    histogram: encodeHistogram(histogramFromBuckets(bucketsOf(times))),
  }
}

/** Middle and count of each merged bucket that has any times; ascending, as the times are. */
function bucketsOf(times: Float64Array): Map<number, number> {
  const counts = new Map<number, number>()
  for (const ns of times) {
    const first = fineBucket(ns) & -MERGED_BUCKETS
    const middle = fineBucketValue(first + MERGED_BUCKETS / 2)
    counts.set(middle, (counts.get(middle) ?? 0) + 1)
  }
  return counts
}
