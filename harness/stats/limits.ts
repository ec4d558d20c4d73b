import { probit, sampleStandardDeviation } from 'simple-statistics'
import type { Limit } from '../contract/claim.ts'
import { hodgesLehmann, type Interval } from './intervals.ts'
import { EFFICIENCY, fewestPairs, MOST_PAIRS, PROBABLY } from './verdict.ts'

/** The ends of an interval; open ones are infinite. */
type Ends = Pick<Interval, 'lower' | 'upper'>

/** What an interval says of two limits that exclude each other: `between` is surely neither. */
export type LimitOutcome = 'confirmed' | 'refuted' | 'between' | 'undecided'

/** Where a limit wants an interval to lie: in one of these stretches, ends included. */
function stretches(limit: Limit): readonly (readonly [from: number, to: number])[] {
  if ('above' in limit) return [[limit.above, Infinity]]
  if ('below' in limit) return [[-Infinity, limit.below]]
  if ('within' in limit) return [limit.within]
  const [from, to] = limit.outside
  return [
    [-Infinity, from],
    [to, Infinity],
  ]
}

/** The finite ends of its stretches, ascending. */
export function limitEnds(limit: Limit): readonly number[] {
  return stretches(limit).flat().filter(Number.isFinite)
}

/** Whether the whole interval lies where the limit wants it. */
export function lies(limit: Limit, { lower, upper }: Ends): boolean {
  return stretches(limit).some(([from, to]) => lower >= from && upper <= to)
}

/** Whether none of the interval lies there. */
function liesApart(limit: Limit, { lower, upper }: Ends): boolean {
  return stretches(limit).every(([from, to]) => upper <= from || lower >= to)
}

/** Whether an interval can satisfy both; those that only touch exclude each other. */
export function overlap(first: Limit, second: Limit): boolean {
  return stretches(first).some(([from, to]) =>
    stretches(second).some((other) => Math.max(from, other[0]) < Math.min(to, other[1])),
  )
}

/** What an interval says; without a limit on one side nothing is said on it. */
export function judgeLimits(
  interval: Ends,
  { confirmed, refuted }: { readonly confirmed?: Limit; readonly refuted?: Limit },
): LimitOutcome {
  if (confirmed !== undefined && lies(confirmed, interval)) return 'confirmed'
  if (refuted !== undefined && lies(refuted, interval)) return 'refuted'
  const isApart = [confirmed, refuted].every(
    (limit) => limit === undefined || liesApart(limit, interval),
  )
  return isApart ? 'between' : 'undecided'
}

/**
 * With how many rounds the interval would lie on one side of the nearest of these ends with a probability of 80 %, should centre
 * and spread of the rounds’ values stay what they are; at least as many as the level needs. Null for fewer than two values, and
 * where more than 1,000 would be needed. Normal approximation: the half width falls with the square root of the number.
 */
export function roundsToDecide(
  values: readonly number[],
  ends: readonly number[],
  level: number,
): number | null {
  const known = values.filter(Number.isFinite)
  if (known.length < 2 || ends.length === 0) return null
  const centre = hodgesLehmann(known, level).value
  const distance = Math.min(...ends.map((end) => Math.abs(end - centre)))
  const reach = probit((1 + level) / 2) + probit(PROBABLY)
  const rounds = Math.ceil(((reach * sampleStandardDeviation(known)) / distance) ** 2 / EFFICIENCY)
  return rounds <= MOST_PAIRS ? Math.max(rounds, fewestPairs(level)) : null
}
