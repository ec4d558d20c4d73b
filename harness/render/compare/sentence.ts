import { limitState, type LimitResult } from '../../compare/limits.ts'
import type { ArmChange, LoadChange, ScenarioChange } from '../../compare/reports.ts'
import type { Comparison } from '../../compare/runs.ts'
import type { ComparisonName } from '../../results/schema.ts'
import type { Interval } from '../../stats/intervals.ts'
import { SMALLEST_RATIO } from '../../stats/verdict.ts'
import {
  counted,
  formatEstimate,
  formatPercent,
  formatQuantity,
  formatShare,
  formatThreshold,
  NOT_AVAILABLE,
  RATIO,
} from '../../words/format.ts'
import { METRIC_LABELS, METRICS } from '../../words/metrics.ts'

/**
 * A ratio new ÷ old with its interval: `1.21× (1.14–1.28)`; open at an end where requests were left
 * unanswered; `1.21× (no interval)` when there are too few trials for any; `–` without one.
 */
export function ratioText(ratio: Interval | null): string {
  if (ratio === null) return NOT_AVAILABLE
  const { value, lower, upper, level } = ratio
  if (level === 0) return `${formatQuantity(value, RATIO)} (no interval)`
  // More than one trial on either side: the level says so.
  return formatEstimate({ value, lower, upper, level, n: 2, unit: '×' }, RATIO)
}

/** An arm at a load with what is said of it. */
interface Place {
  readonly load: LoadChange
  readonly arm: ArmChange
}

/** What changed in a scenario, as one or a few sentences: what is sure first, then what moved alike, then the rest. */
export function changeSentence(change: ScenarioChange): string {
  const places = change.loads.flatMap((load) => load.arms.map((arm) => ({ load, arm })))
  const having = (outcome: ArmChange['outcome']) =>
    places.filter(({ arm }) => arm.outcome === outcome)
  const sure = [...having('larger'), ...having('smaller')]
  return [
    change.subject === null ? null : `With ${change.subject}:`,
    change.requestClass === null ? null : `Latencies of ${change.requestClass} requests.`,
    ...groups(sure).map(sureSentence),
    alikeSentence(having('alike')),
    noneSentence(having('none')),
    openSentence(having('inconclusive')),
  ]
    .filter((sentence) => sentence !== null)
    .join(' ')
}

/** The whole comparison in one sentence: that of its scenario, or how many of several changed how. */
export function comparisonSentence({ scenarios, refused }: Comparison): string {
  const [only] = scenarios
  if (only !== undefined && scenarios.length + refused.length === 1) return changeSentence(only)
  const changed = scenarios.filter(hasChange)
  const names = changed.map(({ scenario }) => scenario).join(', ')
  const count = counted(scenarios.length, 'scenario')
  const what = changed.length === 0 ? 'none surely changed' : `surely changed: ${names}`
  const not = refused.length === 0 ? '' : `; ${refused.length} could not be compared`
  return `${count} compared: ${what}${not}.`
}

/** Whether any arm of the scenario surely changed at any load. */
export function hasChange({ loads }: ScenarioChange): boolean {
  return loads.some(({ arms }) =>
    arms.some(({ outcome }) => outcome === 'larger' || outcome === 'smaller'),
  )
}

/** What was changed on purpose, of all scenarios; null where nothing was named. */
export function subjectOf({ scenarios }: Pick<Comparison, 'scenarios'>): string | null {
  return [...new Set(scenarios.flatMap(({ subject }) => subject ?? []))].join('; ') || null
}

