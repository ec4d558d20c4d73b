import type { PointPair } from '../../results/point-pair.ts'
import { isSaturated } from '../../stats/doubtful-trials.ts'

/** Trials that failed a gate, of so many; by the name of the gate, of which a trial may have failed several. */
export interface MarkedTrials {
  count: number
  of: number
  byGate: Record<string, number>
}

/** Counts the trials of these pairs that failed a gate. */
export function markedTrials(pairs: readonly Pick<PointPair, 'trials'>[]): MarkedTrials {
  const trials = pairs.flatMap((pair) => pair.trials)
  const byGate: Record<string, number> = {}
  for (const gate of trials.flatMap((trial) => trial.failedGates)) {
    byGate[gate] = (byGate[gate] ?? 0) + 1
  }
  const count = trials.filter((trial) => trial.failedGates.length > 0).length
  return { count, of: trials.length, byGate }
}

/** Those of the arms that do not keep up with the load of these pairs. */
export function saturatedArms(pairs: readonly PointPair[], arms: readonly string[]): string[] {
  return arms.filter((arm) => {
    const { byGate, of } = markedTrials(
      pairs.map((pair) => ({ trials: pair.trials.filter((trial) => trial.arm === arm) })),
    )
    return isSaturated(byGate['completed'] ?? 0, of)
  })
}
