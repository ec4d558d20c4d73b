import {
  COMPARISON_NAMES,
  type ComparisonName,
  type Estimate,
  type Load,
  type Pair,
  type PercentileName,
  PERCENTILE_NAMES,
  type Trial,
  type Verdict,
} from '../results/schema.ts'
import { pairedRatio } from '../stats/signed-rank.ts'
import { fewestPairs, judge } from '../stats/verdict.ts'

/** Confidence that a verdict needs. */
const LEVEL = 0.95

/** What a trial says about a metric: undefined when it has no finite, positive figure. */
function figureOf(trial: Trial, name: ComparisonName): number | undefined {
  if (name === 'achievedPerSecond') return positive(trial.achievedPerSecond)
  if (name === 'cpuPerRequest') return positive(trial.counters.cpuSecondsPerRequest)
  const latency = trial.percentiles[name]
  return latency.atLeast ? undefined : positive(latency.ns)
}

function positive(value: number | null): number | undefined {
  return value !== null && value > 0 && Number.isFinite(value) ? value : undefined
}

/** Pairs whose answers were right in both trials: only they say anything. */
function soundPairs(pairs: readonly Pair[], first: string, second: string): Pair[] {
  return pairs.filter((pair) => {
    const trials = [pair.trials[first], pair.trials[second]]
    return trials.every((trial) => trial !== undefined && trial.void === null)
  })
}

function ratioOf(
  pairs: readonly Pair[],
  first: string,
  second: string,
  name: ComparisonName,
): Estimate | null {
  const figures = soundPairs(pairs, first, second).map((pair) => [
    figureOf(pair.trials[first]!, name),
    figureOf(pair.trials[second]!, name),
  ])
  const known = figures.filter((both): both is [number, number] =>
    both.every((figure) => figure !== undefined),
  )
  // A percentile that is not finite in some pair has no ratio: leaving the pair out would flatter the slower arm.
  if (known.length === 0 || known.length < figures.length) return null
  const interval = pairedRatio(
    known.map(([a]) => a),
    known.map(([, b]) => b),
    LEVEL,
  )
  // One pair has no interval.
  const level = known.length === 1 ? null : interval.level
  return { ...interval, level, n: known.length, unit: '×' }
}

/** Second ÷ first for every metric, over the pairs so far. */
export function compareArms(
  pairs: readonly Pair[],
  first: string,
  second: string,
): Load['comparison'] {
  if (soundPairs(pairs, first, second).length === 0) return null
  const entries = COMPARISON_NAMES.map((name) => [name, ratioOf(pairs, first, second, name)])
  return Object.fromEntries(entries) as Record<ComparisonName, Estimate | null>
}

function isLatency(name: ComparisonName): name is PercentileName {
  return (PERCENTILE_NAMES as readonly string[]).includes(name)
}

/** Who wins on a metric, in one sentence. At `max`, latency is window ÷ throughput: judge throughput there. */
export function judgeArms(
  load: Pick<Load, 'label' | 'pairs' | 'comparison'>,
  metric: ComparisonName,
  first: string,
  second: string,
): Verdict {
  const ratio = load.comparison?.[metric] ?? null
  const at = load.label === 'max' ? 'At saturation' : `At ${load.label.replace('%', ' %')} load`
  const figure = metric === 'achievedPerSecond' ? 'throughput' : metric.replace('_', '.')
  if (ratio === null) {
    const settled = unfinishedArm(load.pairs, metric, first, second)
    return {
      metric,
      winner: 'inconclusive',
      ratio,
      sentence: `${at} there is no ${figure} to compare: ${settled}`,
    }
  }
  const outcome = judge({ ...ratio, level: ratio.level ?? 0 }, LEVEL)
  const interval = `${ratio.value.toPrecision(3)}× ${first}'s (${ratio.lower.toPrecision(3)}–${ratio.upper.toPrecision(3)}, ${ratio.n} pairs)`
  const says = `${at} ${second}'s ${figure} is ${interval}`
  const largerWins = !isLatency(metric)
  if (outcome === 'none')
    return { metric, winner: 'none', ratio, sentence: `${says}: no difference that matters.` }
  if (outcome === 'inconclusive') {
    const needed = fewestPairs(LEVEL)
    const why = ratio.n < needed ? `a verdict needs at least ${needed} pairs` : 'too close to tell'
    return { metric, winner: 'inconclusive', ratio, sentence: `${says}: inconclusive, ${why}.` }
  }
  const winner = (outcome === 'second-larger') === largerWins ? second : first
  return { metric, winner, ratio, sentence: `${says}: ${winner} wins.` }
}

/** Why a ratio is missing: void trials, or an arm that did not answer in time. */
function unfinishedArm(
  pairs: readonly Pair[],
  metric: ComparisonName,
  first: string,
  second: string,
): string {
  const sound = soundPairs(pairs, first, second)
  if (sound.length === 0) return 'no pair has right answers in both trials.'
  const saturated = [first, second].filter((arm) =>
    sound.some((pair) => figureOf(pair.trials[arm]!, metric) === undefined),
  )
  return `${saturated.join(' and ')} left so many requests unanswered that it has none.`
}
