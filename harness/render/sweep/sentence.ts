import type { ComparisonName, Estimate } from '../../results/schema.ts'
import type { Outcome, Sweep, SweepValue } from '../../results/sweep.ts'
import { predictedArm, type PredictionOutcome } from '../../stats/prediction.ts'
import {
  formatEstimate,
  formatQuantity,
  formatShare,
  PER_SECOND,
  RATIO,
  TIME,
  valueText,
} from '../../words/format.ts'
import { ofClass } from '../../words/metrics.ts'
import { predictionText } from '../report/notices.ts'

/** What varies, and at which values. */
interface StretchValues {
  readonly over: { readonly name: string; readonly unit: string }
  readonly values: readonly { readonly value: number }[]
}

/** Neighbouring values of which the same is said, as places in the list of values. */
interface Stretch<T> {
  readonly said: T
  readonly from: number
  readonly to: number
}

/** What is said of each value in turn, neighbours that agree put together. */
function stretchesOf<T>(all: readonly T[]): Stretch<T>[] {
  const stretches: Stretch<T>[] = []
  for (const [place, said] of all.entries()) {
    const last = stretches.at(-1)
    if (last?.said === said) stretches[stretches.length - 1] = { ...last, to: place }
    else stretches.push({ said, from: place, to: place })
  }
  return stretches
}

/** `up to theta 0.2`, `at theta 0.4`, `from theta 0.6 to 0.8`, `throughout (theta 0 to 1.2)`. */
function placeText(
  { values, over }: StretchValues,
  { from, to }: Omit<Stretch<unknown>, 'said'>,
): string {
  const text = (place: number): string => valueText(over, values[place]?.value ?? 0)
  const last = values.length - 1
  if (from === 0 && to === last && last > 0)
    return `throughout (${over.name} ${text(0)} to ${text(last)})`
  if (from === to) return `at ${over.name} ${text(from)}`
  if (from === 0) return `up to ${over.name} ${text(to)}`
  return to === last
    ? `from ${over.name} ${text(from)} on`
    : `from ${over.name} ${text(from)} to ${text(to)}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(texts: readonly string[]): string {
  return [texts.slice(0, -1).join(', '), texts.at(-1)].filter(Boolean).join(' and ')
}

const OUTCOME_TEXTS: Readonly<Record<Outcome, string>> = {
  lower: 'lower',
  higher: 'higher',
  same: 'the same',
  undecided: 'undecided',
  unknown: 'not known',
  'timer-bound': 'timer-bound',
  saturated: 'not comparable, since an arm does not keep up,',
}

/** The answer: where the second arm's metric is lower, higher, undecided or timer-bound, and the ratio at both ends. */
export function sweepSentence(sweep: Sweep): string {
  const { values, run } = sweep
  const [first, second] = labelsOf(sweep)
  const stretches = stretchesOf(values.map(({ outcome }) => outcome))
  const isDecided = stretches.some(({ said }) => ['lower', 'higher', 'same'].includes(said))
  const name = metricText(run.metric, run.requestClass)
  const ends = endsText(sweep)
  if (!isDecided) {
    const places = stretches.map(
      (stretch) => `${OUTCOME_TEXTS[stretch.said]} ${placeText(sweep, stretch)}`,
    )
    return `How ${second}'s ${name} compares with ${first}'s is ${listed(places)}${ends}.`
  }
  const [lead] = stretches.filter(({ said }) => said === 'lower' || said === 'higher')
  const parts = stretches.map((stretch) => {
    const than = stretch === lead ? ` than ${first}'s` : ''
    const as = lead === undefined && stretch.said === 'same' ? ` as ${first}'s` : ''
    return `${OUTCOME_TEXTS[stretch.said]}${than}${as} ${placeText(sweep, stretch)}`
  })
  return `${second}'s ${name} is ${listed(parts)}${ends}.`
}

/** What every value was offered, and what a share of capacity is a share of. */
export function loadSentence(
  sweep: Pick<Sweep, 'load' | 'over'> & {
    readonly values: readonly Pick<SweepValue, 'value' | 'offeredPerSecond'>[]
  },
): string {
  const { load, over, values } = sweep
  const reference = load.referencePerSecond
  const capacity = reference === null ? '' : `, ${formatQuantity(reference, PER_SECOND)}`
  if (over.subject === 'load') {
    return load.reference === null
      ? 'The load itself varies.'
      : `The load itself varies, in shares of ${load.reference}${capacity}.`
  }
  const [value] = values
  if (value?.offeredPerSecond === null || value === undefined) {
    return 'No load was offered yet.'
  }
  const perSecond = load.perCore ? value.offeredPerSecond / value.value : value.offeredPerSecond
  const offered = `${formatQuantity(perSecond, PER_SECOND)}${load.perCore ? ' per core' : ''}`
  const share = load.reference === null ? '' : `: ${load.label} of ${load.reference}`
  return `Every value is offered the same, ${offered}${share}.`
}

