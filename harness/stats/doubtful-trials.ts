/** What the rules about doubtful trials read of one. */
interface GatedTrial {
  /** Names. */
  readonly failedGates: readonly string[]
}

/** Trials that failed a gate, of so many; by the name of the gate, of which a trial may have failed several. */
export interface MarkedTrials {
  count: number
  of: number
  byGate: Record<string, number>
}

/** Counts the trials that failed a gate. */
export function markedTrials(trials: readonly GatedTrial[]): MarkedTrials {
  const byGate: Record<string, number> = {}
  for (const gate of trials.flatMap((trial) => trial.failedGates))
    byGate[gate] = (byGate[gate] ?? 0) + 1
  const count = trials.filter((trial) => trial.failedGates.length > 0).length
  return { count, of: trials.length, byGate }
}

/** Above this share of trials that failed the gate `noise` no winner is named, whatever their intervals say. */
const LARGEST_NOISY_SHARE = 0.5

/**
 * Whether others used the processors in so many of the trials that these say more of the machine than of the arms. Intervals
 * over pairs know noise that comes and goes, not one that one arm always suffers more from.
 */
export function isTooNoisy({ byGate, of }: Omit<MarkedTrials, 'count'>): boolean {
  return (byGate['noise'] ?? 0) > LARGEST_NOISY_SHARE * of
}

/** Trials in which less than 99 % of the requests due were answered. */
export function missedTrials(trials: readonly GatedTrial[]): number {
  return trials.filter(({ failedGates }) => failedGates.includes('completed')).length
}

/**
 * Whether an arm does not keep up with a load: in most of its trials it answered less than 99 % of the requests due. Latencies of a
 * growing queue measure how long the trial was, so there is no ratio of them.
 */
export function isSaturated(trials: readonly GatedTrial[]): boolean {
  return 2 * missedTrials(trials) > trials.length
}
