import {
  type CrossingEstimate,
  type CrossingSearch,
  type CrossingValue,
  isLeftOut,
  type MedianRatio,
} from '../../results/find.ts'
import { isTooNoisy } from '../../stats/doubtful-trials.ts'
import { judgePrediction, predictedArm } from '../../stats/prediction.ts'
import { judge } from '../../stats/verdict.ts'
import {
  counted,
  formatQuantity,
  formatSeconds,
  formatShare,
  formatWhole,
  RATIO,
  valueText,
} from '../../words/format.ts'
import { METRICS } from '../../words/metrics.ts'
import { predictionText } from '../report/notices.ts'
import { labelsOf, listed, loadSentence, metricText, outcomesText } from '../sweep/sentence.ts'

/** What the better arm is, where the metric says it. */
const BETTER: Readonly<Record<CrossingSearch['run']['metric'], string>> = {
  p50: 'is faster',
  p90: 'is faster',
  p99: 'is faster',
  p99_9: 'is faster',
  max: 'is faster',
  achievedPerSecond: 'does more',
  goodputPerSecond: 'answers more in time',
  cpuPerRequest: 'spends less',
}
/** A position is written to a part of its interval's width, or of the range's where the interval is open. */
const WIDTH_PARTS = 10
const RANGE_PARTS = 100

/**
 * The answer: where the metric of the second arm crosses that of the first, that it does not, or that it is undecided; and
 * which values were left out.
 */
export function crossingSentence(search: CrossingSearch): string {
  return [answerText(search), leftOutText(search)].filter((text) => text !== null).join(' ')
}

function answerText(search: CrossingSearch): string {
  const { crossing, over } = search
  const name = metricText(search.run.metric, search.run.requestClass)
  const [first, second] = labelsOf(search)
  const subject = `${second}’s ${name}`
  if (crossing === null)
    return `Whether ${subject} crosses ${first}’s is not known: too little was measured.`
  if (crossing.outcome === 'crosses') {
    const at = `${over.name} = ${positionText(search, crossing.position ?? 0)} (${intervalText(search)}, ${formatShare(crossing.level)})`
    const [below, above] = winners(search)
    return `${subject} crosses ${first}’s at ${at}: below it ${below} ${BETTER[search.run.metric]}, above it ${above}.`
  }
  const between = betweenText(search)
  if (crossing.outcome !== 'inconclusive') {
    const winner = crossing.outcome === 'second-smaller' ? smaller(search) : larger(search)
    const agreeing =
      crossing.outcome === 'second-smaller' ? crossing.secondSmaller : crossing.secondLarger
    return `${subject} does not cross ${first}’s ${between}: ${winner} ${BETTER[search.run.metric]} throughout (${ofResamples(crossing, agreeing)}).`
  }
  return `Whether ${subject} crosses ${first}’s ${between} is undecided: ${undecidedText(search, crossing)}.`
}

/** Where the crossing lies, short: `0.87 (0.79–0.93)`, `none`, `undecided`; for a line that is rewritten. */
export function shortCrossingText(search: CrossingSearch): string {
  const { crossing, over } = search
  if (crossing === null) return 'nothing known yet'
  if (crossing.position === null)
    return `no crossing (${ofResamples(crossing, notCrossing(crossing))})`
  return `${over.name} = ${positionText(search, crossing.position)} (${intervalText(search)})`
}

/** What every value was offered. */
export function crossingLoadText(search: CrossingSearch): string {
  return search.load.label === 'max'
    ? 'Pairs have a closed window: what crosses is the capacity.'
    : loadSentence(search)
}

/** How much was measured, and why no more. */
export function effortText(search: CrossingSearch): string {
  const { values, run, end } = search
  const pairs = values.reduce((sum, value) => sum + wholePairs(value), 0)
  const reasons = {
    precise: `the interval is no wider than ${formatShare(run.until)} of the range`,
    'no-crossing': values.some(isLeftOut)
      ? 'the outermost values that are not left out agree that nothing crosses'
      : 'both ends agree that nothing crosses',
    budget: 'the time budget was used up',
    pairs: 'all pairs were made that were asked for',
  }
  const why = end === null ? '' : `; it ended because ${reasons[end]}`
  return `${counted(pairs, 'pair')} at ${counted(values.length, 'value')} in ${formatSeconds(run.elapsedSeconds)}${why}.`
}

