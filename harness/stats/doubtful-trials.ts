/** Above this share of trials that failed the gate `noise` no winner is named, whatever their intervals say. */
const LARGEST_NOISY_SHARE = 0.5

/**
 * Whether others used the processors in so many of the trials that these say more of the machine than of the arms. Intervals
 * over pairs know noise that comes and goes, not one that one arm always suffers more from.
 */
export function isTooNoisy(noisyTrials: number, trials: number): boolean {
  return noisyTrials > LARGEST_NOISY_SHARE * trials
}

/**
 * Whether an arm does not keep up with a load: in most of its trials it answered less than 99 % of the requests due. Latencies of a
 * growing queue measure how long the trial was, so there is no ratio of them.
 */
export function isSaturated(missedTrials: number, trials: number): boolean {
  return 2 * missedTrials > trials
}
