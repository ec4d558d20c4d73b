import type { Estimate, Trial } from '../results/schema.ts'
import { formatQuantity, NOT_AVAILABLE, type Scales } from './format.ts'
import { medianOf } from './median.ts'
import type { SoundTrials } from './sound-trials.ts'

/** A figure of one trial; null when the machine did not give it. */
export type Reading = (trial: Trial) => number | null

/** The median over trials, formatted; not available as soon as one trial lacks the reading. */
export function medianText(trials: readonly Trial[], read: Reading, scales: Scales): string {
  const readings = trials.map(read).filter((value) => value !== null)
  const median = readings.length === trials.length ? medianOf(readings) : null
  return median === null ? NOT_AVAILABLE : formatQuantity(median, scales)
}

/** Applies one column's formatting to each arm. */
export function bothArms(
  trials: SoundTrials,
  format: (trials: readonly Trial[]) => string,
): { readonly first: string; readonly second: string } {
  return { first: format(trials.first), second: format(trials.second) }
}

/** The report holds no interval for this metric: median, smallest and largest ratio of the pairs stand in. */
export function rangeOfRatios(trials: SoundTrials, read: Reading): Estimate | null {
  const ratios = trials.second.map((trial, index) => {
    const first = trials.first[index]
    return (read(trial) ?? Number.NaN) / ((first && read(first)) ?? Number.NaN)
  })
  const value = medianOf(ratios)
  if (value === null || !ratios.every(Number.isFinite)) return null
  const [lower, upper] = [Math.min(...ratios), Math.max(...ratios)]
  return { value, lower, upper, level: null, n: ratios.length, unit: '×' }
}
