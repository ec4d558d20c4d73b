import { isLeftOut, type CrossingSearch, type CrossingValue } from '../results/crossing.ts'
import { judgePrediction, predictedArm } from '../stats/prediction.ts'
import { judge } from '../stats/verdict.ts'
import { larger, positionText, smaller, winners } from './crossing-sentence.ts'
import { predictionText } from './prediction-outcome.ts'
import { outcomesText } from './sweep-prediction.ts'

/** The prediction that was written down before measuring, beside the outcome; null without one. */
export function crossingPredictionText(search: CrossingSearch): string | null {
  const { prediction } = search.scenario
  if (prediction === null) return null
  return `Predicted: ${predictionText(prediction)}. Outcome: ${outcomeText(search, prediction)}.`
}

/**
 * A fit tells on which side of 1 the ratio lies, not that it is 1: what is predicted of a tie is judged value by value, as a
 * run judges it load by load.
 */
function outcomeText(
  search: CrossingSearch,
  { winner, orTie = false }: NonNullable<CrossingSearch['scenario']['prediction']>,
): string {
  const { crossing, over } = search
  const expected = predictedArm(search.arms, winner)
  if (expected === null) return 'not tested: it is not about these two arms'
  if (winner === 'none' || orTie) return outcomeOfTie(search, expected, orTie)
  if (crossing === null || crossing.outcome === 'inconclusive') return 'undecided'
  if (crossing.outcome === 'crosses') {
    const [below, above] = winners(search)
    const at = `${over.name} = ${positionText(search, crossing.position ?? 0)}`
    return `it depends: ${below} below ${at}, ${above} above`
  }
  const actual = crossing.outcome === 'second-smaller' ? smaller(search) : larger(search)
  if (expected !== actual) return 'refuted'
  return search.values.some(isLeftOut)
    ? 'confirmed at the values that are not left out'
    : 'confirmed in all of the range'
}

function outcomeOfTie(search: CrossingSearch, expected: string, orTie: boolean): string {
  const values = search.values.filter(({ ratio }) => ratio !== null)
  const outcomes = values.map((value) => judgePrediction(winnerAt(search, value), expected, orTie))
  return outcomesText({ over: search.over, values }, outcomes)
}

/** Label of the arm that wins at a value; `none`, or `inconclusive`. */
function winnerAt(search: CrossingSearch, at: CrossingValue): string {
  const { ratio } = at
  if (ratio === null || isLeftOut(at)) return 'inconclusive'
  const { value, lower, upper } = ratio
  const [middle, low, high] = [value, lower, upper].map(
    (bound) => bound ?? Number.POSITIVE_INFINITY,
  )
  const interval = { value: middle!, lower: low!, upper: high!, level: ratio.level ?? 0 }
  const outcome = judge(interval, search.run.level)
  if (outcome === 'second-larger') return larger(search)
  return outcome === 'first-larger' ? smaller(search) : outcome
}
