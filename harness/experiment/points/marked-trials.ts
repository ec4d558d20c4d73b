import type { PointPair } from '../../results/point-pair.ts'

/** Trials that failed a gate, of so many; by the name of the gate, of which a trial may have failed several. */
export interface MarkedTrials {
  count: number
  of: number
  byGate: Record<string, number>
}

/** Counts the trials of these pairs that failed a gate. */
export function markedTrials(pairs: readonly PointPair[]): MarkedTrials {
  const trials = pairs.flatMap((pair) => pair.trials)
  const byGate: Record<string, number> = {}
  for (const gate of trials.flatMap((trial) => trial.failedGates)) {
    byGate[gate] = (byGate[gate] ?? 0) + 1
  }
  const count = trials.filter((trial) => trial.failedGates.length > 0).length
  return { count, of: trials.length, byGate }
}
