import { expect } from 'vitest'
import {
  decodeHistogram,
  mergeHistograms,
  recordedBuckets,
} from '../../harness/results/histogram.ts'
import { PERCENTILE_NAMES, type Trial } from '../../harness/results/schema.ts'

/** What must hold of every trial that is not void. */
export function expectSound(trial: Trial): void {
  expect(trial.void).toBeNull()
  // Nobody slept over work as long as a sleep may last.
  expect(trial.counters.lostWakeUps ?? 0).toBe(0)
  const { due, completed, refused, unanswered } = trial.counts
  expect(completed).toBeGreaterThan(0)
  expect({ completed, refused, unanswered }).toEqual({ completed: due, refused: 0, unanswered: 0 })
  expect(decodeHistogram(trial.histogram).totalCount).toBe(completed)
  const percentiles = PERCENTILE_NAMES.map((name) => trial.percentiles[name])
  expect(percentiles.every((percentile) => !percentile.atLeast)).toBe(true)
  const ns = percentiles.map((percentile) => percentile.ns)
  expect(ns).toEqual(ns.toSorted((a, b) => a - b))
  expect(ns.at(-1)).toBe(trial.maxNs)
  expect(trial.minNs).toBeGreaterThan(0)
  expect(trial.minNs).toBeLessThanOrEqual(ns[0]!)
  expectAttributed(trial)
  expectStages(trial)
  if (trial.classes !== null) expectClassesAddUp(trial)
  expect(trial.series.reduce((sum, window) => sum + window.completed, 0)).toBe(completed)
}

/** Classes of requests are the trial, taken apart: count by count, and bucket by bucket. */
export function expectClassesAddUp({ classes, counts, histogram, minNs, maxNs }: Trial): void {
  const sum = (of: (part: Trial['counts']) => number) =>
    classes!.reduce((total, part) => total + of(part.counts), 0)
  expect({
    due: sum(({ due }) => due),
    completed: sum(({ completed }) => completed),
    refused: sum(({ refused }) => refused),
    unanswered: sum(({ unanswered }) => unanswered),
  }).toEqual(counts)
  const merged = mergeHistograms(classes!.map((part) => part.histogram))
  expect([...recordedBuckets(merged)]).toEqual([...recordedBuckets(decodeHistogram(histogram))])
  const answered = classes!.filter((part) => part.counts.completed > 0)
  expect(Math.min(...answered.map((part) => part.minNs))).toBe(minNs)
  expect(Math.max(...answered.map((part) => part.maxNs))).toBe(maxNs)
}

/** The same requests are sampled in every arm, and of each the parts are its latency. */
function expectAttributed({ attribution, client, counts }: Trial): void {
  // Over real sockets only the client knows when a request was due.
  if (client !== null) return expect(attribution).toBeNull()
  expect(attribution!.samples + attribution!.dropped).toBeGreaterThan(0)
  expect(attribution!.samples).toBeLessThanOrEqual(counts.completed)
  expect(attribution!.sumsWithinShare).toBeGreaterThanOrEqual(0.99)
  expect(
    Object.values(attribution!.slowestByCause).reduce((sum, share) => sum + share, 0),
  ).toBeCloseTo(1)
}

/** Every stage served sampled requests, and what its queue tells fits what was answered. */
function expectStages({ stages, attribution, arm, client }: Trial): void {
  const staged = arm.startsWith('staged')
  if (client !== null && !staged) return expect(stages).toBeNull()
  expect(stages!.length).toBeGreaterThan(0)
  for (const { wait, service, threads, batchBound, requestsPerBatch } of stages!) {
    expect([threads !== null, batchBound !== null]).toEqual([staged, staged])
    if (requestsPerBatch !== null) expect(requestsPerBatch).toBeLessThanOrEqual(1.1 * batchBound!)
    for (const times of [wait, service]) {
      if (times === null) continue
      const { count, p50Ns, p90Ns, p99Ns, maxNs, histogram } = times
      expect(count).toBeLessThanOrEqual(attribution!.samples)
      expect([p50Ns, p90Ns, p99Ns, maxNs]).toEqual(
        [p50Ns, p90Ns, p99Ns, maxNs].toSorted((a, b) => a - b),
      )
      expect(decodeHistogram(histogram).totalCount).toBe(count)
    }
  }
  if (!staged) return expect(stages!.every(({ wait }) => wait === null)).toBe(true)
  // Every request comes by the first queue.
  expect(stages![0]!.takenPerSecond).toBeGreaterThan(0)
  if (attribution === null) return
  expect(stages![0]!.wait!.count).toBeGreaterThan(0)
}