/** `0.79–0.93`, `at least 0.83`, `at most 0.2`, `anywhere from 0 to 1.2`. */
export function intervalText(search: CrossingSearch): string {
  const { crossing, over } = search
  const [low, high] = [crossing?.lower ?? null, crossing?.upper ?? null].map((bound) =>
    bound === null ? null : positionText(search, bound),
  )
  if (low !== null && high !== null) return `${low}–${high}`
  if (low !== null) return `at least ${low}`
  if (high !== null) return `at most ${high}`
  return `anywhere from ${valueText(over, over.from)} to ${valueText(over, over.to)}`
}

/** A value on the parameter's axis, to a tenth of the interval's width. */
export function positionText({ crossing, over }: CrossingSearch, position: number): string {
  const { lower = null, upper = null } = crossing ?? {}
  const width = lower === null || upper === null ? 0 : upper - lower
  const grain = width > 0 ? width / WIDTH_PARTS : (over.to - over.from) / RANGE_PARTS
  const decimals = Math.min(12, Math.max(0, Math.ceil(-Math.log10(grain))))
  return valueText(over, position, decimals)
}

/** The arm that is better where second ÷ first is below 1. */
export function smaller(search: CrossingSearch): string {
  const [first, second] = labelsOf(search)
  return METRICS[search.run.metric].isMoreBetter ? first : second
}

/** The arm that is better where second ÷ first is above 1. */
export function larger(search: CrossingSearch): string {
  const [first, second] = labelsOf(search)
  return METRICS[search.run.metric].isMoreBetter ? second : first
}

/** Who is better below the crossing, and above it. */
function winners(search: CrossingSearch): readonly [below: string, above: string] {
  const sides = [smaller(search), larger(search)] as const
  return search.crossing?.direction === 'decreasing' ? [sides[1], sides[0]] : sides
}

function betweenText({ over, values }: CrossingSearch): string {
  const known = values.filter(({ fitted }) => fitted !== null)
  const ends = [known[0]?.value ?? over.from, known.at(-1)?.value ?? over.to]
  return `between ${over.name} = ${ends.map((end) => valueText(over, end)).join(' and ')}`
}

function undecidedText(search: CrossingSearch, crossing: CrossingEstimate): string {
  const parts = [
    [crossing.crossing, 'cross'],
    [crossing.secondSmaller, `have ${smaller(search)} better throughout`],
    [crossing.secondLarger, `have ${larger(search)} better throughout`],
  ] as const
  const { byGate, of: trials } = search.markedTrials
  const noisy = byGate['noise'] ?? 0
  if (isTooNoisy(search.markedTrials))
    return `the machine was too noisy to say, in ${noisy} of ${trials} trials others took its processors`
  const said = parts.filter(([count]) => count > 0).toSorted(([a], [b]) => b - a)
  const total = formatWhole(crossing.resamples)
  const counts = crossing.besideTimerBound
    ? 'a value that was left out lies beside the crossing'
    : said.length === 1
      ? `there are too few pairs to trust that all ${total} resamples ${said[0]![1]}`
      : `of ${total} resamples ${said.map(([count, what]) => `${formatWhole(count)} ${what}`).join(', ')}`
  const best =
    crossing.position === null
      ? ''
      : `; if it does, then probably at ${positionText(search, crossing.position)} (${intervalText(search)}, ${formatShare(crossing.level)})`
  return counts + best
}

/** `Left out as timer-bound: theta = 0.3 and 0.6. sharded does not keep up at theta = 0.9.`; null where there is nothing of it. */
function leftOutText({ over, values }: CrossingSearch): string | null {
  const places = (some: readonly CrossingValue[]) =>
    `${over.name} = ${listed(some.map(({ value }) => valueText(over, value)))}`
  const bound = values.filter(({ timerBound }) => timerBound !== null)
  const saturated = values.filter((value) => value.saturated.length > 0)
  const byArms = Map.groupBy(saturated, (value) => value.saturated.join(' and '))
  const texts = [
    ...(bound.length === 0 ? [] : [`Left out as timer-bound: ${places(bound)}.`]),
    ...[...byArms].map(([arms, at]) =>
      at.some(isLeftOut)
        ? `${arms} do not keep up at ${places(at)}: left out.`
        : `${arms} does not keep up at ${places(at)}, and counts as slower than everything there.`,
    ),
  ]
  return texts.length === 0 ? null : texts.join(' ')
}

