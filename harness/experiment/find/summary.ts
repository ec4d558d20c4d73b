import { combineSeeds, seededRandom } from '../../base/random.ts'
import {
  type CrossingSearch,
  type CrossingValue,
  isLeftOut,
  type MedianRatio,
} from '../../results/find.ts'
import {
  type Crossing,
  CROSSING_RESAMPLES,
  type CrossingOutcome,
  findCrossing,
  judgeCrossing,
  type ValueRatios,
} from '../../stats/crossing.ts'
import { isTooNoisy } from '../../stats/doubtful-trials.ts'
import { medianInterval } from '../../stats/intervals.ts'
import { ranked } from '../../stats/ratio-over-pairs.ts'
import { logsOver, saturatedAmong } from '../../stats/sound-rounds.ts'
import { isLatency } from '../../words/metrics.ts'
import { comparedIn, markedTrialsOf, pairRatio, soundPair } from '../ratios.ts'
import { pointTimerBound } from '../timer-bound.ts'

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
 * are those of timers; and so are those at which neither arm keeps up. A crossing that such a value lies beside, or in the interval of, would rest on what is not known
 * there: it is inconclusive, as is everything when the machine was noisy in most of the trials.
 */
export function summarizeFind(search: CrossingSearch): FoundSoFar | null {
  const { values, run } = search
  for (const value of values) summarizeValue(search, value)
  search.markedTrials = markedTrialsOf(search)
  const known = values
    .filter((value) => !isLeftOut(value))
    .map((value) => ({ value: value.value, logRatios: logRatiosOf(search, value) }))
    .filter(({ logRatios }) => logRatios.length > 0)
  if (known.length < 2) {
    search.crossing = null
    return null
  }
  const random = seededRandom(combineSeeds(run.seed, BOOTSTRAP_SEED))
  const crossing = findCrossing(known, run.level, random)
  const judged = judgeCrossing(crossing, known, run.level)
  const besideTimerBound = judged === 'crosses' && isBesideLeftOut(crossing, known, values)
  const isDoubtful = besideTimerBound || isTooNoisy(search.markedTrials)
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

/** Whether a value that was left out lies between the values beside a crossing, or in its interval. */
function isBesideLeftOut(
  { position, lower, upper }: Crossing,
  known: readonly ValueRatios[],
  values: readonly CrossingValue[],
): boolean {
  const below = known.findLast(({ value }) => value <= position)?.value ?? position
  const above = known.find(({ value }) => value >= position)?.value ?? position
  const [from, to] = [Math.min(below, lower), Math.max(above, upper)]
  return values.some((value) => isLeftOut(value) && from <= value.value && value.value <= to)
}

function summarizeValue(search: CrossingSearch, value: CrossingValue): void {
  const { run } = search
  const { first, second } = comparedIn(search)
  const rounds = value.pairs.map(soundPair)
  value.saturated = isLatency(run.metric) ? [...saturatedAmong(rounds, [first, second])] : []
  value.pairRatios = value.pairs.map((pair) => {
    const ratio = pairRatio(pair, first, second, run.metric)
    const [loser, ...others] = value.saturated
    if (ratio === null || loser === undefined || others.length > 0) return ratio
    return { ...ratio, bound: loser === second ? 'at-least' : 'at-most' }
  })
  const logRatios = logRatiosOf(search, value)
  value.ratio = logRatios.length === 0 ? null : medianRatio(logRatios, run.level)
  value.fitted = null
  value.timerBound = pointTimerBound(value.pairs, [first, second])
}

/**
 * Of the pairs that say something; empty where there is no ratio over them. Where one arm does not keep up its latencies grow as long
 * as the trial does: beyond all others, like those of requests that are never answered.
 */
function logRatiosOf(search: CrossingSearch, value: CrossingValue): readonly number[] {
  const { first, second } = comparedIn(search)
  const logs = logsOver(value.pairs.map(soundPair), first, second, search.run.metric)
  const known = ranked(logs) ?? []
  if (value.saturated.length !== 1) return known
  const beyond = value.saturated[0] === second ? Infinity : -Infinity
  return known.map(() => beyond)
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
