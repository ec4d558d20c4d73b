import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import type { ComparisonName, Estimate } from '../../results/schema.ts'
import { fewestPairs, SMALLEST_RATIO } from '../../stats/verdict.ts'
import { AMOUNT, type FactorWords, inWords, wordsOf } from '../../words/factor.ts'
import { counted } from '../../words/format.ts'
import { isLatency, METRICS, metricOf } from '../../words/metrics.ts'
import { objectiveText, spaced } from '../../words/verdict.ts'
import { type Standing, standingOf } from './brief-standing.ts'

/** How a server is called where there is little room; by its label. */
export type Names = ReadonlyMap<string, string>

/** The result in a sentence or two, each about one metric: who is ahead by how much at which loads, and where that is open. */
export function answerOf(report: PairReport, names: Names): string {
  const { objective, loads, run } = report
  if (objective !== null) return objectiveAnswer(report, names)
  if (loads.every(({ pairs }) => pairs.length === 0)) return 'Nothing was measured.'
  const standings = loads.map((load) => standingOf(report, load))
  if (standings.every(({ kind }) => kind === 'unjudged'))
    return 'No comparison: a run of cold servers checks their answers, not their speed.'
  const fewest = fewestPairs(run.level)
  const rounds = Math.max(...loads.map(({ pairs }) => pairs.length))
  if (rounds < fewest && standings.every(({ kind }) => kind === 'undecided' || kind === 'unjudged'))
    return `Undecided: ${counted(rounds, 'round')} measured, and a verdict needs at least ${fewest}.`
  return sentences(report, standings, names, false)
}

/** The same about another comparison than the first, with the intervals, since no table has them. */
export function furtherAnswer(report: PairReport, names: Names): string {
  const [first, second] = armLabels(report).map((label) => names.get(label) ?? label)
  const standings = report.loads.map((load) => standingOf(report, load))
  return `${second} against ${first}: ${sentences(report, standings, names, true)}`
}

function sentences(
  report: PairReport,
  standings: readonly Standing[],
  names: Names,
  isFurther: boolean,
): string {
  const placed = report.loads.map((load, index) => ({ load, standing: standings[index]! }))
  const byMetric = [...Map.groupBy(placed, ({ load }) => metricOf(report, load))]
  return byMetric
    .map(([metric, loads]) => {
      const of = report.run.requestClass
      const about = NAMES[metric] + (of !== null && isLatency(metric) ? ` of ${of} requests` : '')
      const text = clauses(report, metric, loads, names, isFurther)
      // What a run is about has been said.
      return isFurther && byMetric.length === 1 ? `${text}.` : `${about}: ${text}.`
    })
    .join(' ')
}

interface Placed {
  readonly load: PairLoad
  readonly standing: Standing
}

const NAMES: Readonly<Record<ComparisonName, string>> = {
  p50: 'Median latency',
  p90: 'Latency (p90)',
  p99: 'Tail latency (p99)',
  p99_9: 'Tail latency (p99.9)',
  max: 'Longest latency',
  achievedPerSecond: 'Throughput',
  goodputPerSecond: 'Goodput',
  cpuPerRequest: 'CPU per request',
}

/** Loads with the same outcome together, the decided ones first. */
function clauses(
  report: PairReport,
  metric: ComparisonName,
  loads: readonly Placed[],
  names: Names,
  withIntervals: boolean,
): string {
  const isAhead = ({ standing: { kind } }: Placed) => kind === 'ahead'
  const groups = [
    ...Map.groupBy(loads.filter(isAhead), ({ standing }) =>
      standing.kind === 'ahead' ? standing.arm : '',
    ),
  ].map(([arm, of]) => aheadText(metric, names.get(arm) ?? arm, of, withIntervals))
  const others = Map.groupBy(
    loads.filter((placed) => !isAhead(placed)),
    ({ standing }) => standingText(report, standing, names),
  )
  return [
    ...groups,
    ...[...others].map(([text, of]) => `${text} at ${placesText(of.map(({ load }) => load))}`),
  ].join('; ')
}

/** `sharded is 310× faster at 20 %, 95× at 50 %`. */
function aheadText(
  metric: ComparisonName,
  name: string,
  loads: readonly Placed[],
  withIntervals: boolean,
): string {
  const parts = loads.flatMap(({ load, standing }, index) => {
    if (standing.kind !== 'ahead') return []
    const { times, word, interval } = ahead(standing.ratio, metric)
    const bounds = withIntervals ? ` (${interval})` : ''
    return [`${times}${index === 0 ? ` ${word}` : ''} at ${placeText(load)}${bounds}`]
  })
  return `${name} ${verbOf(metric)} ${parts.join(', ')}`
}

