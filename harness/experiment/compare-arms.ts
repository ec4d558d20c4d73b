import {
  COMPARISON_NAMES,
  type ComparisonName,
  type Estimate,
  type Latency,
  type Load,
  type PercentileName,
  PERCENTILE_NAMES,
  type Ratios,
  type Trial,
  type TrialSet,
  type Verdict,
} from '../results/schema.ts'
import { pairedRatio } from '../stats/signed-rank.ts'
import { MOST_PAIRS } from './parse-pairs.ts'
import { pairsToDecide } from '../stats/pairs-to-decide.ts'
import { backgroundGap, backgroundGapText } from './background-gap.ts'
import { timerBound, timerBoundText } from './timer-bound.ts'
import { isTooNoisy } from '../stats/too-noisy.ts'
import { fewestPairs, judge, SMALLEST_RATIO } from '../stats/verdict.ts'

/** The trials of a set by label: all that a comparison of two of its arms reads. */
export type Trials = Pick<TrialSet, 'trials'>

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
export function soundPairs(
  pairs: readonly Trials[],
  first: string,
  second: string,
): readonly Trials[] {
  return pairs.filter((pair) => {
    const trials = [pair.trials[first], pair.trials[second]]
    return trials.every((trial) => trial !== undefined && trial.void === null)
  })
}

/** Both arms' figures, pair by pair; null when some pair has none of them. */
function figuresOf(
  pairs: readonly Trials[],
  first: string,
  second: string,
  name: ComparisonName,
): readonly (readonly [number, number])[] | null {
  const figures = soundPairs(pairs, first, second).map((pair) => [
    figureOf(pair.trials[first]!, name),
    figureOf(pair.trials[second]!, name),
  ])
  const known = figures.filter((both): both is [number, number] =>
    both.every((figure) => figure !== undefined),
  )
  // A percentile that is not finite in some pair has no ratio: leaving the pair out would flatter the slower arm.
  return known.length === 0 || known.length < figures.length ? null : known
}

function ratioOf(
  pairs: readonly Trials[],
  first: string,
  second: string,
  name: ComparisonName,
  confidence: number,
): Estimate | null {
  const known = figuresOf(pairs, first, second, name)
  if (known === null) return null
  const interval = pairedRatio(
    known.map(([a]) => a),
    known.map(([, b]) => b),
    confidence,
  )
  // One pair has no interval.
  const level = known.length === 1 ? null : interval.level
  return { ...interval, level, n: known.length, unit: '×' }
}

/** Second ÷ first for every metric, over the pairs so far, with intervals of at least this confidence where n allows. */
export function compareArms(
  pairs: readonly Trials[],
  first: string,
  second: string,
  level: number,
): Ratios | null {
  if (soundPairs(pairs, first, second).length === 0) return null
  const entries = COMPARISON_NAMES.map((name) => [name, ratioOf(pairs, first, second, name, level)])
  return Object.fromEntries(entries) as Record<ComparisonName, Estimate | null>
}

function isLatency(name: ComparisonName): name is PercentileName {
  return (PERCENTILE_NAMES as readonly string[]).includes(name)
}

/** What is judged at a load: at `max` latency is window ÷ throughput, so throughput is. */
export function metricAt(
  load: Pick<Load, 'offeredPerSecond'>,
  metric: ComparisonName,
): ComparisonName {
  return load.offeredPerSecond === null && isLatency(metric) ? 'achievedPerSecond' : metric
}

/** What a verdict is about and what it needs. */
export interface VerdictRule {
  readonly metric: ComparisonName
  /** Confidence of the interval. */
  readonly level: number
  /** The whole interval must lie beyond this ratio for a winner. */
  readonly threshold: number
  /** Labels of the arms; ratios are second ÷ first. */
  readonly first: string
  readonly second: string
}

