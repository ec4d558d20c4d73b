import { decodeHistogram, mergeHistograms } from '../results/histogram.ts'
import { type CurvePoint, percentileCurve } from '../results/percentile-curve.ts'
import type { PairLoad, PairReport } from '../results/compared-pair.ts'
import type { Trial } from '../results/schema.ts'
import { soundTrials } from './sound-trials.ts'

/** The percentile curves of one arm at one load. */
export interface ArmCurves {
  readonly label: string
  /** All sound trials together. */
  readonly merged: readonly CurvePoint[]
  /** One per sound pair: their spread is what the interval is made of. */
  readonly perPair: readonly (readonly CurvePoint[])[]
}

/** The curves of the first and the second arm. Decodes every histogram of the load: milliseconds each. */
export function loadCurves(report: PairReport, load: PairLoad): readonly ArmCurves[] {
  const { first, second } = soundTrials(report, load)
  return [first, second].map((trials, index) => ({
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
