/** What a verdict makes of a prediction that was written down before measuring. */
export type PredictionOutcome = 'confirmed' | 'refuted' | 'undecided'

/**
 * What one verdict makes of a prediction.
 * @param winner label of the arm that wins; `none` for no difference that matters, `inconclusive` for no verdict.
 * @param expected label, or `none`.
 * @param orTie whether no difference confirms it, too. @default false
 */
export function judgePrediction(
  winner: string,
  expected: string,
  orTie = false,
): PredictionOutcome {
  if (winner === 'inconclusive') return 'undecided'
  if (orTie && winner === 'none') return 'confirmed'
  return winner === expected ? 'confirmed' : 'refuted'
}

/**
 * The arm that a prediction means: its label, or the only one of its architecture; `none` as it is, null when it means neither
 * arm.
 */
export function predictedArm(
  arms: readonly { readonly label: string; readonly architecture: string }[],
  winner: string,
): string | null {
  if (winner === 'none') return winner
  const candidates = arms.filter((arm) => arm.label === winner || arm.architecture === winner)
  return candidates.length === 1 ? (candidates[0]?.label ?? null) : null
}
