import { fitValue, type ParameterRange } from '../../asked/range.ts'
import type { Random } from '../../base/random.ts'
import type { Crossing, CrossingOutcome, ValueRatios } from '../../stats/crossing.ts'

/** Values of the first round, both ends included, and pairs of each. */
export const FIRST_VALUES = 5
export const FIRST_PAIRS = 2
/** Pairs of a later round. */
export const ROUND_PAIRS = 5
/** Of these, pairs of an end that has fewer than `anchorPairs`. */
const RESERVED = 1
/** Pairs at each end of what is not left out that must agree before a search for what does not cross ends early. */
export const END_PAIRS = 12
/** Pairs at both values beside a crossing before its interval may end a search: with fewer it is narrow by accident. */
const BESIDE_PAIRS = 8
/** Of `until`: values beside a crossing need be no closer. */
const FINEST = 1 / 4
/** The crossing must lie between the same two values in this share of resamples before a value is put between them. */
const BISECT_SHARE = 0.5
/** Pairs whose common spread a value's own spread is mixed with: that of two pairs alone says nothing. */
const COMMON_PAIRS = 4

/** What a search knows when it decides where to measure next. */
export interface FindStatus {
  readonly range: Pick<ParameterRange, 'from' | 'to' | 'integer'>
  /** Those that say something, ascending; both ends of the range among them unless they are left out. */
  readonly values: readonly ValueRatios[]
  readonly crossing: Crossing
  readonly outcome: CrossingOutcome
  /** Share of the range that the interval may have at the end. */
  readonly until: number
  /** Pairs that each end should have, so that the fit is anchored. */
  readonly anchorPairs: number
  /** Values that were measured and say nothing: none is measured again. */
  readonly leftOut: readonly number[]
}

/** The values of the first round, each as often as it has pairs, in an order drawn at random. */
export function firstRound(range: Pick<ParameterRange, 'values'>, random: Random): number[] {
  return shuffled(
    range.values.flatMap((value) => Array.from({ length: FIRST_PAIRS }, () => value)),
    random,
  )
}

/**
 * The values of the next round, one per pair, in an order drawn at random, so that a drift of the machine is no slope.
 * Pairs go where they narrow the interval most: to values in it and to its neighbours, one by one to that whose location
 * gains most from one more, s²/n − s²/(n + 1) with its spread s. A value between two others is added when the crossing
 * is known to lie between them and they are further apart than the interval shall be. An end that has too few pairs to
 * anchor the fit gets one of each round; all ends do while nothing seems to cross.
 */
