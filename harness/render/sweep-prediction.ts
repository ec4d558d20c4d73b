import type { Sweep } from '../results/sweep.ts'
import { predictedArm, type PredictionOutcome } from '../stats/prediction.ts'
import { predictionText } from './prediction-outcome.ts'
import { listed, placeText, stretchesOf, type StretchValues } from './sweep-stretches.ts'

/** The prediction that was written down before measuring, beside what the sweep found; null without one. */
export function sweepPredictionText(sweep: Sweep): string | null {
  const { prediction } = sweep.scenario
  if (prediction === null) return null
  return `Predicted: ${predictionText(prediction)}. Outcome: ${outcomeText(sweep, prediction.winner)}.`
}

/**
 * What became of a prediction over the values of a parameter: `confirmed in all of the range`, `undecided`, or where:
 * `confirmed up to theta 0.6, undecided at theta 0.8 and refuted from theta 1 on`.
 * @param outcomes one per value, in their order; at least one.
 */
export function outcomesText(along: StretchValues, outcomes: readonly PredictionOutcome[]): string {
  const stretches = stretchesOf(outcomes)
  if (stretches.length > 1)
    return listed(stretches.map((stretch) => `${stretch.said} ${placeText(along, stretch)}`))
  const said = stretches[0]?.said ?? 'undecided'
  return said === 'undecided' ? said : `${said} in all of the range`
}

function outcomeText(sweep: Sweep, winner: string): string {
  const { predictionOutcome: found, arms, values } = sweep
  if (predictedArm(arms, winner) === null) return 'not tested: it is not about these two arms'
  if (found === null) return 'not tested: no verdict was reached'
  const outcomes = values.map(({ value }): PredictionOutcome => {
    if (found.confirmed.includes(value)) return 'confirmed'
    return found.refuted.includes(value) ? 'refuted' : 'undecided'
  })
  return outcomesText(sweep, outcomes)
}
