import type { Trial } from '../results/schema.ts'
import { bothArms, medianText, rangeOfRatios } from './arm-figures.ts'
import { formatEstimate, formatQuantity, NOT_AVAILABLE, RATIO } from './format.ts'
import type { SoundTrials } from './sound-trials.ts'

/** A figure of both arms, and second ÷ first where that says something. */
export interface PredictabilityRow {
  readonly label: string
  readonly first: string
  readonly second: string
  readonly ratio: string
}

/**
 * How predictable each arm is: how far its tail is from its median within a trial, and how far p99 wandered from one trial
 * to another. Claim C13: control gives predictability.
 */
export function predictabilityRows(trials: SoundTrials): readonly PredictabilityRow[] {
  if (trials.first.length === 0) return []
  const ratios = rangeOfRatios(trials, tailOverMedian)
  return [
    {
      label: 'p99.9 ÷ p50',
      ...bothArms(trials, (arm) => medianText(arm, tailOverMedian, RATIO)),
      ratio: ratios === null ? NOT_AVAILABLE : formatEstimate(ratios, RATIO),
    },
    {
      label: 'worst ÷ best p99',
      ...bothArms(trials, spreadText),
      ratio: NOT_AVAILABLE,
    },
  ]
}

/** Null where a percentile falls on requests that were never answered. */
function tailOverMedian({ percentiles }: Trial): number | null {
  const { p50, p99_9 } = percentiles
  return p99_9.atLeast || p50.atLeast || p50.ns === 0 ? null : p99_9.ns / p50.ns
}

/** Largest ÷ smallest p99 of an arm's trials. */
function spreadText(trials: readonly Trial[]): string {
  const latencies = trials.map((trial) => trial.percentiles.p99)
  if (latencies.length < 2 || latencies.some(({ atLeast, ns }) => atLeast || ns === 0))
    return NOT_AVAILABLE
  const all = latencies.map(({ ns }) => ns)
  return formatQuantity(Math.max(...all) / Math.min(...all), RATIO)
}
