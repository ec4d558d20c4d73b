import { timeText } from '../base/time-text.ts'
import type { Objective, Sustained } from '../results/schema.ts'

/** The result of a search in one sentence: who sustains more within the objective, by how much, how surely. */
export function sustainedSentence(objective: Objective, first: string, second: string): string {
  const within = `Within ${objective.percentile.replace('_', '.')} ≤ ${timeText(objective.limitNs)}`
  const [one, other] = [objective.arms[first] ?? null, objective.arms[second] ?? null]
  if (one === null && other === null)
    return `${within} neither arm sustains any load that was tried.`
  if (one === null || other === null) {
    const [label, sustained] = one === null ? [second, other!] : [first, one]
    return `${within} only ${label} sustains a load: ${loadText(sustained)}.`
  }
  const ratio = objective.ratio!
  const bounds = `range ${ratio.lower.toFixed(2)}–${ratio.upper.toFixed(2)}`
  return `${within} ${second} sustains ${loadText(other)}, ${ratio.value.toFixed(2)}× ${first}'s ${loadText(one)} (${bounds}).`
}

function loadText({ perSecond, atLeast, kept, of }: Sustained): string {
  const { value } = perSecond
  const text =
    value >= 1e6
      ? `${(value / 1e6).toPrecision(3)}M`
      : value >= 1e3
        ? `${(value / 1e3).toPrecision(3)}k`
        : value.toPrecision(3)
  const confirmed = of === 0 ? 'not confirmed' : `kept in ${kept} of ${of} trials`
  return `${atLeast ? 'at least ' : ''}${text}/s (${confirmed})`
}
