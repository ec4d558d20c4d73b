import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COARSE_BUCKETS, coarseBucket, fineBucket } from '../../harness/measure/buckets.ts'
import {
  createRecorder,
  TOTAL,
  TOTAL_NAMES,
  WINDOW_NS,
  windowsFor,
} from '../../harness/measure/recorder-layout.ts'
import { Recorder } from '../../harness/measure/recorder.ts'

const WINDOWS = 6
const ORIGIN_NS = 5_000_000_000

/** Batches of requests that are answered together; some before the first window, some behind the last one. */
const batches = fc.array(
  fc.record({
    dueOffsetsNs: fc.array(fc.integer({ min: -WINDOW_NS, max: (WINDOWS + 1) * WINDOW_NS }), {
      maxLength: 6,
    }),
    waitedNs: fc.nat(2 ** 31 - 1),
  }),
  { maxLength: 20 },
)

/** What recorders count, in plain words. */
class Model {
  readonly fine = new Map<number, number>()
  readonly windows = new Map<number, number>()
  readonly maxima = new Float64Array(WINDOWS)
  smallestNs = Number.POSITIVE_INFINITY

  record(dueOffsetNs: number, latencyNs: number): void {
    const window = Math.min(Math.max(0, Math.floor(dueOffsetNs / WINDOW_NS)), WINDOWS - 1)
    count(this.windows, window * COARSE_BUCKETS + coarseBucket(fineBucket(latencyNs)))
    count(this.fine, fineBucket(latencyNs))
    this.maxima[window] = Math.max(this.maxima[window]!, latencyNs)
    this.smallestNs = Math.min(this.smallestNs, latencyNs)
  }
}

test('counts every request of a batch, in the window of its due instant', () => {
  fc.assert(
    fc.property(batches, (course) => {
      const memory = createRecorder(WINDOWS)
      const recorder = new Recorder(memory)
      const model = new Model()
      recorder.begin(ORIGIN_NS)
      for (const { dueOffsetsNs, waitedNs } of course) {
        const repliedNs = ORIGIN_NS + Math.max(0, ...dueOffsetsNs) + waitedNs
        const dueNs = Float64Array.from(dueOffsetsNs, (offset) => ORIGIN_NS + offset)
        // The last one first, between requests that do not belong to the batch.
        const indices = Int32Array.from([0, ...[...dueOffsetsNs.keys()].toReversed(), 0])
        recorder.record(dueNs, indices, 1, 1 + dueNs.length, Float64Array.of(repliedNs))
        for (const offset of dueOffsetsNs) model.record(offset, repliedNs - ORIGIN_NS - offset)
      }
      expect(nonZero(memory.windows)).toEqual(model.windows)
      expect(nonZero(memory.fine)).toEqual(model.fine)
      expect(new Float64Array(memory.maxima)).toEqual(model.maxima)
      expect(recorder.totals[TOTAL.smallestNs]).toBe(model.smallestNs)
    }),
    { numRuns: 50 },
  )
})

function count(counts: Map<number, number>, bucket: number): void {
  counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
}

/** Index and value of every entry that is not zero. */
function nonZero(counts: Int32Array): Map<number, number> {
  const entries = [...counts.entries()].filter(([, value]) => value !== 0)
  return new Map(entries)
}

function recordOne(recorder: Recorder, dueNs: number): void {
  recorder.record(Float64Array.of(dueNs), Int32Array.of(0), 0, 1, Float64Array.of(dueNs + 1_000))
}

test('beginning again moves the windows', () => {
  const memory = createRecorder(WINDOWS)
  const recorder = new Recorder(memory)
  recorder.begin(0)
  recordOne(recorder, 1.5 * WINDOW_NS)
  recorder.begin(10 * WINDOW_NS)
  recordOne(recorder, 13.5 * WINDOW_NS)
  const occupied = [...nonZero(memory.windows).keys()].map((at) => Math.floor(at / COARSE_BUCKETS))
  expect(occupied).toEqual([1, 3])
})

test('every total keeps what it was set to, for whoever reads the same memory', () => {
  const memory = createRecorder(1)
  const recorder = new Recorder(memory)
  TOTAL_NAMES.forEach((name, index) => {
    recorder.totals[TOTAL[name]] = index + 0.5
  })
  const reader = new Recorder(memory)
  expect(TOTAL_NAMES.map((name) => reader.totals[TOTAL[name]])).toEqual(
    TOTAL_NAMES.map((_, index) => index + 0.5),
  )
})

test.each([
  [0, 1],
  [1, 2],
  [WINDOW_NS, 2],
  [WINDOW_NS + 1, 3],
  [10 * WINDOW_NS, 11],
])('a phase of %i ns has %i windows, one of them for what is due later', (ns, windows) => {
  expect(windowsFor(ns)).toBe(windows)
})
