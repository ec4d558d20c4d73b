import type { Report } from '../results/schema.ts'
import { fewestPairs } from '../stats/verdict.ts'

type Prediction = NonNullable<Report['scenario']['prediction']>

/** The prediction as a sentence: `sharded wins, because …`. */
export function predictionText(prediction: Prediction): string {
  return `${predictedWinner(prediction)}, because ${prediction.because}`
}

/** The prediction without its reason: `sharded wins`. */
export function predictedWinner({ winner }: Prediction): string {
  return winner === 'none' ? 'neither wins' : `${winner} wins`
}

/** Labels of the loads at which a prediction was confirmed, refuted, or not decided. */
export interface PredictionLoads {
  readonly confirmed: readonly string[]
  readonly refuted: readonly string[]
  readonly undecided: readonly string[]
}

/** What became of the prediction that was written down before measuring, by load; null when there is none to judge. */
export function predictionLoads(report: Report): PredictionLoads | null {
  const judged = judge(report)
  return judged === null || 'untested' in judged ? null : judged
}

/** The same as a sentence: `confirmed at 20%, 50%; undecided at 80%`, or why it was not tested; null without one. */
export function predictionOutcome(report: Report): string | null {
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

function judge(report: Report): PredictionLoads | { readonly untested: string } | null {
  const { prediction } = report.scenario
  if (prediction === null) return null
  const expected = labelOf(report, prediction.winner)
  if (expected === null) return { untested: 'it is not about these two arms' }
  const { plannedPairs, level } = report.run
  if (plannedPairs < fewestPairs(level)) return { untested: 'too few pairs for a verdict' }
  const loads = { confirmed: [] as string[], refuted: [] as string[], undecided: [] as string[] }
  for (const { label, verdict } of report.loads) {
    if (verdict !== null) loads[outcomeOf(verdict.winner, expected, prediction.orTie)].push(label)
  }
  const isJudged = Object.values(loads).some((labels) => labels.length > 0)
  return isJudged ? loads : { untested: 'no verdict was reached' }
}

function outcomeOf(winner: string, expected: string, orTie = false): keyof PredictionLoads {
  if (winner === 'inconclusive') return 'undecided'
  if (orTie && winner === 'none') return 'confirmed'
  return winner === expected ? 'confirmed' : 'refuted'
}

/** The arm that a prediction means: a label, or an architecture that only one arm has; null when it means neither. */
function labelOf(report: Report, winner: string): string | null {
  if (winner === 'none') return winner
  const candidates = report.arms.filter(
    (arm) => arm.label === winner || arm.architecture === winner,
  )
  return candidates.length === 1 ? (candidates[0]?.label ?? null) : null
}
