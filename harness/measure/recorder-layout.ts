import { COARSE_BUCKETS, FINE_BUCKETS } from './buckets.ts'

/** Length of a window of the time series. */
export const WINDOW_NS = 100_000_000

/** Windows that a phase of this length needs; the last one counts what is due later. */
export function windowsFor(ns: number): number {
  return Math.ceil(ns / WINDOW_NS) + 1
}

/**
 * What one port records in one phase, in shared memory, written by the port's owner only and read by the trial:
 *
 *   fine       Int32 × FINE_BUCKETS                       latencies
 *   windows    Int32 × windowCount × COARSE_BUCKETS       latencies per 100 ms of their due instant
 *   maxima     Float64 × windowCount                      largest latency per window, exact
 *   totals     Float64 × TOTAL_NAMES                      counts
 *   classes    of each class of requests, one after the other; null where none is named:
 *     fine     Int32 × FINE_BUCKETS                       latencies
 *     smallest, largest, refused   Float64                exact latencies; counts
 */
export interface RecorderMemory {
  readonly fine: Int32Array
  readonly windows: Int32Array
  readonly maxima: Float64Array
  readonly totals: Float64Array
  readonly windowCount: number
  readonly classes: ClassMemory | null
}

/** By class; `fine` has those of class i from i × FINE_BUCKETS on. */
export interface ClassMemory {
  readonly fine: Int32Array
  /** Infinite when there is none. */
  readonly smallestNs: Float64Array
  readonly largestNs: Float64Array
  readonly refused: Float64Array
}

export const TOTAL_NAMES = [
  /** Received. */
  'received',
  'refused',
  /** Replies to requests of any phase in the first and in the second half of the steady state: its throughput. */
  'repliesFirstHalf',
  'repliesSecondHalf',
  /** Smallest latency; infinite when there is none. */
  'smallestNs',
  'largestBacklog',
  'largestBacklogAgeNs',
  /** Requests taken from the phase's trace, refused ones included. */
  'played',
  /** Requests of any phase that were received and not yet answered. */
  'inFlight',
  /** Answers of any phase that were wrong, and what was wrong with the first one. */
  'wrong',
  'firstWrongKind',
  'firstWrongKey',
  /** Requests of the steady state that were not received when its drain ended. */
  'neverReceived',
  'oldestUnansweredNs',
  /** 1 when nothing more will be received. */
  'finished',
] as const
export type TotalName = (typeof TOTAL_NAMES)[number]

/** Place of each total: measured paths look nothing up by its name. */
export const TOTAL = Object.fromEntries(
  TOTAL_NAMES.map((name, index) => [name, index]),
) as Readonly<Record<TotalName, number>>

/** A total over all ports. @param combine @default their sum */
export function totalOf(
  recorders: readonly Pick<RecorderMemory, 'totals'>[],
  name: TotalName,
  combine = (a: number, b: number) => a + b,
): number {
  return recorders.map(({ totals }) => totals[TOTAL[name]]!).reduce((a, b) => combine(a, b))
}

/**
 * @param windowCount windows of the phase; what is due later counts in the last one.
 * @param classCount classes of requests that are counted apart: 108 KiB each.
 */
export function createRecorder(windowCount: number, classCount = 0): RecorderMemory {
  const words = (count: number) => new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT)
  const doubles = (count: number) => new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT)
  const memory = {
    fine: new Int32Array(words(FINE_BUCKETS)),
    windows: new Int32Array(words(windowCount * COARSE_BUCKETS)),
    maxima: new Float64Array(doubles(windowCount)),
    totals: new Float64Array(doubles(TOTAL_NAMES.length)),
    windowCount,
    classes:
      classCount === 0
        ? null
        : {
            fine: new Int32Array(words(classCount * FINE_BUCKETS)),
            smallestNs: new Float64Array(doubles(classCount)),
            largestNs: new Float64Array(doubles(classCount)),
            refused: new Float64Array(doubles(classCount)),
          },
  }
  clearRecorder(memory)
  return memory
}

/** Forgets everything, for another trial. */
export function clearRecorder({ fine, windows, maxima, totals, classes }: RecorderMemory): void {
  fine.fill(0)
  windows.fill(0)
  maxima.fill(0)
  totals.fill(0)
  totals[TOTAL.smallestNs] = Number.POSITIVE_INFINITY
  if (classes === null) return
  classes.fine.fill(0)
  classes.smallestNs.fill(Number.POSITIVE_INFINITY)
  classes.largestNs.fill(0)
  classes.refused.fill(0)
}