/** Who wins on a metric, in one sentence that names both arms. */
export function judgeArms(
  load: Pick<Load, 'label' | 'sets'> & { readonly ratios: Ratios | null },
  rule: VerdictRule,
): Verdict {
  const { metric, level, threshold, first, second } = rule
  const ratio = load.ratios?.[metric] ?? null
  const at = load.label === 'max' ? 'At saturation' : `At ${load.label.replace('%', ' %')} load`
  const common = {
    metric,
    ratio,
    threshold,
    markedTrials: markedTrials(load.sets, first, second),
    pairsToDecide: null,
  }
  const late = timerBound(load, [first, second])
  if (late !== null) {
    const sentence = `${at} ${second} against ${first} is timer-bound, so no winner is named: ${timerBoundText(late)}.`
    return { ...common, winner: 'inconclusive', sentence }
  }
  const gap = backgroundGap(load, [first, second])
  if (gap !== null) {
    const sentence = `${at} ${first} and ${second} did not do the same work, so no winner is named: ${backgroundGapText(gap, [first, second])}.`
    return { ...common, winner: 'inconclusive', sentence }
  }
  const noise = noisyTrials(load.sets, first, second)
  if (isTooNoisy(noise.count, noise.of)) {
    const sentence = `${at} the machine was too noisy to say whether ${first} or ${second} wins: in ${noise.count} of their ${noise.of} trials others took its processors.`
    return { ...common, winner: 'inconclusive', sentence }
  }
  const saturated = isLatency(metric) ? saturatedArms(load.sets, first, second) : []
  if (saturated.length > 0 && load.label !== 'max') {
    const sentence = `${at} ${saturationText(load.sets, saturated)}: latencies of a growing queue measure the trial's length, so there are none to compare.`
    return { ...common, ratio: null, winner: 'inconclusive', sentence }
  }
  if (ratio === null) {
    const defeat = unansweredDefeat(load.sets, rule)
    if (defeat !== undefined) {
      const marks = marksText(common.markedTrials, 2 * defeat.pairs)
      return { ...common, winner: defeat.winner, sentence: `${at} ${defeat.says}${marks}.` }
    }
    const reason = unfinishedArm(load.sets, metric, first, second)
    const sentence = `${at} ${first} and ${second} have no ${nameOf(metric)} to compare: ${reason}`
    return { ...common, winner: 'inconclusive', sentence }
  }
  const outcome = judge({ ...ratio, level: ratio.level ?? 0 }, level, threshold)
  const says = `${at} ${second}'s ${nameOf(metric)} is ${intervalText(ratio, first)}`
  const marks = marksText(common.markedTrials, 2 * ratio.n)
  if (outcome === 'none') {
    return { ...common, winner: 'none', sentence: `${says}: no difference that matters${marks}.` }
  }
  if (outcome === 'inconclusive') {
    const needed = morePairs(load.sets, rule)
    const sentence = `${says}: inconclusive, ${whyInconclusive(ratio, level, threshold, needed)}${marks}.`
    return { ...common, winner: 'inconclusive', pairsToDecide: needed, sentence }
  }
  // Of throughput more is better, of latency and cost less.
  const largerWins = metric === 'achievedPerSecond'
  const winner = (outcome === 'second-larger') === largerWins ? second : first
  return { ...common, winner, sentence: `${says}: ${winner} wins${marks}.` }
}

/**
 * Arms that answered less than 99 % of a load's due requests in most of their trials: latencies of a growing queue measure how
 * long the trial was.
 */
export function saturatedArms(
  pairs: readonly Trials[],
  first: string,
  second: string,
): readonly string[] {
  const sound = soundPairs(pairs, first, second)
  return [first, second].filter((arm) => 2 * missedIn(sound, arm) > sound.length)
}

/** Pairs in which an arm failed the gate `completed`. */
function missedIn(pairs: readonly Trials[], arm: string): number {
  return pairs.filter(({ trials: { [arm]: trial } }) =>
    trial?.gates.some(({ name, passed }) => name === 'completed' && !passed),
  ).length
}

/** `staged does not keep up (less than 99 % answered in 7 of 8 trials)`. */
function saturationText(pairs: readonly Trials[], arms: readonly string[]): string {
  const texts = arms.map((arm) => {
    const whole = pairs.filter(({ trials: { [arm]: trial } }) => trial !== undefined)
    return `${arm} does not keep up (less than 99 % answered in ${missedIn(whole, arm)} of ${whole.length} trials)`
  })
  return texts.join(' and ')
}

/**
 * A verdict although one arm's percentile falls on requests that it never answered: they count as later than all answered
 * ones, so the longest latency of those bounds the percentile from below, and a ratio with it errs in that arm's favour.
 * Undefined when that does not suffice, or both arms left requests.
 */
function unansweredDefeat(
  pairs: readonly Trials[],
  { metric, level, threshold, first, second }: VerdictRule,
): { winner: string; says: string; pairs: number } | undefined {
  if (!isLatency(metric)) return undefined
  const bounded = (trial: Trial): Latency => {
    const latency = trial.percentiles[metric]
    return latency.atLeast ? { ...latency, ns: trial.maxNs } : latency
  }
  const latencies = soundPairs(pairs, first, second).map(
    (pair) => [bounded(pair.trials[first]!), bounded(pair.trials[second]!)] as const,
  )
  const [firstLeft, secondLeft] = [0, 1].map((arm) => latencies.some((both) => both[arm]!.atLeast))
  if (latencies.length === 0 || firstLeft === secondLeft) return undefined
  if (latencies.some((both) => both.some(({ ns }) => !(ns > 0)))) return undefined
  const bound = pairedRatio(
    latencies.map(([a]) => a.ns),
    latencies.map(([, b]) => b.ns),
    level,
  )
  const outcome = judge(bound, level, threshold)
  const [loser, winner] = firstLeft ? [first, second] : [second, first]
  if (outcome !== (firstLeft ? 'first-larger' : 'second-larger')) return undefined
  const limit = firstLeft
    ? `at most ${ratioText(bound.upper)}`
    : `at least ${ratioText(bound.lower)}`
  return {
    winner,
    pairs: latencies.length,
    says: `${second}'s ${nameOf(metric)} is ${limit}× ${first}'s (${latencies.length} pairs), since ${loser} left requests unanswered: ${winner} wins`,
  }
}

