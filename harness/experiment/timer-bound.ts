import { timeText } from '../base/time-text.ts'
import type { PointPair, TimerBound } from '../results/point-pair.ts'
import type { Load, Trial } from '../results/schema.ts'

/** Waits are late by a quarter or more of what they ask for: then timers are compared, not servers. */
const LATENESS_FACTOR = 4

/** What one trial's stages waited for. */
type DeclaredWaits = NonNullable<Trial['counters']['declaredWaits']>

/**
 * The arm whose declared waits are the least late, when even its mean lateness times four exceeds the mean of what they ask
 * for; else null. A timer's own lateness is in both arms; what one has beyond the other, waiting for a busy processor or to be
 * switched to, is what the architectures are compared for. Of sound trials; null at `max`, where all waits are late.
 */
export function timerBound(
  { label, sets }: Pick<Load, 'label' | 'sets'>,
  arms: readonly string[],
): TimerBound | null {
  if (label === 'max') return null
  return leastLate(arms, (arm) =>
    sets.flatMap(({ trials: { [arm]: trial } }) =>
      trial === undefined || trial.void !== null ? [] : (trial.counters.declaredWaits ?? []),
    ),
  )
}

/**
 * The same of the pairs at one value of a parameter; those with a closed window say nothing. There are few pairs at a value,
 * so each arm is judged by its trial of median lateness, the better of two in the middle: a burst of noise is in one of them.
 */
export function pointTimerBound(
  pairs: readonly PointPair[],
  arms: readonly string[],
): TimerBound | null {
  const trials = pairs
    .filter(({ offeredPerSecond }) => offeredPerSecond !== null)
    .flatMap((pair) => pair.trials)
    .filter((trial) => trial.void === null)
  return leastLate(arms, (arm) =>
    medianWaits(trials.flatMap((trial) => (trial.arm === arm ? (trial.declaredWaits ?? []) : []))),
  )
}

/** Of the trial whose waits took the median share of what they asked for; none where no stage waited. */
function medianWaits(waits: readonly DeclaredWaits[]): readonly DeclaredWaits[] {
  const byLateness = waits
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => a.actualNs / a.askedNs - b.actualNs / b.askedNs)
  return byLateness.slice((byLateness.length - 1) >> 1).slice(0, 1)
}

/** `waits of 100 µs took 152 µs even in staged`. */
export function timerBoundText({ arm, askedNs, tookNs }: TimerBound): string {
  return `waits of ${timeText(askedNs)} took ${timeText(tookNs)} even in ${arm}`
}

function leastLate(
  arms: readonly string[],
  waitsOf: (arm: string) => readonly DeclaredWaits[],
): TimerBound | null {
  const [least] = arms
    .map((arm) => meansOf(arm, waitsOf(arm)))
    .filter((bound) => bound !== null)
    .toSorted((a, b) => a.tookNs - b.tookNs)
  if (least === undefined) return null
  return LATENESS_FACTOR * (least.tookNs - least.askedNs) > least.askedNs ? least : null
}

function meansOf(arm: string, waits: readonly DeclaredWaits[]): TimerBound | null {
  const sum = (name: 'count' | 'askedNs' | 'actualNs') =>
    waits.reduce((total, wait) => total + wait[name], 0)
  const count = sum('count')
  return count === 0
    ? null
    : { arm, askedNs: sum('askedNs') / count, tookNs: sum('actualNs') / count }
}
