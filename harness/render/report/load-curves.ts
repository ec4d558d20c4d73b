import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import {
  type CurvePoint,
  decodeHistogram,
  mergeHistograms,
  percentileCurve,
} from '../../results/histogram.ts'
import type { Trial } from '../../results/schema.ts'
import { formatEstimate, TIME } from '../../words/format.ts'
import { medianLatency, soundTrials } from './pair-figures.ts'

/** Percentiles that are followed over the loads. */
export const FOLLOWED = ['p50', 'p99', 'p99_9'] as const

/**
 * A percentile of one arm at one load: the median over pairs between the fastest and the slowest pair, as text
 * `3.00 ms (range 2.10–4.90)`, `> ` where it falls on requests that were never answered.
 */
type LoadLatency = ReturnType<typeof overPairs>

/** Latencies at one offered load, by percentile in the order of `FOLLOWED`, of both arms. */
export interface LoadLatencies {
  readonly load: PairLoad
  readonly offeredPerSecond: number
  readonly arms: readonly [first: readonly LoadLatency[], second: readonly LoadLatency[]]
}

/** Latency against load, lowest load first; loads without an offered rate or a sound pair are left out. */
export function loadLatencies(report: PairReport): readonly LoadLatencies[] {
  return report.loads
    .flatMap((load) => {
      const { offeredPerSecond } = load
      const [first, second] = soundTrials(report, load)
      if (offeredPerSecond === null || first.length === 0) return []
      const [ofFirst, ofSecond] = [first, second].map((trials) =>
        FOLLOWED.map((name) => overPairs(trials, name)),
      ) as [LoadLatency[], LoadLatency[]]
      return [{ load, offeredPerSecond, arms: [ofFirst, ofSecond] as const }]
    })
    .toSorted((a, b) => a.offeredPerSecond - b.offeredPerSecond)
}

function overPairs(trials: readonly Trial[], name: (typeof FOLLOWED)[number]) {
  const latencies = trials.map(({ percentiles }) => percentiles[name])
  const { ns, atLeast } = medianLatency(latencies)!
  const all = latencies.map((latency) => latency.ns)
  const [lowestNs, highestNs] = [Math.min(...all), Math.max(...all)]
  const range = {
    value: ns,
    lower: lowestNs,
    upper: highestNs,
    level: null,
    n: all.length,
    unit: 'ns',
  }
  return { ns, lowestNs, highestNs, text: (atLeast ? '> ' : '') + formatEstimate(range, TIME) }
}

/** The percentile curves of one arm at one load. */
interface ArmCurves {
  readonly label: string
  /** All sound trials together. */
  readonly merged: readonly CurvePoint[]
  /** One per sound pair: their spread is what the interval is made of. */
  readonly perPair: readonly (readonly CurvePoint[])[]
}

/** The curves of the first and the second arm. Decodes every histogram of the load: milliseconds each. */
export function loadCurves(report: PairReport, load: PairLoad): readonly ArmCurves[] {
  return soundTrials(report, load).map((trials, index) => ({
    label: report.arms[index]?.label ?? '',
    merged: percentileCurve(
      mergeHistograms(trials.map((trial) => trial.histogram)),
      trials.reduce((sum, trial) => sum + unfinishedCount(trial), 0),
    ),
    perPair: trials.map((trial) =>
      percentileCurve(decodeHistogram(trial.histogram), unfinishedCount(trial)),
    ),
  }))
}

function unfinishedCount(trial: Trial): number {
  return trial.counts.refused + trial.counts.unanswered
}