const METRIC_TEXTS: Readonly<Record<ComparisonName, string>> = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  p99_9: 'p99.9',
  max: 'longest latency',
  achievedPerSecond: 'throughput',
  cpuPerRequest: 'CPU time per request',
}

function nameOf(metric: ComparisonName): string {
  return METRIC_TEXTS[metric]
}

/** `0.31× staged's (0.26–0.38, 6 pairs)`. */
function intervalText(ratio: Estimate, first: string): string {
  const [value, lower, upper] = [ratio.value, ratio.lower, ratio.upper].map(ratioText)
  const pairs = ratio.n === 1 ? '1 pair' : `${ratio.n} pairs`
  return `${value}× ${first}'s (${ratio.n === 1 ? '' : `${lower}–${upper}, `}${pairs})`
}

/** Two decimals, or two significant digits of what is smaller than 0.1. */
function ratioText(ratio: number): string {
  return ratio < 0.1 ? String(Number(ratio.toPrecision(2))) : ratio.toFixed(2)
}

function marksText(marked: number, of: number): string {
  if (marked === 0) return ''
  return `, but ${marked} of its ${of} trials failed a validity gate`
}

function whyInconclusive(
  ratio: Estimate,
  level: number,
  threshold: number,
  needed: number | null,
): string {
  const fewest = fewestPairs(level)
  if (ratio.n < fewest) return `a verdict needs at least ${fewest} pairs`
  const beyond = threshold > SMALLEST_RATIO && isBeyond(ratio, SMALLEST_RATIO)
  const why = beyond
    ? `this machine’s own noise reaches to ${threshold.toFixed(2)}×`
    : 'the interval leaves it open'
  if (needed === null) return `${why}, and no affordable number of pairs would decide`
  return needed <= MOST_PAIRS
    ? `${why}; about ${needed} pairs would probably decide`
    : `${why}; about ${needed} pairs would probably decide, more than --pairs takes: a longer --duration or a quieter machine needs fewer`
}

function isBeyond({ lower, upper }: Estimate, threshold: number): boolean {
  return lower > threshold || upper < 1 / threshold
}

/** Pairs with which a verdict is likely; null when there is no saying. */
function morePairs(pairs: readonly Trials[], rule: VerdictRule): number | null {
  const figures = figuresOf(pairs, rule.first, rule.second, rule.metric)
  if (figures === null) return null
  const logs = figures.map(([a, b]) => Math.log(b / a))
  const needed = pairsToDecide(logs, rule.level, rule.threshold)
  // So many were not enough.
  return needed === null ? null : Math.max(needed, logs.length + 1)
}

/** Trials that enter the comparison although a gate failed. */
function markedTrials(pairs: readonly Trials[], first: string, second: string): number {
  return soundPairs(pairs, first, second)
    .flatMap((pair) => [pair.trials[first]!, pair.trials[second]!])
    .filter((trial) => trial.gates.some((gate) => !gate.passed)).length
}

/** Trials in which the gate of the machine's noise failed, of all. */
function noisyTrials(
  pairs: readonly Trials[],
  first: string,
  second: string,
): { count: number; of: number } {
  const trials = soundPairs(pairs, first, second).flatMap((pair) => [
    pair.trials[first]!,
    pair.trials[second]!,
  ])
  const noisy = trials.filter((trial) =>
    trial.gates.some(({ name, passed }) => name === 'noise' && !passed),
  )
  return { count: noisy.length, of: trials.length }
}

/** Why a ratio is missing: void trials, or an arm that did not answer in time. */
function unfinishedArm(
  pairs: readonly Trials[],
  metric: ComparisonName,
  first: string,
  second: string,
): string {
  const sound = soundPairs(pairs, first, second)
  if (sound.length === 0) return 'no pair has right answers in both trials.'
  if (metric === 'cpuPerRequest') return 'this system does not tell the CPU time of threads.'
  const saturated = [first, second].filter((arm) =>
    sound.some((pair) => figureOf(pair.trials[arm]!, metric) === undefined),
  )
  return `${saturated.join(' and ')} left so many requests unanswered that it has none.`
}
