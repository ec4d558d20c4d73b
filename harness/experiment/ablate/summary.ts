import {
  type Ablation,
  ABLATION_METRICS,
  type AblationMetric,
  type Measured,
  type Mechanism,
  type Ratios,
  type Round,
  saturatedArms,
  soundChainRound,
  type Step,
} from '../../results/ablate.ts'
import type { Estimate } from '../../results/schema.ts'
import { markedTrials } from '../../stats/doubtful-trials.ts'
import { type PairLog, productLog, ratioOverPairs } from '../../stats/ratio-over-pairs.ts'
import { logsOver, trialsOf } from '../../stats/sound-rounds.ts'
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
          logsOver(measured.ends.map(soundChainRound), 0, armCount - 1, metric),
          level,
        ),
  )
}

/** Medians over the rounds of one arm, with their ranges; null where some round has no figure. */
export function armFigures(figures: ChainFigures, arm: number): Ratios {
  return ratios(figures, (measured, metric) => {
    const values = trialsOf(measured.rounds.map(soundChainRound), [arm]).map((trial) =>
      trial.figureOf(metric),
    )
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
  const sound = soundChainRound(round)
  if (!steps.every((step) => sound.has(step) && sound.has(step + 1))) return []
  const logs = stretchesOf(steps).flatMap(([from, to]) => logsOver([sound], from, to, metric))
  return [productLog(logs)]
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
  ablation.markedTrials = markedTrials(
    [measured.capacity, measured.latency]
      .flatMap(({ rounds, ends }) => [...rounds, ...ends])
      .flatMap(({ trials }) => trials),
  )
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

function byMetric<T>(of: (metric: AblationMetric) => T): Record<AblationMetric, T> {
  return Object.fromEntries(ABLATION_METRICS.map((metric) => [metric, of(metric)])) as Record<
    AblationMetric,
    T
  >
}
