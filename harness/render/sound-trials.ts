import type { PairLoad, PairReport } from '../results/compared-pair.ts'
import type { Trial } from '../results/schema.ts'

/** The trials of the pairs in which both arms gave right answers: only they enter tables and curves. */
export interface SoundTrials {
  readonly first: readonly Trial[]
  readonly second: readonly Trial[]
}

/** Pairs stay whole: when one trial of a pair is missing or void, the other one is left out, too. */
export function soundTrials(report: PairReport, load: PairLoad): SoundTrials {
  const [firstArm, secondArm] = report.arms
  const first: Trial[] = []
  const second: Trial[] = []
  for (const pair of load.pairs) {
    const firstTrial = pair.trials[firstArm?.label ?? '']
    const secondTrial = pair.trials[secondArm?.label ?? '']
    if (firstTrial?.void !== null || secondTrial?.void !== null) continue
    first.push(firstTrial)
    second.push(secondTrial)
  }
  return { first, second }
}
