import {
  type Ablation,
  ABLATION_METRICS,
  type AblationMetric,
  type ChainTrial,
  type Measured,
  type Mechanism,
  type Ratios,
  type Round,
  saturatedArms,
  type Step,
} from '../../results/ablate.ts'
import type { Estimate } from '../../results/schema.ts'
import {
  type Figure,
  pairLog,
  type PairLog,
  positive,
  productLog,
  ratioOverPairs,
} from '../../stats/ratio-over-pairs.ts'
import { spread } from '../capacity.ts'

/*
 * Every step is a set of pairs: two neighbours of the chain in the same round. Within a round the product of the steps'
 * ratios is the last arm's figure ÷ the first one's: the steps between cancel, for each round by itself. What does not
 * cancel is the noise of the round, its order and its trace, and those the endpoints, measured apart, do not share.
 */

/** Both parts of what was measured, by what they are for. */
export interface ChainFigures {
  readonly capacity: Measured
  readonly latency: Measured
}

/** Second ÷ first of the steps with these indices multiplied, per round, then estimated over rounds. */
export function stepRatios(figures: ChainFigures, steps: readonly number[], level: number): Ratios {
  return ratios(figures, (measured, metric) =>
    isGrowing(figures, stretchesOf(steps).flat(), metric)
      ? null
      : ratioOverPairs(
          measured.rounds.flatMap((round) => productOf(round, steps, metric)),
          level,
        ),
  )
}

/** Last arm ÷ first arm, from the pairs in which they ran alone. */
export function endRatios(figures: ChainFigures, armCount: number, level: number): Ratios {
  return ratios(figures, (measured, metric) =>
    isGrowing(figures, [0, armCount - 1], metric)
      ? null
      : ratioOverPairs(
          measured.ends.flatMap((pair) => logRatio(pair, 0, armCount - 1, metric)),
          level,
        ),
  )
}

/** Medians over the rounds of one arm, with their ranges; null where some round has no figure. */
export function armFigures(figures: ChainFigures, arm: number): Ratios {
  return ratios(figures, (measured, metric) => {
    const values = soundTrials(measured.rounds)
      .filter((trial) => trial.arm === arm)
      .map((trial) => figureOf(trial, metric))
    const known = values.filter((value) => typeof value === 'number')
    if (known.length === 0 || known.length < values.length) return null
    return spread(known, metric === 'throughput' ? 'requests/s' : 'ns')
  })
}

/** Whether two estimates can be of the same number: their intervals overlap. Null where one has none. */
export function agree(one: Estimate | null, other: Estimate | null): boolean | null {
  if (one === null || other === null || one.level === null || other.level === null) return null
  return one.lower <= other.upper && other.lower <= one.upper
}

/** Trials whose answers were right. */
function soundTrials(rounds: readonly Round[]): ChainTrial[] {
  return rounds.flatMap((round) => round.trials.filter((trial) => trial.void === null))
}

function ratios(
  figures: ChainFigures,
  estimate: (measured: Measured, metric: AblationMetric) => Estimate | null,
): Ratios {
  const entries = ABLATION_METRICS.map((metric) => [
    metric,
    estimate(metric === 'throughput' ? figures.capacity : figures.latency, metric),
  ])
  return Object.fromEntries(entries) as Ratios
}

/** Whether the metric is a latency of an arm that does not keep up. */
function isGrowing(
  { latency }: ChainFigures,
  arms: readonly number[],
  metric: AblationMetric,
): boolean {
  return (
    (metric === 'p50' || metric === 'p99') &&
    saturatedArms(latency).some((arm) => arms.includes(arm))
  )
}

/** First and last arm of each run of steps that follow one upon the other: those between cancel, answered or not. */
function stretchesOf(steps: readonly number[]): readonly (readonly [from: number, to: number])[] {
  const stretches: [from: number, to: number][] = []
  for (const step of steps.toSorted((a, b) => a - b)) {
    const last = stretches.at(-1)
    if (last?.[1] === step) last[1] = step + 1
    else stretches.push([step, step + 1])
  }
  return stretches
}

