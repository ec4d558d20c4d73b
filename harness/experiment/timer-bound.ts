import type { ParameterRange } from '../asked/range.ts'
import { valueText } from '../words/format.ts'
import type { Warning } from '../results/measurement.ts'
import type { PointPair, TimerBound } from '../results/points.ts'
import type { Load, Trial } from '../results/schema.ts'
import { type BackgroundGap, timerBoundText } from '../words/verdict.ts'

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

/** Of the share that is asked for: how much more of it one arm may do than the other. */
const LARGEST_GAP = 0.1

/**
 * The background work of both arms when one did more of it than the other, by over a tenth of what was asked for: then it
 * paid with its latencies for work that the other left undone. Else null, as without such work.
 */
export function backgroundGap(
  { sets }: Pick<Load, 'sets'>,
  arms: readonly string[],
): BackgroundGap | null {
  const shares = arms.map((arm) =>
    sets.flatMap(({ trials: { [arm]: trial } }) =>
      trial === undefined || trial.void !== null ? [] : (trial.backgroundShare ?? []),
    ),
  )
  const [first, second] = shares.map((of) => mean(of.map(({ done }) => done)))
  const asked = shares[0]?.[0]?.asked
  if (asked === undefined || first === undefined || second === undefined) return null
  return Math.abs(first - second) > LARGEST_GAP * asked ? { asked, done: [first, second] } : null
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** A value of a parameter, and whether declared waits are too late there for a comparison of servers. */
interface BoundValue {
  readonly value: number
  readonly timerBound: TimerBound | null
}

/**
 * The warning that names the timer-bound values of a range; null when there is none. It quotes the waits of the worst one.
 * @param consequence what follows for these values: `no winner is named there`.
 */
export function timerBoundWarning(
  range: Pick<ParameterRange, 'name' | 'unit'>,
  values: readonly BoundValue[],
  consequence: string,
): Warning | null {
  const bound = values.flatMap(({ value, timerBound }) =>
    timerBound === null ? [] : [{ value, timerBound }],
  )
  const [worst] = bound.toSorted((a, b) => lateness(b.timerBound) - lateness(a.timerBound))
  if (worst === undefined) return null
  const places = bound.map(({ value }) => valueText(range, value)).join(', ')
  const where = bound.length === 1 ? '' : ` at ${valueText(range, worst.value)}`
  return {
    code: 'timer-bound',
    message: `timer-bound at ${range.name} ${places}: ${timerBoundText(worst.timerBound)}${where}: the lateness of timers and of wake-ups is compared, not the servers: ${consequence}`,
    cure: 'declare longer waits, lower the load, or use a machine without a hypervisor',
  }
}

/** As a share of what was asked for. */
function lateness({ askedNs, tookNs }: TimerBound): number {
  return (tookNs - askedNs) / askedNs
}
