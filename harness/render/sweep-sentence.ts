import { valueText } from '../base/value-text.ts'
import type { ComparisonName, Estimate } from '../results/schema.ts'
import type { Outcome, Sweep, SweepValue } from '../results/sweep.ts'
import { formatEstimate, formatQuantity, formatShare, PER_SECOND, RATIO, TIME } from './format.ts'
import { METRIC_LABELS } from './metric-label.ts'
import { listed, placeText, stretchesOf } from './sweep-stretches.ts'

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
  const name = metricText(run.metric)
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

/** Trials that failed a gate; null when none did. */
export function markedSweepText({ markedTrials }: Pick<Sweep, 'markedTrials'>): string | null {
  const { count, of, byGate } = markedTrials
  if (count === 0) return null
  const gates = Object.entries(byGate)
    .toSorted(([, a], [, b]) => b - a)
    .map(([gate, times]) => `${gate} ×${times}`)
  return `${count} of ${of} trials failed a gate (${gates.join(', ')}): they are marked and count.`
}

/** Why it has less than was planned; null when it is whole. */
export function incompleteSweepText({ complete, ending }: Sweep): string | null {
  if (complete) return null
  return ending === null
    ? 'This sweep is not finished: what follows may change.'
    : `This sweep is incomplete: ${ending}.`
}

/** The ratio that outcomes are about: throughput is that of the closed window. */
export function judgedRatio({ run }: Sweep, value: SweepValue): Estimate | null {
  return run.metric === 'achievedPerSecond'
    ? (value.capacity?.ratio ?? null)
    : value.ratios[run.metric]
}

/** What a metric is called in a sentence. */
export function metricText(metric: ComparisonName): string {
  return metric === 'achievedPerSecond' ? 'throughput at capacity' : METRIC_LABELS[metric]
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