export function nextRound(status: FindStatus, random: Random): number[] {
  const { values, crossing, anchorPairs } = status
  const counts = new Map(values.map(({ value, logRatios }) => [value, logRatios.length]))
  const round: number[] = []
  const take = (value: number): void => {
    round.push(value)
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const ends = [values[0]!.value, values.at(-1)!.value]
  const fewest = (): number =>
    counts.get(ends[0]!)! <= counts.get(ends[1]!)! ? ends[0]! : ends[1]!
  const between = bisection(status)
  if (between !== null) for (let pair = 0; pair < FIRST_PAIRS; pair++) take(between)
  const crosses = Number.isFinite(crossing.position)
  const [wanted, reserved] = crosses ? [anchorPairs, RESERVED] : [END_PAIRS, ROUND_PAIRS - 1]
  for (let pair = 0; pair < reserved && counts.get(fewest())! < wanted; pair++) take(fewest())
  const candidates = telling(status)
  const spreads = spreadsOf(values)
  const gain = (value: number): number => {
    const count = counts.get(value)!
    return spreads.get(value)! ** 2 / (count * (count + 1))
  }
  while (round.length < ROUND_PAIRS) {
    take(candidates.reduce((best, value) => (gain(value) > gain(best) ? value : best)))
  }
  return shuffled(round, random)
}

/** Why nothing more need be measured; null while something must. */
export function reasonToStop(status: FindStatus): 'precise' | 'no-crossing' | null {
  const { outcome, crossing, values, range, until } = status
  if (outcome === 'inconclusive') return null
  if (outcome !== 'crosses') {
    const ends = [values[0]!, values.at(-1)!]
    return ends.every(({ logRatios }) => logRatios.length >= END_PAIRS) ? 'no-crossing' : null
  }
  const { lower, upper } = crossing
  const isNarrow = upper - lower <= until * (range.to - range.from)
  return isNarrow && isResolved(status) ? 'precise' : null
}

/** The values beside the crossing have enough pairs and are close enough that the line between them is as good as the curve. */
export function isResolved(status: FindStatus): boolean {
  const bracket = bracketOf(status)
  if (bracket === null || middleOf(status, bracket) !== null) return false
  return status.values
    .filter(({ value }) => bracket.includes(value))
    .every(({ logRatios }) => logRatios.length >= BESIDE_PAIRS)
}

/** A value to be added; null when none is due, or the one that is says nothing. */
function bisection(status: FindStatus): number | null {
  const bracket = bracketOf(status)
  if (bracket === null) return null
  const [below, above] = bracket
  const { positions } = status.crossing
  const inside = positions.reduce(
    (count, position) => count + Number(below <= position && position <= above),
    0,
  )
  const middle = inside >= BISECT_SHARE * positions.length ? middleOf(status, bracket) : null
  return middle === null || status.leftOut.includes(middle) ? null : middle
}

type Bracket = readonly [below: number, above: number]

/** The neighbouring values between which the fit passes 1. */
function bracketOf({ values, crossing }: FindStatus): Bracket | null {
  const above = values.findIndex(({ value }) => value >= crossing.position)
  if (!Number.isFinite(crossing.position) || above < 0) return null
  return [values[Math.max(0, above - 1)]!.value, values[above]!.value]
}

/**
 * The value in the middle; null when it would be one of both, or they are close enough: no further apart than the
 * interval shall be and than it is. Between values that are further apart the curve is taken for a line, an error of
 * which resamples know nothing.
 */
function middleOf({ range, until, crossing }: FindStatus, [below, above]: Bracket): number | null {
  const wanted = until * (range.to - range.from)
  const { lower, upper } = crossing
  if (above - below <= Math.min(wanted, Math.max(FINEST * wanted, upper - lower))) return null
  const middle = fitValue(range, (below + above) / 2)
  return middle > below && middle < above ? middle : null
}

/** Values in the interval of the crossing, and those beside it. */
function telling({ values, crossing }: FindStatus): number[] {
  const places = values.map(({ value }) => value)
  const before = places.findLastIndex((value) => value <= crossing.lower)
  const after = places.findIndex((value) => value >= crossing.upper)
  const last = places.length - 1
  // With all of it beyond an end, that end tells most.
  return places.slice(Math.max(0, before), (after < 0 ? last : after) + 1)
}

/**
 * Standard deviation of each value's log-ratios about their median, mixed with that of all values as if the value had four
 * more pairs of common spread. Infinite log-ratios are left to the others.
 */
function spreadsOf(values: readonly ValueRatios[]): ReadonlyMap<number, number> {
  const squares = values.map(({ value, logRatios }) => {
    const finite = logRatios.filter(Number.isFinite).toSorted((a, b) => a - b)
    const middle = finite[finite.length >> 1] ?? 0
    const sum = finite.reduce((total, logRatio) => total + (logRatio - middle) ** 2, 0)
    return { value, sum, freedom: Math.max(0, finite.length - 1) }
  })
  const freedom = squares.reduce((total, each) => total + each.freedom, 0)
  const common = squares.reduce((total, each) => total + each.sum, 0) / Math.max(1, freedom) || 1
  return new Map(
    squares.map(({ value, sum, freedom: own }) => [
      value,
      Math.sqrt((sum + COMMON_PAIRS * common) / (own + COMMON_PAIRS)),
    ]),
  )
}

/** Fisher and Yates's shuffle, of a copy. */
function shuffled(values: readonly number[], random: Random): number[] {
  const order = [...values]
  for (let end = order.length - 1; end > 0; end--) {
    const other = Math.floor(random.unit() * (end + 1))
    ;[order[end], order[other]] = [order[other]!, order[end]!]
  }
  return order
}