/** @param subject what was changed on purpose. @returns what came of a limit: `p99 > 10%: failed, surely exceeded by sharded at 50%: 1.21× (1.14–1.28)`. */
export function limitSentence(result: LimitResult, subject: string | null = null): string {
  const { exceeded, kept, undecided, open } = result
  const text = result.limit.text + (subject === null ? '' : ` with ${subject}`)
  const state = limitState(result)
  if (state === 'failed') {
    const where = exceeded.map((place) => `${placeText(place)}, ${ratioText(place.ratio)}`)
    return `${text}: failed, surely exceeded by ${where.join('; ')}`
  }
  const seen = sightText(result)
  if (state === 'passed') return `${text}: passed (${kept} compared)${seen}`
  const counts = [
    `${kept} surely within it`,
    undecided.length === 0 ? null : `${undecided.length} undecided`,
    open.length === 0 ? null : `${open.length} not judged`,
  ].filter((count) => count !== null)
  return `${text}: cannot tell (${counts.join(', ')})${seen}`
}

/** `; a change of +21 % would have been found everywhere, and a limit of 69 % would surely have been kept`. */
function sightText({ limit, sight }: LimitResult): string {
  if (sight === null) return ''
  const isBlind = sight.change === 0 || !Number.isFinite(sight.change)
  const found = isBlind
    ? 'not any change would have been found everywhere'
    : `a change beyond ${shareText(sight.change)} would have been found everywhere`
  // A limit on growth is no less than nothing, one on a loss no more.
  const isWithin = limit.side === 'above' ? sight.limit > limit.ratio : sight.limit < limit.ratio
  if (!isWithin) return `; ${found}`
  const kept =
    sight.limit === 0 || !Number.isFinite(sight.limit)
      ? 'no limit would surely have been kept'
      : `the tightest limit that surely held is ${shareText(sight.limit)}`
  return `; ${found}, ${kept}`
}

/** A ratio as the change that `--fail-if` takes: 1.69 → `+69 %`, 0.9 → `−10 %`. */
function shareText(ratio: number): string {
  const share = formatPercent(Math.abs(ratio - 1), Math.abs(ratio - 1) < 0.1 ? 1 : 0)
  return `${ratio < 1 ? '−' : '+'}${share}`
}

function placeText({ scenario, load, arm }: LimitResult['undecided'][number]): string {
  return `${arm} in ${scenario} at ${load}`
}

/** What of a limit could not be told, and why: `undecided: sharded in kv-update at 80%: 1.00× (0.59–1.69)`. */
export function openLimitTexts({ undecided, open }: LimitResult): readonly string[] {
  const byWhy = Map.groupBy(open, ({ scenario, load, why }) =>
    JSON.stringify([scenario, load, why]),
  )
  return [
    ...undecided.map((place) => `undecided: ${placeText(place)}: ${ratioText(place.ratio)}`),
    ...[...byWhy.values()].map((places) => {
      const { scenario, load, why } = places[0]!
      const arms = places.map(({ arm }) => arm).join(' and ')
      return `not judged: ${arms} in ${scenario} at ${load}: ${why}`
    }),
  ]
}

/** What is said under a load's figures: the verdict, why there is none, what it is judged by, marked trials. */
export function loadNotes(load: LoadChange, subject: string | null): readonly string[] {
  const { arms, metric, openBecause, threshold, markedTrials, trials } = load
  const verdicts = arms.map((arm) => `${arm.label}: ${outcomeText(arm, metric)}`)
  return [
    `verdict on ${metricText(metric)}${subject === null ? '' : ` with ${subject}`}: ${verdicts.join('; ')}`,
    openBecause === null ? null : `nothing is judged here: ${openBecause}`,
    threshold > SMALLEST_RATIO
      ? `runs of this machine stray by up to ${formatThreshold(threshold)}×: a verdict needs more`
      : null,
    markedTrials === 0 ? null : `${markedTrials} of its ${trials} trials failed a validity gate`,
  ].filter((note) => note !== null)
}

/** An arm's verdict in a word or two: `slower`, `no change that matters`. */
function outcomeText({ outcome, isUnchanged }: ArmChange, metric: ComparisonName): string {
  if (isUnchanged || outcome === null) return 'said to be unchanged'
  if (outcome === 'none') return 'no change that matters'
  if (outcome === 'alike') return 'changed like the other arm'
  return outcome === 'inconclusive' ? outcome : WORDS[kindOf(metric)][outcome]
}

