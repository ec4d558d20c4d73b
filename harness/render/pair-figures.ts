import { NS_PER_SECOND } from '../base/units.ts'
import type { PairLoad, PairReport } from '../results/compared-pair.ts'
import type { ComparisonName, Trial } from '../results/schema.ts'
import { armLabels } from './arm-labels.ts'
import { formatLatency, formatQuantity, NOT_AVAILABLE, PER_SECOND, RATIO, TIME } from './format.ts'

/** What one pair says about a metric, formatted. */
export interface PairFigures {
  /** Counted from 1. */
  readonly pair: number
  /** The arm that ran first. */
  readonly ranFirst: string
  readonly first: string
  readonly second: string
  /** Second ÷ first; null when a figure is not available or falls on a request that was never answered. */
  readonly ratio: number | null
  readonly ratioText: string
  /** A trial of the pair failed a validity gate. */
  readonly isDoubtful: boolean
}

/** A metric of every pair whose answers were right in both trials, in the order in which they ran. */
export function pairFigures(
  report: PairReport,
  load: PairLoad,
  metric: ComparisonName,
): readonly PairFigures[] {
  const [firstArm, secondArm] = armLabels(report)
  return load.pairs.flatMap(({ trials, order }, index) => {
    const [first, second] = [trials[firstArm], trials[secondArm]]
    if (first?.void !== null || second?.void !== null) return []
    const [divisor, dividend] = [numberOf(first, metric), numberOf(second, metric)]
    const ratio = divisor === null || dividend === null ? null : dividend / divisor
    return [
      {
        pair: index + 1,
        ranFirst: order[0] ?? '',
        first: textOf(first, metric),
        second: textOf(second, metric),
        ratio,
        ratioText: ratio === null ? NOT_AVAILABLE : formatQuantity(ratio, RATIO),
        isDoubtful: [first, second].some(({ gates }) => gates.some(({ passed }) => !passed)),
      },
    ]
  })
}

function numberOf(trial: Trial, metric: ComparisonName): number | null {
  const figure =
    metric === 'achievedPerSecond'
      ? trial.achievedPerSecond
      : metric === 'cpuPerRequest'
        ? trial.counters.cpuSecondsPerRequest
        : trial.percentiles[metric].atLeast
          ? null
          : trial.percentiles[metric].ns
  return figure !== null && figure > 0 ? figure : null
}

function textOf(trial: Trial, metric: ComparisonName): string {
  if (metric === 'achievedPerSecond') return formatQuantity(trial.achievedPerSecond, PER_SECOND)
  if (metric !== 'cpuPerRequest') return formatLatency(trial.percentiles[metric])
  const seconds = trial.counters.cpuSecondsPerRequest
  return seconds === null ? NOT_AVAILABLE : formatQuantity(seconds * NS_PER_SECOND, TIME)
}
