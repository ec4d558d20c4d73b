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

/** An arm as far as a prediction can be about it. */
export interface PredictableArm {
  readonly label: string
  readonly architecture: string
  readonly options: Readonly<Record<string, unknown>>
}

/** The layouts of staged that a prediction can be about. */
export type PredictedLayout = 'classic' | 'fused' | 'both'

/** Whether a prediction speaks of an arm: staged's layouts are told apart, classic being the default; sharded has one. */
function speaksOf(about: PredictedLayout, { architecture, options }: PredictableArm): boolean {
  return architecture !== 'staged' || about === 'both' || (options['layout'] ?? 'classic') === about
}

/**
 * The arm that a prediction means by its winner: its label, or the only one of its architecture; `none` as it is. Null when it
 * means neither arm, or says nothing of the layout that staged has here.
 */
export function predictedArm(
  arms: readonly PredictableArm[],
  {
    winner,
    about = 'both',
  }: { readonly winner: string; readonly about?: PredictedLayout | undefined },
): string | null {
  if (!arms.every((arm) => speaksOf(about, arm))) return null
  if (winner === 'none') return winner
  const candidates = arms.filter((arm) => arm.label === winner || arm.architecture === winner)
  return candidates.length === 1 ? (candidates[0]?.label ?? null) : null
}
