import { MOST_PAIRS } from '../../asked/quantities.ts'
import {
  type ComparedArms,
  COMPARISON_NAMES,
  type ComparisonName,
  type Estimate,
  type Load,
  type Ratios,
  type TrialSet,
  type Verdict,
} from '../../results/schema.ts'
import { isSaturated, isTooNoisy } from '../../stats/doubtful-trials.ts'
import { pairLog, type PairLog, ranked, ratioOverPairs } from '../../stats/ratio-over-pairs.ts'
import { fewestPairs, judge, pairsToDecide, SMALLEST_RATIO } from '../../stats/verdict.ts'
import { figureOf, isLatency, METRICS } from '../../words/metrics.ts'
import { backgroundGap, backgroundGapText, timerBound, timerBoundText } from '../timer-bound.ts'

/** The trials of a set by label: all that a comparison of two of its arms reads. */
export type Trials = Pick<TrialSet, 'trials'>

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

function logsOf(
  pairs: readonly Trials[],
  { first, second }: ComparedArms,
  name: ComparisonName,
): readonly (PairLog | null)[] {
  return soundPairs(pairs, first, second).map(({ trials }) =>
    pairLog(figureOf(trials[first]!, name), figureOf(trials[second]!, name)),
  )
}

/** Second ÷ first for every metric, over the pairs so far, with intervals of at least this confidence where n allows. */
export function compareArms(
  pairs: readonly Trials[],
  first: string,
  second: string,
  level: number,
): Ratios | null {
  if (soundPairs(pairs, first, second).length === 0) return null
  const entries = COMPARISON_NAMES.map((name) => [
    name,
    ratioOverPairs(logsOf(pairs, { first, second }, name), level),
  ])
  return Object.fromEntries(entries) as Record<ComparisonName, Estimate | null>
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
    const reason = whyNoRatio(load.sets, rule)
    const sentence = `${at} ${first} and ${second} have no ${nameOf(metric)} to compare: ${reason}`
    return { ...common, winner: 'inconclusive', sentence }
  }
  const outcome = judge({ ...ratio, level: ratio.level ?? 0 }, level, threshold)
  const says = `${at} ${ratioSentence(load.sets, rule, ratio)}`
  const marks = marksText(common.markedTrials, 2 * soundPairs(load.sets, first, second).length)
  if (outcome === 'none') {
    return { ...common, winner: 'none', sentence: `${says}: no difference that matters${marks}.` }
  }
  if (outcome === 'inconclusive') {
    const needed = morePairs(load.sets, rule)
    const sentence = `${says}: inconclusive, ${whyInconclusive(ratio, level, threshold, needed)}${marks}.`
    return { ...common, winner: 'inconclusive', pairsToDecide: needed, sentence }
  }
  const winner = (outcome === 'second-larger') === METRICS[metric].isMoreBetter ? second : first
  return { ...common, winner, sentence: `${says}: ${winner} wins${marks}.` }
}

/** Those of two arms that do not keep up with the load. */
export function saturatedArms(
  pairs: readonly Trials[],
  first: string,
  second: string,
): readonly string[] {
  const sound = soundPairs(pairs, first, second)
  return [first, second].filter((arm) => isSaturated(missedIn(sound, arm), sound.length))
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

function nameOf(metric: ComparisonName): string {
  return METRICS[metric].noun
}

/** `sharded's p99 is 0.31× staged's (0.26–0.38, 8 pairs)`; `at least 1.20× staged's (…)` where bounds leave no number. */
function ratioSentence(pairs: readonly Trials[], rule: VerdictRule, ratio: Estimate): string {
  const { metric, first, second } = rule
  const count = ratio.n === 1 ? '1 pair' : `${ratio.n} pairs`
  const open = unansweredText(pairs, rule)
  const [value, lower, upper] = [ratio.value, ratio.lower, ratio.upper].map(ratioText)
  const says = `${second}'s ${nameOf(metric)}`
  if (ratio.lower === Number.POSITIVE_INFINITY || ratio.upper === 0) {
    const [loser, other] = ratio.upper === 0 ? [first, second] : [second, first]
    return `${loser}'s ${nameOf(metric)} falls on requests that it never answered, ${other}'s does not (${count}${open})`
  }
  if (ratio.value === Number.POSITIVE_INFINITY)
    return `${says} is at least ${lower}× ${first}'s (${count}${open})`
  if (ratio.value === 0) return `${says} is at most ${upper}× ${first}'s (${count}${open})`
  const interval = ratio.n === 1 ? '' : `${lower}–${upper}, `
  return `${says} is ${value}× ${first}'s (${interval}${count}${open})`
}

/** `; in 3 of them sharded left its unanswered, in 1 more both did`: of pairs that are bounds or say nothing. */
function unansweredText(pairs: readonly Trials[], rule: VerdictRule): string {
  const logs = logsOf(pairs, rule, rule.metric)
  const ofSecond = logs.filter((log) => log === Number.POSITIVE_INFINITY).length
  const ofFirst = logs.filter((log) => log === Number.NEGATIVE_INFINITY).length
  const ofBoth = logs.filter((log) => log === 'neither').length
  const texts = [
    ...(ofFirst === 0 ? [] : [`in ${ofFirst} of them ${rule.first} left its unanswered`]),
    ...(ofSecond === 0 ? [] : [`in ${ofSecond} of them ${rule.second} left its unanswered`]),
    ...(ofBoth === 0 ? [] : [`in ${ofBoth} more both did`]),
  ]
  return texts.map((text) => `; ${text}`).join('')
}

/** Two decimals, or two significant digits of what is smaller than 0.1; `0` and `∞` where a bound leaves it open. */
function ratioText(ratio: number): string {
  if (ratio === Number.POSITIVE_INFINITY) return '∞'
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
  if (ratio.lower === 0 || ratio.upper === Number.POSITIVE_INFINITY) return why
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
  const logs = ranked(logsOf(pairs, rule, rule.metric))
  // How far beyond the others a bound lies is not known, nor how many more there will be.
  if (logs === null || !logs.every(Number.isFinite)) return null
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

/** Why a ratio is missing: void trials, no figures, or too many requests that nobody answered. */
function whyNoRatio(pairs: readonly Trials[], rule: VerdictRule): string {
  const { metric, first, second } = rule
  const sound = soundPairs(pairs, first, second)
  if (sound.length === 0) return 'no pair has right answers in both trials.'
  if (metric === 'cpuPerRequest') return 'this system does not tell the CPU time of threads.'
  const logs = logsOf(pairs, rule, metric)
  if (logs.includes(null)) {
    const without = [first, second].filter((arm) =>
      sound.some(({ trials }) => figureOf(trials[arm]!, metric) === null),
    )
    return `${without.join(' and ')} answered nothing in a trial.`
  }
  const neither = logs.filter((log) => log === 'neither').length
  return neither > 0
    ? `in ${neither} of ${logs.length} pairs both left so many requests unanswered that they have none.`
    : 'in some pairs the one, in others the other left so many requests unanswered that it has none.'
}
