import { ABLATION_METRICS } from '../results/ablation.ts'
import type { AblationMetric, ChainTrial, Measured, Ratios, Round } from '../results/ablation.ts'
import type { Estimate } from '../results/schema.ts'
import { hodgesLehmann } from '../stats/signed-rank.ts'
import { spread } from './capacity.ts'

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
    estimateRatio(
      measured.rounds.map((round) =>
        product(steps.map((step) => logRatio(round, step, step + 1, metric))),
      ),
      level,
    ),
  )
}

/** Last arm ÷ first arm, from the pairs in which they ran alone. */
export function endRatios(figures: ChainFigures, armCount: number, level: number): Ratios {
  return ratios(figures, (measured, metric) =>
    estimateRatio(
      measured.ends.map((pair) => logRatio(pair, 0, armCount - 1, metric)),
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
    if (values.length === 0 || values.includes(null)) return null
    return spread(values as readonly number[], metric === 'throughput' ? 'requests/s' : 'ns')
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

/**
 * ln(to ÷ from) in one round: undefined when it has not measured both, null when a figure is not finite, because a
 * percentile falls on requests that were never answered or the system does not tell.
 */
function logRatio(
  round: Round,
  from: number,
  to: number,
  metric: AblationMetric,
): number | null | undefined {
  const sound = soundTrials([round])
  const [first, second] = [from, to].map((arm) => sound.find((trial) => trial.arm === arm))
  if (first === undefined || second === undefined) return undefined
  const [a, b] = [figureOf(first, metric), figureOf(second, metric)]
  return a === null || b === null ? null : Math.log(b / a)
}

/** Null when there is no finite, positive figure. */
function figureOf(trial: ChainTrial, metric: AblationMetric): number | null {
  if (metric === 'throughput') return positive(trial.achievedPerSecond)
  if (metric === 'cpuPerRequest') return positive(trial.cpuPerRequestNs)
  return trial[metric].atLeast ? null : positive(trial[metric].ns)
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 && Number.isFinite(value) ? value : null
}

/** Over the rounds that measured it; one without a finite figure takes the whole estimate away: leaving it out would flatter. */
function estimateRatio(
  perRound: readonly (number | null | undefined)[],
  level: number,
): Estimate | null {
  const logs = perRound.filter((log) => log !== undefined)
  if (logs.length === 0 || logs.includes(null)) return null
  const interval = hodgesLehmann(logs as readonly number[], level)
  return {
    value: Math.exp(interval.value),
    lower: Math.exp(interval.lower),
    upper: Math.exp(interval.upper),
    // One round has no interval.
    level: logs.length === 1 ? null : interval.level,
    n: logs.length,
    unit: '×',
  }
}

/** The logarithm of a product of ratios; it is as unknown as the least known of them. */
function product(logs: readonly (number | null | undefined)[]): number | null | undefined {
  if (logs.includes(undefined)) return undefined
  if (logs.includes(null)) return null
  return (logs as readonly number[]).reduce((total, log) => total + log, 0)
}
