/** Above this share of trials that failed the gate `noise` no winner is named, whatever their intervals say. */
const LARGEST_NOISY_SHARE = 0.5

/**
 * Whether others used the processors in so many of the trials that these say more of the machine than of the arms. Intervals
 * over pairs know noise that comes and goes, not one that one arm always suffers more from.
 */
export function isTooNoisy(noisyTrials: number, trials: number): boolean {
  return noisyTrials > LARGEST_NOISY_SHARE * trials
}
