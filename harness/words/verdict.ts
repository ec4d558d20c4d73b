import type { TimerBound } from '../results/points.ts'
import type {
  ComparedArms,
  ComparisonName,
  Estimate,
  Objective,
  Sustained,
} from '../results/schema.ts'
import { fewestPairs, SMALLEST_RATIO } from '../stats/verdict.ts'
import {
  counted,
  formatBounds,
  formatChosenTime,
  formatPercent,
  formatQuantity,
  formatRoundTime,
  formatThreshold,
  PER_SECOND,
  RATIO,
} from './format.ts'
import { type Metric, METRICS, ofClass } from './metrics.ts'

/** Background work that the arms did at a load: shares of the processors' time, means over sound trials. */
export interface BackgroundGap {
  readonly asked: number
  /** In the order of the arms. */
  readonly done: readonly [number, number]
}

/** Pairs in which one arm left requests of the percentile unanswered, or both did. */
interface Unanswered {
  readonly byFirst: number
  readonly bySecond: number
  readonly byBoth: number
}

/** What the pairs of two arms came to at a load. Of several reasons against a verdict it is the first of these. */
export type Finding =
  | { readonly kind: 'timer-bound'; readonly bound: TimerBound }
  | { readonly kind: 'background-gap'; readonly gap: BackgroundGap }
  | { readonly kind: 'too-noisy'; readonly noisy: number; readonly of: number }
  /** Of each arm that does not keep up: trials in which it answered less than 99 %. */
  | {
      readonly kind: 'saturated'
      readonly arms: readonly {
        readonly arm: string
        readonly missed: number
        readonly of: number
      }[]
    }
  /** Each arm is offered its own load: requests per second, in the order of the arms. */
  | { readonly kind: 'own-rates'; readonly perSecond: readonly number[] }
  /** Requests answered in the median trial: nothing to have a percentile of. */
  | { readonly kind: 'too-few'; readonly completed: number; readonly needed: number }
  /** No pair has right answers in both trials. */
  | { readonly kind: 'no-pair' }
  /** Labels of the arms that have no figure in some trial. */
  | { readonly kind: 'no-figure'; readonly without: readonly string[] }
  /** Too many pairs say nothing, or bounds of both directions leave the middle open. */
  | { readonly kind: 'unanswered'; readonly byBoth: number; readonly of: number }
  | {
      readonly kind: 'ratio'
      readonly ratio: Estimate
      readonly unanswered: Unanswered
      /** An arm's label, `none` for no difference that matters, or `inconclusive`. */
      readonly winner: string
      /** Trials that failed a gate, of so many. */
      readonly marked: number
      readonly of: number
      /** Confidence and ratio that a winner needs. */
      readonly level: number
      readonly threshold: number
      /** Pairs that would probably decide; null when there is no saying. */
      readonly needed: number | null
      /** Whether a run can be asked for so many. */
      readonly isAffordable: boolean
    }

/** Who wins on a metric at a load, or why nobody is named, in one sentence that names both arms. */
export function verdictSentence(
  label: string,
  arms: ComparedArms,
  metric: ComparisonName,
  finding: Finding,
  requestClass: string | null = null,
): string {
  const at = label === 'max' ? 'At saturation' : `At ${spaced(label)} load`
  return `${at} ${sayingOf(arms, metric, ofClass(metric, requestClass), finding)}.`
}

/** A load's label inside a sentence: `50 %`. */
export function spaced(label: string): string {
  return label.replace('%', ' %')
}

