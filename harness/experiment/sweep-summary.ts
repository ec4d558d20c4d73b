import { COMPARISON_NAMES, type ComparisonName } from '../results/schema.ts'
import type { ArmFigures, Sweep, SweepValue } from '../results/sweep.ts'
import { judgePrediction, predictedArm } from '../stats/prediction.ts'
import { markedTrials, saturatedArms } from './points/marked-trials.ts'
import { type Compared, medianFigure, outcomeOf, ratioOver } from './sweep-figures.ts'
import { scalingOf, slopeOf } from './sweep-scaling.ts'
import { isTooNoisy } from '../stats/doubtful-trials.ts'
import { isLatency, METRICS } from '../words/metrics.ts'
import { pointTimerBound } from './timer-bound.ts'

/** Computes everything in the result that follows from its trials, anew. Milliseconds. */
export function summarizeSweep(sweep: Sweep): void {
  const { values, run, over, arms } = sweep
  const labels = arms.map(({ label }) => label)
  for (const value of values) summarizeValue(sweep, value)
  sweep.scaling =
    over.subject === 'cores'
      ? byLabel(labels, (label) => scalingOf(sweep.capacityPairs, label, run.level))
      : null
  sweep.slopes =
    over.subject === 'parameter' && over.integer
      ? byLabel(labels, (label) => slopeOf(values, label, run.level))
      : null
  sweep.predictionOutcome = predictionOutcome(sweep)
  sweep.markedTrials = markedTrials([
    ...sweep.capacityPairs,
    ...values.flatMap(({ pairs }) => pairs),
  ])
}

function summarizeValue(sweep: Sweep, value: SweepValue): void {
  const { level, metric } = sweep.run
  const compared = comparedIn(sweep)
  const labels = [compared.first, compared.second]
  value.figures = byLabel(labels, (label): ArmFigures =>
    byMetric((name) => medianFigure(value.pairs, label, name, level)),
  )
  const isSaturated = saturatedArms(value.pairs, labels).length > 0
  value.ratios = byMetric((name) =>
    isSaturated && isLatency(name) ? null : ratioOver(value.pairs, compared, name, level),
  )
  value.capacity = capacityOf(sweep, value.value)
  value.timerBound = pointTimerBound(value.pairs, labels)
  const { byGate, of } = markedTrials(value.pairs)
  if (metric === 'achievedPerSecond') {
    value.outcome = outcomeOf(value.capacity?.ratio ?? null, level)
  } else if (isSaturated && isLatency(metric)) value.outcome = 'saturated'
  else if (isTooNoisy(byGate['noise'] ?? 0, of)) value.outcome = 'undecided'
  else {
    value.outcome =
      value.timerBound === null ? outcomeOf(value.ratios[metric], level) : 'timer-bound'
  }
}

/** Value by value, as a run judges it load by load; null where it is not about these arms, or nothing is known. */
function predictionOutcome({ scenario, arms, values, run }: Sweep): Sweep['predictionOutcome'] {
  const { prediction } = scenario
  const expected = prediction && predictedArm(arms, prediction.winner)
  const isKnown = values.some(({ outcome }) => outcome !== 'unknown')
  if (prediction === null || expected === null || !isKnown) return null
  const found = { confirmed: [] as number[], refuted: [] as number[], undecided: [] as number[] }
  for (const { value, outcome } of values) {
    const winner = winnerOf(outcome, run.metric, arms)
    found[judgePrediction(winner, expected, prediction.orTie)].push(value)
  }
  return found
}

/** Label of the arm that an outcome makes the winner; `none`, or `inconclusive`. */
function winnerOf(
  outcome: SweepValue['outcome'],
  metric: ComparisonName,
  arms: Sweep['arms'],
): string {
  if (outcome === 'same') return 'none'
  if (outcome !== 'lower' && outcome !== 'higher') return 'inconclusive'
  const isSecond = (outcome === 'higher') === METRICS[metric].isMoreBetter
  return arms[isSecond ? 1 : 0]!.label
}

/** Null where capacity was not measured at this value of the parameter itself. */
function capacityOf(sweep: Sweep, value: number): SweepValue['capacity'] {
  const pairs = sweep.capacityPairs.filter((pair) => pair.value === value)
  const compared = comparedIn(sweep)
  const { level } = sweep.run
  const arms = [compared.first, compared.second].flatMap((label) => {
    const figure = medianFigure(pairs, label, 'achievedPerSecond', level)
    return figure === null ? [] : [[label, figure] as const]
  })
  if (arms.length === 0) return null
  const ratio = ratioOver(pairs, compared, 'achievedPerSecond', level)
  return { arms: Object.fromEntries(arms), ratio }
}

function comparedIn({ arms }: Sweep): Compared {
  return { first: arms[0]!.label, second: arms[1]!.label }
}

function byMetric<T>(of: (metric: ComparisonName) => T): Record<ComparisonName, T> {
  return Object.fromEntries(COMPARISON_NAMES.map((name) => [name, of(name)])) as Record<
    ComparisonName,
    T
  >
}

function byLabel<T>(labels: readonly string[], of: (label: string) => T): Record<string, T> {
  return Object.fromEntries(labels.map((label) => [label, of(label)]))
}
