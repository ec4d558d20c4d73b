import { linearRegression } from 'simple-statistics'
import type { PointPair } from '../../results/points.ts'
import { COMPARISON_NAMES, type ComparisonName, type Estimate } from '../../results/schema.ts'
import type { ArmFigures, Scaling, Sweep, SweepValue } from '../../results/sweep.ts'
import { isTooNoisy, markedTrials } from '../../stats/doubtful-trials.ts'
import { hodgesLehmann, medianInterval } from '../../stats/intervals.ts'
import { judgePrediction, predictedArm } from '../../stats/prediction.ts'
import { saturatedAmong } from '../../stats/sound-rounds.ts'
import { fitScalability, type ScalingPoint } from '../../stats/queueing.ts'
import { isLatency, METRICS } from '../../words/metrics.ts'
import {
  comparedIn,
  estimated,
  markedTrialsOf,
  medianFigure,
  outcomeOf,
  ratioOver,
  soundPair,
} from '../ratios.ts'
import { pointTimerBound } from '../timer-bound.ts'

/*
 * Both go through the values of one round, and are then estimated over rounds: what the machine does to a whole round
 * cancels in the speed-up, and what remains is in the interval.
 */

/** How an arm's capacity grows with the cores, from the rounds that measured it at every number of cores. */
export function scalingOf(
  capacityPairs: readonly PointPair[],
  arm: string,
  level: number,
): Scaling {
  const rounds = roundsOf(capacityPairs, arm)
  const fits = rounds.map(fitScalability).filter((fit) => fit !== null)
  const coherencies = fits.map(({ coherency }) => coherency).filter((value) => value !== null)
  const numbers = [...new Set(rounds.flat().map(({ cores }) => cores))].toSorted((a, b) => a - b)
  const speedUps = numbers.flatMap((cores) => {
    const perRound = rounds.flatMap((round) => speedUpIn(round, cores))
    const speedUp = medianOver(perRound, level, '×')
    return speedUp === null ? [] : [{ cores, speedUp }]
  })
  return {
    speedUps,
    contention: medianOver(
      fits.map(({ contention }) => contention),
      level,
      '',
    ),
    coherency: medianOver(coherencies, level, ''),
  }
}

/** The slope of an arm's median latency over the values, nanoseconds per unit: least squares in each round, then over rounds. */
export function slopeOf(
  values: readonly SweepValue[],
  arm: string,
  level: number,
): Estimate | null {
  const rounds = Math.min(...values.map(({ pairs }) => pairs.length))
  const slopes = Array.from({ length: rounds }, (_, round) => {
    const points = values.map(({ value, pairs }) => [value, medianIn(pairs[round], arm)] as const)
    const known = points.filter((point): point is [number, number] => point[1] !== null)
    return known.length < points.length ? null : linearRegression(known).m
  })
  const known = slopes.filter((slope) => slope !== null)
  if (known.length === 0 || known.length < slopes.length) return null
  return estimated(hodgesLehmann(known, level), known.length, 'ns')
}

function medianIn(pair: PointPair | undefined, arm: string): number | null {
  const median = pair && soundPair(pair).get(arm)?.figureOf('p50')
  return typeof median === 'number' ? median : null
}

/** The i-th pair of every number of cores, for each i that all of them have. */
function roundsOf(pairs: readonly PointPair[], arm: string): ScalingPoint[][] {
  const byCores = [...Map.groupBy(pairs, (pair) => pair.value)].map(([cores, ofCores]) =>
    ofCores.flatMap(({ trials }) =>
      trials.flatMap(({ arm: label, achievedPerSecond }) =>
        label === arm ? [{ cores: cores ?? 1, perSecond: achievedPerSecond }] : [],
      ),
    ),
  )
  const rounds = byCores.length === 0 ? 0 : Math.min(...byCores.map((points) => points.length))
  return Array.from({ length: rounds }, (_, round) => byCores.map((points) => points[round]!))
}

function speedUpIn(round: readonly ScalingPoint[], cores: number): number[] {
  const [alone, these] = [1, cores].map((number) => round.find((point) => point.cores === number))
  return alone === undefined || these === undefined ? [] : [these.perSecond / alone.perSecond]
}

function medianOver(values: readonly number[], level: number, unit: string): Estimate | null {
  return values.length === 0 ? null : estimated(medianInterval(values, level), values.length, unit)
}

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
  sweep.markedTrials = markedTrialsOf(sweep)
}

function summarizeValue(sweep: Sweep, value: SweepValue): void {
  const { level, metric } = sweep.run
  const compared = comparedIn(sweep)
  const labels = [compared.first, compared.second]
  value.figures = byLabel(labels, (label): ArmFigures =>
    byMetric((name) => medianFigure(value.pairs, label, name, level)),
  )
  const isSaturated = saturatedAmong(value.pairs.map(soundPair), labels).length > 0
  value.ratios = byMetric((name) =>
    isSaturated && isLatency(name) ? null : ratioOver(value.pairs, compared, name, level),
  )
  value.capacity = capacityOf(sweep, value.value)
  value.timerBound = pointTimerBound(value.pairs, labels)
  const isOnThroughput = metric === 'achievedPerSecond'
  const judged = isOnThroughput ? capacityPairsAt(sweep, value.value) : value.pairs
  const noise = markedTrials(judged.flatMap(({ trials }) => trials))
  if (isSaturated && isLatency(metric)) value.outcome = 'saturated'
  else if (isTooNoisy(noise)) value.outcome = 'undecided'
  else if (isOnThroughput) value.outcome = outcomeOf(value.capacity?.ratio ?? null, level)
  else {
    value.outcome =
      value.timerBound === null ? outcomeOf(value.ratios[metric], level) : 'timer-bound'
  }
}

/** Value by value, as a run judges it load by load; null where it is not about these arms, or nothing is known. */
function predictionOutcome({ scenario, arms, values, run }: Sweep): Sweep['predictionOutcome'] {
  const { prediction } = scenario
  const expected = prediction && predictedArm(arms, prediction)
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

function capacityPairsAt({ capacityPairs }: Sweep, value: number): Sweep['capacityPairs'] {
  return capacityPairs.filter((pair) => pair.value === value)
}

/** Null where capacity was not measured at this value of the parameter itself. */
function capacityOf(sweep: Sweep, value: number): SweepValue['capacity'] {
  const pairs = capacityPairsAt(sweep, value)
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

function byMetric<T>(of: (metric: ComparisonName) => T): Record<ComparisonName, T> {
  return Object.fromEntries(COMPARISON_NAMES.map((name) => [name, of(name)])) as Record<
    ComparisonName,
    T
  >
}

function byLabel<T>(labels: readonly string[], of: (label: string) => T): Record<string, T> {
  return Object.fromEntries(labels.map((label) => [label, of(label)]))
}
