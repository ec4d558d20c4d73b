import {
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  Float64Histogram,
  JsHistogram,
} from 'hdr-histogram-js'
import { usageError } from '../base/errors.ts'
import { NS_PER_SECOND } from '../base/units.ts'

const LOWEST_NS = 1
/** Latencies above 60 s are recorded as 60 s; the exact largest one is stored beside the histogram. */
export const HIGHEST_NS = 60 * NS_PER_SECOND
const SIGNIFICANT_DIGITS = 3
// 32-bit counts wrap silently at 2³², which a merge of long trials can reach; doubles are exact up to 2⁵³.
const COUNT_BITS = 64

/** Latencies in nanoseconds: 1 ns … 60 s, 3 significant digits, never resized. About 225 kB. */
export type LatencyHistogram = JsHistogram

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
    decoded = decodeFromCompressedBase64(encoded, COUNT_BITS)
  } catch (cause) {
    throw corruptHistogram(encoded, cause)
  }
  if (decoded instanceof JsHistogram) return decoded
  throw corruptHistogram(encoded)
}

/** One histogram of all observations in several encoded ones, e.g. of all trials of an arm at one load. */
export function mergeHistograms(encoded: Iterable<string>): LatencyHistogram {
  const merged = emptyHistogram()
  for (const each of encoded) merged.add(decodeHistogram(each))
  return merged
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