/** In the winner’s words, whichever arm it is. */
function ahead(ratio: Estimate, metric: ComparisonName) {
  const words: FactorWords = wordsOf(metric)
  const better = METRICS[metric].isMoreBetter ? words.above : words.below
  return { ...inWords(ratio, { above: better, below: better }) }
}

function verbOf(metric: ComparisonName): string {
  if (metric === 'achievedPerSecond') return 'completes'
  if (metric === 'goodputPerSecond') return 'answers in time'
  return metric === 'cpuPerRequest' ? 'needs' : 'is'
}

function standingText(report: PairReport, standing: Standing, names: Names): string {
  const called = (arm: string) => names.get(arm) ?? arm
  switch (standing.kind) {
    case 'alone':
      return `only ${called(standing.arm)} answers`
    case 'equal':
      return 'no difference that matters'
    case 'noisy':
      return 'the machine was too noisy to say'
    case 'saturated':
      return keepsUpText(report, standing.arms, names)
    case 'own-rates':
      return 'not compared where each has a load of its own,'
    case 'no-answers':
      return 'too few answers to compare'
    case 'barred':
      return 'no winner is named'
    case 'unjudged':
      return 'not measured'
    case 'ahead':
    case 'undecided':
      return 'undecided'
  }
}

/** `staged does not keep up`. */
export function keepsUpText(
  report: PairReport,
  saturated: readonly string[],
  names: Names,
): string {
  const [arm = ''] = saturated
  return saturated.length === armLabels(report).length
    ? 'neither keeps up'
    : `${names.get(arm) ?? arm} does not keep up`
}

/** `20 %, 50 % and 80 %`. */
function placesText(loads: readonly PairLoad[]): string {
  return new Intl.ListFormat('en-GB').format(loads.map(placeText))
}

function placeText({ label }: PairLoad): string {
  return label === 'max' ? 'saturation' : spaced(label)
}

function objectiveAnswer({ objective, arms }: PairReport, names: Names): string {
  if (objective === null) return ''
  const [first, second] = arms.map(({ label }) => label) as [string, string]
  const [one, other] = [first, second].map((label) => names.get(label) ?? label)
  const within = `Within ${objectiveText(objective)}`
  const { ratio } = objective
  if (ratio === null || ratio.n === 0) {
    const kept = [first, second].filter((label) => objective.arms[label])
    if (kept.length === 2) return `${within} the highest load is not confirmed.`
    return kept.length === 0
      ? `${within} neither server sustains any load that was tried.`
      : `${within} only ${names.get(kept[0]!) ?? kept[0]} sustains a load that was tried.`
  }
  const { times, word } = inWords(ratio, AMOUNT)
  return isBeyond(ratio)
    ? `${within} ${other} sustains ${times} ${word} requests per second than ${one}.`
    : `${within} it is undecided who sustains more requests per second.`
}

/** Whether the whole interval lies on one side, beyond what matters. */
export function isBeyond({ lower, upper }: Estimate): boolean {
  return lower > SMALLEST_RATIO || upper < 1 / SMALLEST_RATIO
}

/** Whether it makes no difference that matters, wherever in its interval the ratio lies. */
export function isWithin({ lower, upper }: Estimate): boolean {
  return lower >= 1 / SMALLEST_RATIO && upper <= SMALLEST_RATIO
}

/** What is beyond doubt besides: the median at a load, which an undecided or smaller tail would hide, and the capacity; null without. */
export function alsoText(
  report: PairReport,
  load: PairLoad | null,
  median: Estimate | null,
  names: Names,
): string | null {
  const second = armLabels(report)[1]
  const parts: string[] = []
  const add = (what: string, ratio: Estimate) => {
    const { times, word } = inWords(ratio, { above: 'higher', below: 'lower' })
    const whose = parts.length === 0 ? `${names.get(second) ?? second}’s` : 'its'
    parts.push(`${whose} ${what} is ${times} ${word}`)
  }
  if (load !== null && median !== null) add(`median at ${placeText(load)}`, median)
  const capacity = report.capacity?.sustainedRatios[0] ?? null
  if (capacity !== null && capacity.level !== null && isBeyond(capacity)) add('capacity', capacity)
  return parts.length === 0 ? null : `Also: ${parts.join(', ')}.`
}
