import type { PairReport } from '../results/compared-pair.ts'
import { judgePrediction, predictedArm, type PredictionOutcome } from '../stats/prediction.ts'
import { fewestPairs } from '../stats/verdict.ts'

type Prediction = NonNullable<PairReport['scenario']['prediction']>

/** The prediction as a sentence: `sharded wins, because …`. */
export function predictionText(prediction: Prediction): string {
  return `${predictedWinner(prediction)}, because ${prediction.because}`
}

/** The prediction without its reason: `sharded wins`. */
export function predictedWinner({ winner }: Prediction): string {
  return winner === 'none' ? 'neither wins' : `${winner} wins`
}

/** Labels of the loads at which a prediction was confirmed, refuted, or not decided. */
export type PredictionLoads = Readonly<Record<PredictionOutcome, readonly string[]>>

/** What became of the prediction that was written down before measuring, by load; null when there is none to judge. */
export function predictionLoads(report: PairReport): PredictionLoads | null {
  const judged = judge(report)
  return judged === null || 'untested' in judged ? null : judged
}

/** The same as a sentence: `confirmed at 20%, 50%; undecided at 80%`, or why it was not tested; null without one. */
export function predictionOutcome(report: PairReport): string | null {
  const judged = judge(report)
  if (judged === null) return null
  return 'untested' in judged ? `not tested: ${judged.untested}` : outcomeText(judged)
}

function outcomeText(loads: PredictionLoads): string {
  return (['confirmed', 'refuted', 'undecided'] as const)
    .filter((outcome) => loads[outcome].length > 0)
    .map((outcome) => `${outcome} at ${loads[outcome].join(', ')}`)
    .join('; ')
}

function judge(report: PairReport): PredictionLoads | { readonly untested: string } | null {
  const { prediction } = report.scenario
  if (prediction === null) return null
  const expected = predictedArm(report.arms, prediction.winner)
  if (expected === null) return { untested: 'it is not about these two arms' }
  const { plannedRounds, level } = report.run
  if (plannedRounds < fewestPairs(level)) return { untested: 'too few pairs for a verdict' }
  const loads = { confirmed: [] as string[], refuted: [] as string[], undecided: [] as string[] }
  for (const { label, verdict } of report.loads) {
    if (verdict !== null)
      loads[judgePrediction(verdict.winner, expected, prediction.orTie)].push(label)
  }
  const isJudged = Object.values(loads).some((labels) => labels.length > 0)
  return isJudged ? loads : { untested: 'no verdict was reached' }
}
