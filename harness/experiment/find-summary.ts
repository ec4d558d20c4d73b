import { combineSeeds, seededRandom } from '../base/random.ts'
import type { CrossingSearch, CrossingValue, MedianRatio } from '../results/crossing.ts'
import {
  type Crossing,
  CROSSING_RESAMPLES,
  type CrossingOutcome,
  findCrossing,
  judgeCrossing,
  type ValueRatios,
} from '../stats/crossing.ts'
import { medianInterval } from '../stats/median-interval.ts'
import { isTooNoisy } from '../stats/too-noisy.ts'
import { markedTrials } from './points/marked-trials.ts'
import { pairRatio } from './points/pair-ratio.ts'
import { pointTimerBound } from './timer-bound.ts'

/** Bootstrap draws from numbers that no trace and no order has. */
const BOOTSTRAP_SEED = -5

/** What a search knows so far, for deciding where to go on. */
export interface FoundSoFar {
  readonly values: readonly ValueRatios[]
  readonly crossing: Crossing
  readonly outcome: CrossingOutcome
  /** Values that were measured and say nothing, so that measuring them again would not help either. */
  readonly leftOut: readonly number[]
}

/**
 * Computes everything in the result that follows from its trials, anew: the same trials give the same result. Null while
 * fewer than two values have a ratio. About 20 ms for ten values. Timer-bound values are left out of the fit: their ratios
 * are those of timers. A crossing that such a value lies beside, or in the interval of, would rest on what is not known
 * there: it is inconclusive, as is everything when the machine was noisy in most of the trials.
 */
export function summarizeFind(search: CrossingSearch): FoundSoFar | null {
  const { values, run } = search
  for (const value of values) summarizeValue(search, value)
  search.markedTrials = markedTrials([
    ...search.capacityPairs,
    ...values.flatMap(({ pairs }) => pairs),
  ])
  const known = values
    .filter(({ timerBound }) => timerBound === null)
    .map(({ value, pairRatios }) => ({ value, logRatios: logRatiosOf(pairRatios) }))
    .filter(({ logRatios }) => logRatios.length > 0)
  if (known.length < 2) {
    search.crossing = null
    return null
  }
  const random = seededRandom(combineSeeds(run.seed, BOOTSTRAP_SEED))
  const crossing = findCrossing(known, run.level, random)
  const judged = judgeCrossing(crossing, known, run.level)
  const besideTimerBound = judged === 'crosses' && isBesideTimerBound(crossing, known, values)
  const { byGate, of } = search.markedTrials
  const isDoubtful = besideTimerBound || isTooNoisy(byGate['noise'] ?? 0, of)
  const outcome = isDoubtful ? 'inconclusive' : judged
  for (const [place, { value }] of known.entries()) {
    values.find((each) => each.value === value)!.fitted = Math.exp(crossing.fit[place]!)
  }
  const count = (share: number): number => Math.round(share * CROSSING_RESAMPLES)
  search.crossing = {
    direction: crossing.direction,
    outcome,
    position: finite(crossing.position),
    lower: finite(crossing.lower),
    upper: finite(crossing.upper),
    level: run.level,
    resamples: CROSSING_RESAMPLES,
    crossing: count(crossing.shares.crossing),
    secondSmaller: count(crossing.shares.secondSmaller),
    secondLarger: count(crossing.shares.secondLarger),
    besideTimerBound,
  }
  const leftOut = values
    .map(({ value }) => value)
    .filter((value) => known.every((each) => each.value !== value))
  return { values: known, crossing, outcome, leftOut }
}

/** Whether a timer-bound value lies between the values beside a crossing, or in its interval. */
function isBesideTimerBound(
  { position, lower, upper }: Crossing,
  known: readonly ValueRatios[],
  values: readonly CrossingValue[],
): boolean {
  const below = known.findLast(({ value }) => value <= position)?.value ?? position
  const above = known.find(({ value }) => value >= position)?.value ?? position
  const [from, to] = [Math.min(below, lower), Math.max(above, upper)]
  return values.some(({ value, timerBound }) => timerBound !== null && from <= value && value <= to)
}

function summarizeValue({ arms, run }: CrossingSearch, value: CrossingValue): void {
  const [first, second] = arms.map(({ label }) => label)
  value.pairRatios = value.pairs.map((pair) => {
    const ratio = pairRatio(pair, first!, second!, run.metric)
    return ratio ? { ratio: Math.exp(ratio.log), bound: ratio.bound } : null
  })
  const logRatios = logRatiosOf(value.pairRatios)
  value.ratio = logRatios.length === 0 ? null : medianRatio(logRatios, run.level)
  value.fitted = null
  value.timerBound = pointTimerBound(value.pairs, [first!, second!])
}

/** A pair in which both arms left requests unanswered says nothing about their ratio and is left out. */
function logRatiosOf(pairRatios: CrossingValue['pairRatios']): number[] {
  return pairRatios.flatMap((pair) => {
    if (pair === null) return []
    if (pair.bound === 'at-least') return [Number.POSITIVE_INFINITY]
    return pair.bound === 'at-most' ? [Number.NEGATIVE_INFINITY] : [Math.log(pair.ratio)]
  })
}

function medianRatio(logRatios: readonly number[], level: number): MedianRatio {
  const interval = medianInterval(logRatios, level)
  const [value, lower, upper] = [interval.value, interval.lower, interval.upper].map((bound) =>
    finite(Math.exp(bound)),
  )
  return {
    value: value!,
    lower: lower!,
    upper: upper!,
    level: interval.level >= level ? interval.level : null,
    n: logRatios.length,
  }
}

/** JSON has no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
