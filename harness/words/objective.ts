import type { Objective, Sustained } from '../results/schema.ts'
import { formatBounds, formatChosenTime, formatQuantity, PER_SECOND, RATIO } from './format.ts'
import { METRICS } from './metrics.ts'

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
  const doubt = doubtText({ [second]: other, [first]: one })
  const { ratio } = objective
  if (!one || !other || ratio === null)
    return `${within} ${armText(first, one)}; ${armText(second, other)}${doubt}.`
  const bounds = ratio.n < 2 ? '' : ` (${formatBounds(ratio, RATIO)})`
  return `${within} ${armText(second, other)}, ${formatQuantity(ratio.value, RATIO)} ${first}'s ${loadText(one)}${bounds}${doubt}.`
}

/** Undefined: the search did not get to this arm. */
function armText(label: string, sustained: Sustained | null | undefined): string {
  if (sustained === undefined) return `${label} was not searched`
  if (sustained === null) return `${label} sustains none of the loads that were tried`
  return `${label} sustains ${loadText(sustained)}`
}

function loadText({ perSecond, atLeast, confirmed, kept, of }: Sustained): string {
  const rounds = `in ${kept} of ${of} rounds`
  // In the others it kept the objective at no load.
  const doubt = confirmed ? '' : 'not confirmed: '
  return `${atLeast ? 'at least ' : ''}${formatQuantity(perSecond.value, PER_SECOND)} (${doubt}${rounds})`
}

/** `, but 2 of its 8 highest trials failed a validity gate`; with two sustained loads it says whose. */
function doubtText(arms: Readonly<Record<string, Sustained | null | undefined>>): string {
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
