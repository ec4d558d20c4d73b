import type { Report } from '../results/schema.ts'

/** The prediction as a sentence: `sharded wins, because …`. */
export function predictionText(prediction: NonNullable<Report['scenario']['prediction']>): string {
  const outcome = prediction.winner === 'none' ? 'neither wins' : `${prediction.winner} wins`
  return `${outcome}, because ${prediction.because}`
}

/** Whether the prediction that was written down before measuring came true, load by load; null without one. */
export function predictionOutcome(report: Report): string | null {
  const { prediction } = report.scenario
  if (prediction === null) return null
  const expected = labelOf(report, prediction.winner)
  if (expected === null) return 'not tested: it is not about these two arms'
  const outcomes = new Map<string, string[]>()
  for (const { label, verdict } of report.loads) {
    if (verdict === null) continue
    const outcome = outcomeOf(verdict.winner, expected)
    outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), label])
  }
  if (outcomes.size === 0) return 'not tested: no verdict was reached'
  return [...outcomes].map(([outcome, loads]) => `${outcome} at ${loads.join(', ')}`).join('; ')
}

function outcomeOf(winner: string, expected: string): string {
  if (winner === 'inconclusive') return 'undecided'
  return winner === expected ? 'came true' : 'did not come true'
}

/** The arm that a prediction means: a label, or an architecture that only one arm has; null when it means neither. */
function labelOf(report: Report, winner: string): string | null {
  if (winner === 'none') return winner
  const candidates = report.arms.filter(
    (arm) => arm.label === winner || arm.architecture === winner,
  )
  return candidates.length === 1 ? (candidates[0]?.label ?? null) : null
}
