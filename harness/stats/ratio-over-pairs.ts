import { hodgesLehmann, type Interval } from './intervals.ts'

/*
 * The one rule for a request that was never answered. It counts as later than everything that was, so where a percentile falls
 * on such requests in one arm of a pair, the pair's ratio is a bound: it is ranked beyond all others on that side, and how long
 * the requests had waited when the trial ended is of no account. Where it does in both arms, the pair says nothing, and is
 * counted; of more than a quarter of such pairs there is no ratio, since those left would be the mild ones.
 */

/** What a trial says of a metric: positive, of goodput also 0; or that the percentile falls on requests that were never answered. */
export type Figure = number | 'unanswered'

/** ln(second ÷ first) of a pair, ±∞ where one arm's percentile was never answered, or its goodput is 0; `neither` where none of the two was. */
export type PairLog = number | 'neither'

/** More pairs than this share in which neither arm answered leave no ratio. */
const LARGEST_SHARE_OF_NEITHER = 0.25

/** A figure as it is written down; null when it is not positive and finite, as without /proc. */
export function positive(value: number | null): number | null {
  return value !== null && value > 0 && Number.isFinite(value) ? value : null
}

/** Null where a figure is missing: then there is no ratio over pairs, since to leave the pair out would flatter. */
export function pairLog(first: Figure | null, second: Figure | null): PairLog | null {
  if (first === null || second === null) return null
  if (first === 'unanswered') {
    return second === 'unanswered' ? 'neither' : Number.NEGATIVE_INFINITY
  }
  if (second === 'unanswered') return Number.POSITIVE_INFINITY
  return first === 0 && second === 0 ? 'neither' : Math.log(second / first)
}

/** The logarithm of the product of a round's ratios; `neither` as well where bounds of both directions meet. */
export function productLog(logs: readonly (PairLog | null)[]): PairLog | null {
  let sum = 0
  let isKnown = true
  for (const log of logs) {
    if (log === null) return null
    if (log === 'neither') isKnown = false
    else sum += log
  }
  return isKnown && !Number.isNaN(sum) ? sum : 'neither'
}

/** The pairs that say something; null when one has no figure, or too many have none that was answered. */
export function ranked(logs: readonly (PairLog | null)[]): readonly number[] | null {
  const known = logs.filter((log) => typeof log === 'number')
  const isMissing = logs.includes(null) || known.length === 0
  return isMissing || isTooFew(logs.length - known.length, logs.length) ? null : known
}

function isTooFew(neither: number, of: number): boolean {
  return neither > LARGEST_SHARE_OF_NEITHER * of
}

/** An estimate as results keep it: a single pair has no interval, and no level. */
export interface CentreOverPairs extends Omit<Interval, 'level'> {
  readonly level: number | null
  /** Pairs that say something. */
  readonly n: number
}
export type RatioOverPairs = CentreOverPairs & { readonly unit: '×' }

/** `hodgesLehmann` of what pairs say, on their own scale. Null as in `ranked`, and where bounds of both directions leave its middle open. */
export function centreOverPairs(
  values: readonly (PairLog | null)[],
  level: number,
): CentreOverPairs | null {
  const known = ranked(values)
  if (known === null) return null
  const interval = hodgesLehmann(known, level)
  if (Number.isNaN(interval.value)) return null
  return { ...interval, level: known.length === 1 ? null : interval.level, n: known.length }
}

/**
 * Second ÷ first over pairs: `hodgesLehmann` of the logarithms, transformed back. Ends that bounds leave open are 0 or ∞, and so is
 * the value when most of its averages are. Null as in `ranked`, and when bounds of both directions leave its middle open.
 */
export function ratioOverPairs(
  logs: readonly (PairLog | null)[],
  level: number,
): RatioOverPairs | null {
  const centre = centreOverPairs(logs, level)
  return centre && { ...backTransformed(centre), unit: '×' }
}

/** Of an estimate on a scale of logarithms. */
export function backTransformed(logs: CentreOverPairs): CentreOverPairs {
  const { value, lower, upper, level, n } = logs
  return { value: Math.exp(value), lower: Math.exp(lower), upper: Math.exp(upper), level, n }
}

/**
 * The largest, or smallest, of several centres, each of its own pairs. Its end on that side is the furthest of theirs: it can only
 * be wrong where that of the true extreme is. The other end is the furthest one, too, where each has a share of the error, since
 * any of them may be wrong (Bonferroni; for one extreme it is Holm’s first step). Null where one of them is not known.
 */
export function extremeOverPairs(
  grid: readonly (readonly (PairLog | null)[])[],
  extreme: 'largest' | 'smallest',
  level: number,
): CentreOverPairs | null {
  const strictLevel = 1 - (1 - level) / grid.length
  const centres = grid.map((values) => centreOverPairs(values, level))
  const stricts = grid.map((values) => centreOverPairs(values, strictLevel))
  const plain = centres.filter((centre) => centre !== null)
  const strict = stricts.filter((centre) => centre !== null)
  if (plain.length < grid.length || strict.length < grid.length) return null
  const isLargest = extreme === 'largest'
  const most = (values: readonly number[]) =>
    isLargest ? Math.max(...values) : Math.min(...values)
  return {
    value: most(plain.map(({ value }) => value)),
    lower: most((isLargest ? strict : plain).map(({ lower }) => lower)),
    upper: most((isLargest ? plain : strict).map(({ upper }) => upper)),
    level: extremeLevel(plain, strict),
    n: Math.min(...plain.map(({ n }) => n)),
  }
}

/** The confidence that all of them together have; null where one is of a single pair. */
function extremeLevel(
  plain: readonly CentreOverPairs[],
  strict: readonly CentreOverPairs[],
): number | null {
  const missed = (centres: readonly CentreOverPairs[]) =>
    centres.map(({ level }) => (level === null ? null : 1 - level))
  const [once, together] = [missed(plain), missed(strict)]
  if (once.includes(null) || together.includes(null)) return null
  const sum = together.reduce<number>((total, one) => total + one!, 0)
  return Math.max(0, 1 - Math.max(sum, ...once.map((one) => one!)))
}