/** How each arm's capacity grows with its cores; null unless cores vary. */
export function scalingSentence({ scaling }: Sweep): string | null {
  if (scaling === null) return null
  const arms = Object.entries(scaling).map(([label, { speedUps, contention, coherency }]) => {
    const most = speedUps.at(-1)
    if (most === undefined || most.cores === 1) return `${label}: not known`
    const speedUp = `${formatEstimate(most.speedUp, RATIO)} on ${most.cores} cores`
    const sigma = contention === null ? 'not determinable' : coefficientText(contention)
    const kappa =
      coherency === null
        ? 'not determinable from fewer than three numbers of cores'
        : coefficientText(coherency)
    return `${label}: ${speedUp}, contention σ ${sigma}, coherency κ ${kappa}`
  })
  const fits = Object.values(scaling).flatMap(({ contention }) => contention ?? [])
  return `Speed-up of capacity over one core, and Gunther's scalability law${levelText(fits)}: ${arms.join('; ')}.`
}

/** The slope of each arm's median; null unless an integer parameter varies, or when there is none. */
export function slopeSentence({ slopes, over }: Sweep): string | null {
  const known = Object.entries(slopes ?? {}).flatMap(([label, slope]) =>
    slope === null ? [] : [`${label} ${formatEstimate(slope, TIME)}`],
  )
  if (known.length === 0) return null
  const level = levelText(Object.values(slopes ?? {}).filter((slope) => slope !== null))
  return `Slope of the median latency, for each one more of ${over.name}${level}: ${known.join(', ')}.`
}

/** The ratio that outcomes are about: throughput is that of the closed window. */
export function judgedRatio({ run }: Sweep, value: SweepValue): Estimate | null {
  return run.metric === 'achievedPerSecond'
    ? (value.capacity?.ratio ?? null)
    : value.ratios[run.metric]
}

/** What a metric is called in a sentence: `p99`, `p99 of light requests`. @param requestClass null for all */
export function metricText(metric: ComparisonName, requestClass: string | null): string {
  if (metric === 'achievedPerSecond') return 'throughput at capacity'
  return ofClass(metric, requestClass).label
}

/** The heading of the parameter's column, with its unit where the values don't have it. */
export function parameterHeading({ over }: Pick<Sweep, 'over'>): string {
  const isKnown = ['%', '/s', '', over.name].includes(over.unit)
  return isKnown ? over.name : `${over.name}, ${over.unit}`
}

/** Labels of the first and the second arm. */
export function labelsOf({ arms }: Pick<Sweep, 'arms'>): readonly [string, string] {
  return [arms[0]?.label ?? '', arms[1]?.label ?? '']
}

/** ` (75% intervals)`; empty when there is none. */
function levelText([estimate]: readonly Estimate[]): string {
  const level = estimate?.level ?? null
  return level === null ? '' : ` (${formatShare(level)} intervals)`
}

function coefficientText(estimate: Estimate): string {
  return formatEstimate(estimate, [{ symbol: '', size: 1 }])
}

/** `: 0.31× (0.26–0.38) at theta 0, 1.40× (1.22–1.61) at 1.2`; empty when neither is known, or both are timer-bound. */
function endsText(sweep: Sweep): string {
  const { values, over } = sweep
  const known = [values[0], values.length > 1 ? values.at(-1) : undefined].flatMap((value) => {
    const ratio = value && value.outcome !== 'timer-bound' && judgedRatio(sweep, value)
    return value && ratio
      ? [`${formatEstimate(ratio, RATIO)} at ${over.name} ${valueText(over, value.value)}`]
      : []
  })
  return known.length === 0 ? '' : `: ${known.join(', ')}`
}

/** The prediction that was written down before measuring, beside what the sweep found; null without one. */
export function sweepPredictionText(sweep: Sweep): string | null {
  const { prediction } = sweep.scenario
  if (prediction === null) return null
  return `Predicted: ${predictionText(prediction)}. Outcome: ${outcomeText(sweep, prediction)}.`
}

/**
 * What became of a prediction over the values of a parameter: `confirmed in all of the range`, `undecided`, or where:
 * `confirmed up to theta 0.6, undecided at theta 0.8 and refuted from theta 1 on`.
 * @param outcomes one per value, in their order; at least one.
 */
export function outcomesText(along: StretchValues, outcomes: readonly PredictionOutcome[]): string {
  const stretches = stretchesOf(outcomes)
  if (stretches.length > 1)
    return listed(stretches.map((stretch) => `${stretch.said} ${placeText(along, stretch)}`))
  const said = stretches[0]?.said ?? 'undecided'
  return said === 'undecided' ? said : `${said} in all of the range`
}

function outcomeText(
  sweep: Sweep,
  prediction: NonNullable<Sweep['scenario']['prediction']>,
): string {
  const { predictionOutcome: found, arms, values } = sweep
  if (predictedArm(arms, prediction) === null) return 'not tested: it is not about these two arms'
  if (found === null) return 'not tested: no verdict was reached'
  const outcomes = values.map(({ value }): PredictionOutcome => {
    if (found.confirmed.includes(value)) return 'confirmed'
    return found.refuted.includes(value) ? 'refuted' : 'undecided'
  })
  return outcomesText(sweep, outcomes)
}