/** A metric by the name that `--fail-if` takes, but for `CPU per request`. */
export function metricText(metric: ComparisonName): string {
  return metric === 'achievedPerSecond' ? 'throughput' : METRIC_LABELS[metric]
}

const WORDS = {
  latency: { larger: 'slower', smaller: 'faster' },
  throughput: { larger: 'does more', smaller: 'does less' },
  cpu: { larger: 'costs more', smaller: 'costs less' },
} as const
function kindOf(metric: ComparisonName): keyof typeof WORDS {
  if (METRICS[metric].isMoreBetter) return 'throughput'
  return metric === 'cpuPerRequest' ? 'cpu' : 'latency'
}

function groups(places: readonly Place[]): readonly (readonly Place[])[] {
  return [
    ...Map.groupBy(places, ({ load, arm }) =>
      JSON.stringify([arm.label, arm.outcome, load.metric]),
    ).values(),
  ]
}

/** `sharded is slower than before at 20%, 50%: at 50% its p99 is 1.21× the old one (…)`. */
function sureSentence(places: readonly Place[]): string {
  const { load, arm } = places[places.length >> 1]!
  const { metric } = load
  const outcome = arm.outcome === 'larger' ? 'larger' : 'smaller'
  const { relative, own } = arm.metrics.find((change) => change.metric === metric)!
  const by = relative ?? own!
  const against = arm.control === null ? '' : `, against ${arm.control}`
  const name = metricText(metric)
  const what = `its ${name} ${changeText(by)}${against}`
  const at = places.length === 1 ? '' : `at ${load.label} `
  const counts = `${load.oldPairs} and ${load.newPairs} trials, ${formatShare(by.level)}`
  const is = kindOf(metric) === 'latency' ? 'is ' : ''
  return `${arm.label} ${is}${WORDS[kindOf(metric)][outcome]} than before at ${loadsOf(places)}: ${at}${what} (${counts}).`
}

/** `is 1.21× (1.14–1.28) of the old one`; where no trial of one run answered its requests there is no number. */
function changeText(by: Interval): string {
  if (by.lower === Infinity) return 'falls on requests that are no longer answered'
  if (by.upper === 0) return 'no longer falls on requests that are never answered'
  return `is ${ratioText(by)} of the old one`
}

function alikeSentence(places: readonly Place[]): string | null {
  const [first] = places
  if (first === undefined) return null
  const { load } = first
  const owns = load.arms.map(({ label, metrics }) => {
    const own = metrics.find(({ metric }) => metric === load.metric)?.own
    return `${label} ${own === null || own === undefined ? '–' : formatQuantity(own.value, RATIO)}`
  })
  return `Both arms’ ${metricText(load.metric)} changed alike at ${loadsOf(places)} (${owns.join(', ')} at ${load.label}): the machine, or code that both use; the arms cannot tell.`
}

function noneSentence(places: readonly Place[]): string | null {
  if (places.length === 0) return null
  const byArm = [...Map.groupBy(places, ({ arm }) => arm.label)]
  const which = byArm.map(([label, of]) => `${label} at ${loadsOf(of)}`).join(', ')
  return `No change that matters: ${which}.`
}

function openSentence(places: readonly Place[]): string | null {
  if (places.length === 0) return null
  const byWhy = [
    ...Map.groupBy(places, ({ load }) => load.openBecause ?? 'the intervals leave it open'),
  ]
  return byWhy
    .map(([why, of]) => {
      const byArm = [...Map.groupBy(of, ({ arm }) => arm.label)]
      const which = byArm.map(([label, at]) => `${label} at ${loadsOf(at)}`).join(', ')
      return `Inconclusive: ${which} (${why}).`
    })
    .join(' ')
}

function loadsOf(places: readonly Place[]): string {
  return [...new Set(places.map(({ load }) => load.label))].join(', ')
}
