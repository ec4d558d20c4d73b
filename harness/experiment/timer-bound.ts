import { timeText } from '../base/time-text.ts'
import type { Load, Trial } from '../results/schema.ts'

/** Waits are late by a quarter or more of what they ask for: then timers are compared, not servers. */
const LATENESS_FACTOR = 4

/** What one arm's declared waits took at a load. */
export interface TimerBound {
  readonly arm: string
  readonly askedNs: number
  readonly tookNs: number
}

/**
 * The arm whose declared waits are the least late, when even its mean lateness times four exceeds the mean of what they ask
 * for; else null. A timer's own lateness is in both arms; what one has beyond the other, waiting for a busy processor or to be
 * switched to, is what the architectures are compared for. Of sound trials; null at `max`, where all waits are late.
 */
export function timerBound(
  { label, pairs }: Pick<Load, 'label' | 'pairs'>,
  arms: readonly string[],
): TimerBound | null {
  if (label === 'max') return null
  const least = arms
    .map((arm) => meansOf(arm, pairs.map((pair) => pair.trials[arm]!).filter(isSound)))
    .filter((bound) => bound !== null)
    .toSorted((a, b) => a.tookNs - b.tookNs)[0]
  if (least === undefined) return null
  return LATENESS_FACTOR * (least.tookNs - least.askedNs) > least.askedNs ? least : null
}

/** `waits of 100 µs took 152 µs even in staged`. */
export function timerBoundText({ arm, askedNs, tookNs }: TimerBound): string {
  return `waits of ${timeText(askedNs)} took ${timeText(tookNs)} even in ${arm}`
}

function isSound(trial: Trial | undefined): boolean {
  return trial !== undefined && trial.void === null
}

function meansOf(arm: string, trials: readonly Trial[]): TimerBound | null {
  const waits = trials.flatMap(({ counters }) => counters.declaredWaits ?? [])
  const sum = (name: 'count' | 'askedNs' | 'actualNs') =>
    waits.reduce((total, wait) => total + wait[name], 0)
  const count = sum('count')
  return count === 0
    ? null
    : { arm, askedNs: sum('askedNs') / count, tookNs: sum('actualNs') / count }
}