function wholePairs({ pairs }: CrossingValue): number {
  return pairs.filter(({ order, trials }) => trials.length === order.length).length
}

function notCrossing({ secondSmaller, secondLarger }: CrossingEstimate): number {
  return Math.max(secondSmaller, secondLarger)
}

/** `all 2,000 resamples`, `1,954 of 2,000 resamples`. */
function ofResamples({ resamples }: CrossingEstimate, count: number): string {
  return count === resamples
    ? `all ${formatWhole(resamples)} resamples`
    : `${formatWhole(count)} of ${formatWhole(resamples)} resamples`
}

/** The prediction that was written down before measuring, beside the outcome; null without one. */
export function crossingPredictionText(search: CrossingSearch): string | null {
  const { prediction } = search.scenario
  if (prediction === null) return null
  return `Predicted: ${predictionText(prediction)}. Outcome: ${outcomeText(search, prediction)}.`
}

/**
 * A fit tells on which side of 1 the ratio lies, not that it is 1: what is predicted of a tie is judged value by value, as a
 * run judges it load by load.
 */
function outcomeText(
  search: CrossingSearch,
  prediction: NonNullable<CrossingSearch['scenario']['prediction']>,
): string {
  const { crossing, over } = search
  const { winner, orTie = false } = prediction
  const expected = predictedArm(search.arms, prediction)
  if (expected === null) return 'not tested: it is not about these two arms'
  if (winner === 'none' || orTie) return outcomeOfTie(search, expected, orTie)
  if (crossing === null || crossing.outcome === 'inconclusive') return 'undecided'
  if (crossing.outcome === 'crosses') {
    const [below, above] = winners(search)
    const at = `${over.name} = ${positionText(search, crossing.position ?? 0)}`
    return `it depends: ${below} below ${at}, ${above} above`
  }
  const actual = crossing.outcome === 'second-smaller' ? smaller(search) : larger(search)
  if (expected !== actual) return 'refuted'
  return search.values.some(isLeftOut)
    ? 'confirmed at the values that are not left out'
    : 'confirmed in all of the range'
}

function outcomeOfTie(search: CrossingSearch, expected: string, orTie: boolean): string {
  const values = search.values.filter(({ ratio }) => ratio !== null)
  const outcomes = values.map((value) => judgePrediction(winnerAt(search, value), expected, orTie))
  return outcomesText({ over: search.over, values }, outcomes)
}

/** Label of the arm that wins at a value; `none`, or `inconclusive`. */
function winnerAt(search: CrossingSearch, at: CrossingValue): string {
  const { ratio } = at
  if (ratio === null || isLeftOut(at)) return 'inconclusive'
  const { value, lower, upper } = ratio
  const [middle, low, high] = [value, lower, upper].map(
    (bound) => bound ?? Number.POSITIVE_INFINITY,
  )
  const interval = { value: middle!, lower: low!, upper: high!, level: ratio.level ?? 0 }
  const outcome = judge(interval, search.run.level)
  if (outcome === 'second-larger') return larger(search)
  return outcome === 'first-larger' ? smaller(search) : outcome
}

const INFINITE = '∞'

/** `1.21× (1.08–1.34)`, `1.21× (range 1.08–1.34)`, `∞`. */
export function medianRatioText({ value, lower, upper, level, n }: MedianRatio): string {
  const text = value === null ? INFINITE : formatQuantity(value, RATIO)
  if (n === 1 || lower === null) return `${text} (n = ${n})`
  const [low, high] = [lower, upper].map((bound) =>
    bound === null ? INFINITE : formatQuantity(bound, RATIO).replace('×', ''),
  )
  return `${text} (${level === null ? 'range ' : ''}${low}–${high})`
}