function sayingOf(
  arms: ComparedArms,
  metric: ComparisonName,
  about: Metric,
  finding: Finding,
): string {
  const { first, second } = arms
  const { noun } = about
  const without = `${first} and ${second} have no ${noun} to compare`
  switch (finding.kind) {
    case 'timer-bound':
      return `${second} against ${first} is timer-bound, so no winner is named: ${timerBoundText(finding.bound)}`
    case 'background-gap':
      return `${first} and ${second} did not do the same work, so no winner is named: ${backgroundGapText(finding.gap, [first, second])}`
    case 'too-noisy':
      return `the machine was too noisy to say whether ${first} or ${second} wins: in ${finding.noisy} of their ${finding.of} trials others took its processors`
    case 'saturated': {
      const texts = finding.arms.map(
        ({ arm, missed, of }) =>
          `${arm} does not keep up (less than 99 % answered in ${missed} of ${of} trials)`,
      )
      return `${texts.join(' and ')}: latencies of a growing queue measure the trial's length, so there are none to compare`
    }
    case 'own-rates': {
      const [ofFirst, ofSecond] = finding.perSecond.map((rate) => formatQuantity(rate, PER_SECOND))
      return `each arm is offered its own share of what it sustains, ${first} ${ofFirst} and ${second} ${ofSecond}: latencies at different requests per second are not compared`
    }
    case 'too-few':
      return `${without}: a trial answered ${counted(finding.completed, 'request')} in the middle, and ${finding.needed} are the least that say anything`
    case 'no-pair':
      return `${without}: no pair has right answers in both trials`
    case 'no-figure':
      return metric === 'cpuPerRequest'
        ? `${without}: this system does not tell the CPU time of threads`
        : metric === 'goodputPerSecond'
          ? `${without}: within what time an answer is useful was not known in some trial`
          : `${without}: ${finding.without.join(' and ')} answered nothing in a trial`
    case 'unanswered':
      return finding.byBoth > 0
        ? `${without}: in ${finding.byBoth} of ${finding.of} pairs both left so many requests unanswered that they have none`
        : `${without}: in some pairs the one, in others the other left so many requests unanswered that it has none`
    case 'ratio':
      return ratioSaying(arms, about, finding)
  }
}

type RatioFinding = Extract<Finding, { kind: 'ratio' }>

function ratioSaying(arms: ComparedArms, about: Metric, finding: RatioFinding): string {
  const { winner, marked, of } = finding
  const says = ratioText(arms, about, finding)
  const marks = marked === 0 ? '' : `, but ${marked} of its ${of} trials failed a validity gate`
  if (winner === 'none') return `${says}: no difference that matters${marks}`
  if (winner === 'inconclusive') return `${says}: inconclusive, ${whyInconclusive(finding)}${marks}`
  return `${says}: ${winner} wins${marks}`
}

/** `sharded's p99 is 0.31× staged's (0.26–0.38, 8 pairs)`; `at least 1.20× staged's (…)` where bounds leave no number. */
function ratioText(
  { first, second }: ComparedArms,
  { noun, isMoreBetter }: Metric,
  { ratio, unanswered }: RatioFinding,
): string {
  const { value, lower, upper, n } = ratio
  const nothing = isMoreBetter ? 'had none' : 'left its unanswered'
  const count = counted(n, 'pair') + unansweredText({ first, second }, unanswered, nothing)
  const says = `${second}'s ${noun}`
  if (lower === Infinity || upper === 0) {
    const [loser, other] = (upper === 0) === isMoreBetter ? [second, first] : [first, second]
    if (isMoreBetter) return `${loser} has no ${noun} at all, ${other} has (${count})`
    return `${loser}'s ${noun} falls on requests that it never answered, ${other}'s does not (${count})`
  }
  if (value === Infinity)
    return `${says} is at least ${formatQuantity(lower, RATIO)} ${first}'s (${count})`
  if (value === 0) return `${says} is at most ${formatQuantity(upper, RATIO)} ${first}'s (${count})`
  const interval = n === 1 ? '' : `${formatBounds(ratio, RATIO)}, `
  return `${says} is ${formatQuantity(value, RATIO)} ${first}'s (${interval}${count})`
}

/** `; in 3 of them sharded left its unanswered; in 1 more both did`: of pairs that are bounds or say nothing. */
function unansweredText({ first, second }: ComparedArms, of: Unanswered, nothing: string): string {
  const left = (count: number, arm: string) =>
    count === 0 ? '' : `; in ${count} of them ${arm} ${nothing}`
  const both = of.byBoth === 0 ? '' : `; in ${of.byBoth} more both did`
  return left(of.byFirst, first) + left(of.bySecond, second) + both
}

