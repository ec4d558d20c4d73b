import { inflateSync } from 'node:zlib'
import {
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  Float64Histogram,
  HistogramLogWriter,
  JsHistogram,
} from 'hdr-histogram-js'
import { usageError } from '../base/errors.ts'
import { MS_PER_SECOND, NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import type { Load, Report } from './schema.ts'

const LOWEST_NS = 1
/** Latencies above 60 s are recorded as 60 s; the exact largest one is stored beside the histogram. */
export const HIGHEST_NS = 60 * NS_PER_SECOND
const SIGNIFICANT_DIGITS = 3
// 32-bit counts wrap silently at 2³², which a merge of long trials can reach; doubles are exact up to 2⁵³.
const COUNT_BITS = 64

/** Latencies in nanoseconds: 1 ns … 60 s, 3 significant digits, never resized. About 225 kB. */
type LatencyHistogram = JsHistogram

/** A fresh, empty histogram: the only kind into which others may be merged. */
export function emptyHistogram(): LatencyHistogram {
  return new Float64Histogram(LOWEST_NS, HIGHEST_NS, SIGNIFICANT_DIGITS)
}

/**
 * A histogram of counted values, e.g. of the buckets a recorder kept in shared memory.
 * Throws unless values are integers ≥ 0 and counts are integers ≥ 0: the library would keep fractions and NaN.
 */
export function histogramFromBuckets(
  entries: Iterable<readonly [valueNs: number, count: number]>,
): LatencyHistogram {
  const histogram = emptyHistogram()
  for (const [valueNs, count] of entries) {
    if (!Number.isSafeInteger(valueNs) || valueNs < 0) {
      throw new RangeError(`histogram value must be an integer of at least 0: valueNs=${valueNs}`)
    }
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`histogram count must be an integer of at least 0: count=${count}`)
    }
    if (count > 0) histogram.recordValueWithCount(Math.min(valueNs, HIGHEST_NS), count)
  }
  return histogram
}

/** HdrHistogram V2, compressed, base64: readable by HdrHistogram in any language. Loses exact minimum and maximum. */
export function encodeHistogram(histogram: LatencyHistogram): string {
  return encodeIntoCompressedBase64(histogram)
}

/** The inverse of `encodeHistogram`. Throws a usage error when the text is not such an encoding. */
export function decodeHistogram(encoded: string): LatencyHistogram {
  let decoded: unknown
  try {
    refuseInflated(encoded)
    decoded = decodeFromCompressedBase64(encoded, COUNT_BITS)
  } catch (cause) {
    throw corruptHistogram(encoded, cause)
  }
  if (decoded instanceof JsHistogram) return decoded
  throw corruptHistogram(encoded)
}

/** Of an encoding once it is inflated: four times what every bucket of a histogram of any precision here takes. */
const MOST_INFLATED_BYTES = 2 ** 20
/** Cookie and length in front of what is compressed. */
const ENVELOPE_BYTES = 8

/** Throws unless it inflates to no more than a histogram: a few kilobytes could be made to fill the memory. About 50 µs. */
function refuseInflated(encoded: string): void {
  const compressed = Buffer.from(encoded, 'base64').subarray(ENVELOPE_BYTES)
  inflateSync(compressed, { maxOutputLength: MOST_INFLATED_BYTES })
}

/** One histogram of all observations in several encoded ones, e.g. of all trials of an arm at one load. */
export function mergeHistograms(encoded: Iterable<string>): LatencyHistogram {
  const merged = emptyHistogram()
  for (const each of encoded) merged.add(decodeHistogram(each))
  return merged
}

/**
 * How many requests of an encoded histogram were answered within a time: those of every bucket that ends by then, so that of the
 * bucket which it cuts, at most 1/1,024 wide, none counts. About a millisecond.
 */
export function answeredWithin(encoded: string, withinNs: number): number {
  let count = 0
  for (const [valueNs, requests] of recordedBuckets(decodeHistogram(encoded))) {
    if (valueNs > withinNs) break
    count += requests
  }
  return count
}

