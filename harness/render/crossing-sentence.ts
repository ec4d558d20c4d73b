import { valueText } from '../base/value-text.ts'
import type { CrossingEstimate, CrossingSearch, CrossingValue } from '../results/crossing.ts'
import { formatShare } from './format.ts'
import { predictionText } from './prediction-outcome.ts'
import { labelsOf, loadSentence, metricText } from './sweep-sentence.ts'

/** What the better arm is, where the metric says it. */
const BETTER: Readonly<Record<CrossingSearch['run']['metric'], string>> = {
  p50: 'is faster',
  p90: 'is faster',
  p99: 'is faster',
  p99_9: 'is faster',
  max: 'is faster',
  achievedPerSecond: 'does more',
  cpuPerRequest: 'spends less',
}
/** A position is written to a part of its interval's width, or of the range's where the interval is open. */
const WIDTH_PARTS = 10
const RANGE_PARTS = 100

/** The answer: where the metric of the second arm crosses that of the first, that it does not, or that it is undecided. */
export function crossingSentence(search: CrossingSearch): string {
  const { crossing, over } = search
  const name = metricText(search.run.metric)
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
    'no-crossing': 'both ends agree that nothing crosses',
    budget: 'the time budget was used up',
    pairs: 'all pairs were made that were asked for',
  }
  const why = end === null ? '' : `; it ended because ${reasons[end]}`
  return `${pairs} pairs at ${values.length} values in ${run.elapsedSeconds.toFixed(0)} s${why}.`
}

/** The prediction that was written down before measuring, beside the outcome; null without one. */
export function crossingPredictionText(search: CrossingSearch): string | null {
  const { prediction } = search.scenario
  if (prediction === null) return null
  return `Predicted: ${predictionText(prediction)}. Outcome: ${outcomeText(search, prediction.winner)}.`
}

/** Why it has less than was planned; null when it is whole. */
export function incompleteCrossingText({ complete, ending }: CrossingSearch): string | null {
  if (complete) return null
  return ending === null
    ? 'This search is not finished: what follows may change.'
    : `This search is incomplete: ${ending}.`
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
  return search.run.metric === 'achievedPerSecond' ? first : second
}

/** The arm that is better where second ÷ first is above 1. */
export function larger(search: CrossingSearch): string {
  const [first, second] = labelsOf(search)
  return search.run.metric === 'achievedPerSecond' ? second : first
}

/** Who is better below the crossing, and above it. */
function winners(search: CrossingSearch): readonly [below: string, above: string] {
  const sides = [smaller(search), larger(search)] as const
  return search.crossing?.direction === 'decreasing' ? [sides[1], sides[0]] : sides
}

function betweenText({ over, values }: CrossingSearch): string {
  const known = values.filter(({ ratio }) => ratio !== null)
  const ends = [known[0]?.value ?? over.from, known.at(-1)?.value ?? over.to]
  return `between ${over.name} = ${ends.map((end) => valueText(over, end)).join(' and ')}`
}

function undecidedText(search: CrossingSearch, crossing: CrossingEstimate): string {
  const parts = [
    [crossing.crossing, 'cross'],
    [crossing.secondSmaller, `have ${smaller(search)} better throughout`],
    [crossing.secondLarger, `have ${larger(search)} better throughout`],
  ] as const
  const said = parts.filter(([count]) => count > 0).toSorted(([a], [b]) => b - a)
  const total = whole(crossing.resamples)
  const counts =
    said.length === 1
      ? `there are too few pairs to trust that all ${total} resamples ${said[0]![1]}`
      : `of ${total} resamples ${said.map(([count, what]) => `${whole(count)} ${what}`).join(', ')}`
  const best =
    crossing.position === null
      ? ''
      : `; if it does, then probably at ${positionText(search, crossing.position)} (${intervalText(search)}, ${formatShare(crossing.level)})`
  return counts + best
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
    ? `all ${whole(resamples)} resamples`
    : `${whole(count)} of ${whole(resamples)} resamples`
}

function outcomeText(search: CrossingSearch, predicted: string): string {
  const { crossing, arms, over } = search
  if (crossing === null || crossing.outcome === 'inconclusive') return 'undecided'
  const winner = arms.filter(
    ({ label, architecture }) => label === predicted || architecture === predicted,
  )
  if (crossing.outcome === 'crosses') {
    const [below, above] = winners(search)
    const at = `${over.name} = ${positionText(search, crossing.position ?? 0)}`
    return `it depends: ${below} below ${at}, ${above} above`
  }
  if (predicted === 'none') return 'refuted'
  if (winner.length !== 1) return 'not tested: it is not about these two arms'
  const actual = crossing.outcome === 'second-smaller' ? smaller(search) : larger(search)
  return winner[0]?.label === actual ? 'confirmed in all of the range' : 'refuted'
}

function whole(count: number): string {
  return count.toLocaleString('en')
}