function whyInconclusive({ ratio, level, threshold, needed, isAffordable }: RatioFinding): string {
  const fewest = fewestPairs(level)
  if (ratio.n < fewest) return `a verdict needs at least ${fewest} pairs`
  const { lower, upper } = ratio
  const isBeyond = lower > SMALLEST_RATIO || upper < 1 / SMALLEST_RATIO
  const why =
    threshold > SMALLEST_RATIO && isBeyond
      ? `this machine’s own noise reaches to ${formatThreshold(threshold)}×`
      : 'the interval leaves it open'
  if (lower === 0 || upper === Infinity) return why
  if (needed === null) return `${why}, and no affordable number of pairs would decide`
  const decide = `${why}; about ${needed} pairs would probably decide`
  return isAffordable
    ? decide
    : `${decide}, more than --pairs takes: a longer --duration or a quieter machine needs fewer`
}

/** `waits of 100 µs took 152 µs even in staged`. */
export function timerBoundText({ arm, askedNs, tookNs }: TimerBound): string {
  return `waits of ${formatRoundTime(askedNs)} took ${formatRoundTime(tookNs)} even in ${arm}`
}

/** `of 20 % of background work staged did 3.1 %, sharded 20 %`. */
export function backgroundGapText({ asked, done }: BackgroundGap, arms: readonly string[]): string {
  const percent = (share: number) => formatPercent(Number(share.toPrecision(2)))
  return `of ${percent(asked)} of background work ${arms[0]} did ${percent(done[0])}, ${arms[1]} ${percent(done[1])}`
}

/** An objective as its user gave it: `p99 ≤ 1 ms`. */
export function objectiveText({
  percentile,
  limitNs,
}: Pick<Objective, 'percentile' | 'limitNs'>): string {
  return `${METRICS[percentile].label} ≤ ${formatChosenTime(limitNs)}`
}

/** The result of a search in one sentence: who sustains more within the objective, by how much, how surely. */
export function sustainedSentence(objective: Objective, first: string, second: string): string {
  const within = `Within ${objectiveText(objective)}`
  const [one, other] = [objective.arms[first], objective.arms[second]]
  if (one === null && other === null)
    return `${within} neither arm sustains any load that was tried.`
  const doubt = markedText({ [second]: other, [first]: one })
  const { ratio } = objective
  if (!one || !other || ratio === null)
    return `${within} ${sustainedText(first, one)}; ${sustainedText(second, other)}${doubt}.`
  const bounds = ratio.n < 2 ? '' : ` (${formatBounds(ratio, RATIO)})`
  return `${within} ${sustainedText(second, other)}, ${formatQuantity(ratio.value, RATIO)} ${first}'s ${sustainedLoadText(one)}${bounds}${doubt}.`
}

/** Undefined: the search did not get to this arm. */
function sustainedText(label: string, sustained: Sustained | null | undefined): string {
  if (sustained === undefined) return `${label} was not searched`
  if (sustained === null) return `${label} sustains none of the loads that were tried`
  return `${label} sustains ${sustainedLoadText(sustained)}`
}

function sustainedLoadText({ perSecond, atLeast, confirmed, kept, of }: Sustained): string {
  const rounds = `in ${kept} of ${of} rounds`
  // In the others it kept the objective at no load.
  const doubt = confirmed ? '' : 'not confirmed: '
  return `${atLeast ? 'at least ' : ''}${formatQuantity(perSecond.value, PER_SECOND)} (${doubt}${rounds})`
}

/** `, but 2 of its 8 highest trials failed a validity gate`; with two sustained loads it says whose. */
function markedText(arms: Readonly<Record<string, Sustained | null | undefined>>): string {
  const sustained = Object.entries(arms).flatMap(([label, arm]) => (arm ? [{ label, ...arm }] : []))
  const marked = sustained
    .filter(({ markedTrials }) => markedTrials > 0)
    .map(
      ({ label, markedTrials, of }) =>
        `${markedTrials} of ${sustained.length === 1 ? 'its' : `${label}'s`} ${of}`,
    )
  return marked.length === 0
    ? ''
    : `, but ${marked.join(' and ')} highest trials failed a validity gate`
}