/** The recorded values with their counts, ascending; a value stands for its bucket's upper end, as in percentiles. */
export function* recordedBuckets(
  histogram: LatencyHistogram,
): Generator<readonly [valueNs: number, count: number]> {
  const iterator = histogram.recordedValuesIterator
  iterator.reset()
  while (iterator.hasNext()) {
    const step = iterator.next()
    yield [step.valueIteratedTo, step.countAtValueIteratedTo]
  }
}

function corruptHistogram(encoded: string, cause?: unknown): Error {
  return usageError(
    'histogram-corrupt',
    `histogram is not in the compressed V2 encoding: starts with ${JSON.stringify(encoded.slice(0, 12))}`,
    'the report was changed or damaged; restore it or run the scenario again',
    cause,
  )
}

/**
 * One arm's histograms as an HdrHistogram log, version 1.3: a line per trial, tagged with its load, and behind it one per class of
 * requests, tagged with load and class (`50%:light`); times in seconds since the run's start, maxima in milliseconds. Void trials are left out: their latencies belong to wrong answers.
 */
export function histogramLog(report: Report, armLabel: string): string {
  const lines: string[] = []
  const writer = new HistogramLogWriter((line) => lines.push(line))
  writer.outputComment(`[crossover ${oneLine(report.scenario.name)}, arm ${oneLine(armLabel)}]`)
  writer.outputLogFormatVersion()
  // Not outputStartTime(): it prints the local time zone.
  const startSeconds = Date.parse(report.run.startedAt) / MS_PER_SECOND
  writer.outputComment(
    `[StartTime: ${startSeconds.toFixed(3)} (seconds since epoch), ${oneLine(report.run.startedAt)}]`,
  )
  writer.outputLegend()
  for (const load of report.loads) {
    for (const { trials } of load.sets) {
      const trial = trials[armLabel]
      if (trial === undefined || trial.void !== null) continue
      const steadyStartSeconds = trial.startedAtSeconds + trial.warmUpSeconds
      const ofClasses = (trial.classes ?? []).map(
        ({ name, histogram }) => [`${load.label}:${name}`, histogram] as const,
      )
      for (const [tag, encoded] of [[load.label, trial.histogram] as const, ...ofClasses]) {
        const histogram = decodeHistogram(encoded)
        histogram.tag = tagFor(tag)
        // The library's default ratio is 1,000; the format says milliseconds.
        writer.outputIntervalHistogram(
          histogram,
          steadyStartSeconds,
          steadyStartSeconds + trial.steadySeconds,
          NS_PER_MS,
        )
      }
    }
  }
  return lines.join('')
}

/** A tag as the format allows it: no comma, no space. */
function tagFor(text: string): string {
  return text.replace(/[\s,]+/g, '_')
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

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

/** Lines on each way of half the distance to 100 %: what HdrHistogram's own tools print. */
const TICKS_PER_HALF_DISTANCE = 5

/**
 * The latencies of one arm at one load, all its trials together, as the text that HdrHistogram's plotter reads (`.hgrm`):
 * value in microseconds, percentile, count up to there, 1 ÷ (1 − percentile). The trials are those of the arm's `.hlog`:
 * void and repeated ones are left out. Requests that were refused or never answered are not in it; a comment at its end
 * says how many. Null when no request was completed.
 */
export function percentileDistribution(
  { scenario }: Report,
  load: Load,
  armLabel: string,
): string | null {
  const trials = load.sets.flatMap(({ trials: { [armLabel]: trial } }) =>
    trial === undefined || trial.void !== null ? [] : [trial],
  )
  const merged = mergeHistograms(trials.map(({ histogram }) => histogram))
  if (merged.totalCount === 0) return null
  const unfinished = trials.reduce((sum, { counts }) => sum + counts.refused + counts.unanswered, 0)
  const subject = oneLine(`crossover ${scenario.name}, arm ${armLabel}, load ${load.label}`)
  return [
    merged.outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, NS_PER_US),
    `#[${subject}; values in microseconds; ${trials.length} trials]\n`,
    `#[${unfinished} requests that were refused or never answered are not in it]\n`,
  ].join('')
}