/** ln of the product of a round's steps; empty when it has not measured all of their arms. */
function productOf(
  round: Round,
  steps: readonly number[],
  metric: AblationMetric,
): readonly (PairLog | null)[] {
  const measured = new Set(soundTrials([round]).map(({ arm }) => arm))
  if (!steps.every((step) => measured.has(step) && measured.has(step + 1))) return []
  const logs = stretchesOf(steps).flatMap(([from, to]) => logRatio(round, from, to, metric))
  return [productLog(logs)]
}

/** ln(to ÷ from) in one round; empty when it has not measured both. */
function logRatio(
  round: Round,
  from: number,
  to: number,
  metric: AblationMetric,
): readonly (PairLog | null)[] {
  const sound = soundTrials([round])
  const [first, second] = [from, to].map((arm) => sound.find((trial) => trial.arm === arm))
  if (first === undefined || second === undefined) return []
  return [pairLog(figureOf(first, metric), figureOf(second, metric))]
}

/** Null when there is no finite, positive figure. */
function figureOf(trial: ChainTrial, metric: AblationMetric): Figure | null {
  if (metric === 'throughput') return positive(trial.achievedPerSecond)
  if (metric === 'cpuPerRequest') return positive(trial.cpuPerRequestNs)
  return trial[metric].atLeast ? 'unanswered' : positive(trial[metric].ns)
}

/** Computes everything in the result that follows from its trials, anew. @param level confidence of the intervals */
export function summarizeChain(ablation: Ablation, { level }: { readonly level: number }): void {
  const { arms, steps, measured } = ablation
  for (const [place, arm] of arms.entries()) arm.figures = armFigures(measured, place)
  for (const [index, step] of steps.entries()) step.ratios = stepRatios(measured, [index], level)
  ablation.mechanisms = mechanismsOf(steps).map(({ name, steps: indices }) => ({
    name,
    steps: indices,
    ratios: stepRatios(measured, indices, level),
  }))
  ablation.product = stepRatios(measured, [...steps.keys()], level)
  ablation.endpoints = endRatios(measured, arms.length, level)
  ablation.productOfEstimates = byMetric((metric) => productOfEstimates(steps, metric))
  ablation.agreement = byMetric((metric) =>
    agree(ablation.product[metric], ablation.endpoints[metric]),
  )
  ablation.markedTrials = markedTrials(ablation)
}

/** Steps by mechanism, in the order in which mechanisms first appear. */
function mechanismsOf(steps: readonly Step[]): Omit<Mechanism, 'ratios'>[] {
  const groups = Map.groupBy(steps.keys(), (index) => steps[index]!.mechanism)
  return [...groups].map(([name, indices]) => ({ name, steps: indices }))
}

function productOfEstimates(steps: readonly Step[], metric: AblationMetric): number | null {
  const values = steps.map((step) => step.ratios[metric]?.value)
  // An open end has no number to multiply by.
  const known = values.filter((value) => value !== undefined && value > 0 && value < Infinity)
  if (known.length < values.length) return null
  return known.reduce<number>((product, value) => product * value!, 1)
}

function markedTrials({ measured }: Ablation): Ablation['markedTrials'] {
  const trials = [measured.capacity, measured.latency]
    .flatMap(({ rounds, ends }) => [...rounds, ...ends])
    .flatMap((round) => round.trials)
  const byGate: Record<string, number> = {}
  for (const gate of trials.flatMap((trial) => trial.failedGates)) {
    byGate[gate] = (byGate[gate] ?? 0) + 1
  }
  const count = trials.filter((trial) => trial.failedGates.length > 0).length
  return { count, of: trials.length, byGate }
}

function byMetric<T>(of: (metric: AblationMetric) => T): Record<AblationMetric, T> {
  return Object.fromEntries(ABLATION_METRICS.map((metric) => [metric, of(metric)])) as Record<
    AblationMetric,
    T
  >
}
