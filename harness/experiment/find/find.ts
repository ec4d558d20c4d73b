import { runError } from '../../base/errors.ts'
import { combineSeeds, seededRandom } from '../../base/random.ts'
import { CROSSING_VERSION, type CrossingSearch, type CrossingValue } from '../../results/find.ts'
import type { PointPair } from '../../results/points.ts'
import { contradiction } from '../../stats/crossing.ts'
import { fewestPairs } from '../../stats/verdict.ts'
import { valueText } from '../../words/format.ts'
import { beginPoints, begunPoints, measurePoints } from '../points/measure-points.ts'
import {
  type LaterRounds,
  type PairPlace,
  PairRounds,
  type PointDeployment,
} from '../points/pair-rounds.ts'
import type { Planned } from '../rounds/pacing.ts'
import type { SetMoment, SetParts } from '../rounds/set-rounds.ts'
import { timerBoundWarning } from '../timer-bound.ts'
import { type FindStatus, firstRound, isResolved, nextRound, reasonToStop } from './allocation.ts'
import {
  capacityValues,
  type FindEvent,
  type FindHooks,
  type FindRequest,
  isClosed,
} from './plan.ts'
import { type FoundSoFar, summarizeFind } from './summary.ts'

/** The result before anything is measured. @param pinned whether threads can be bound to processors */
export function emptySearch(request: FindRequest, pinned: boolean): CrossingSearch {
  const points = begunPoints(request, pinned, capacityValues(request))
  const { from, to } = request.range
  return {
    schemaVersion: CROSSING_VERSION,
    ...points,
    end: null,
    run: { ...points.run, until: request.until, mostPairs: request.mostPairs },
    over: { ...points.over, from, to },
    load: { ...points.load, ...(isClosed(request) && { label: 'max' }) },
    values: [],
    crossing: null,
  }
}

/** Rounds draw their orders from numbers that no trace and no bootstrap has. */
const ORDER_SEED = -6

/**
 * Where a search measures next, and its growing result. Each pair has servers of its own, also where a load varies: what the
 * pairs of one deployment have in common would pull all values alike, of which no resample of pairs knows.
 */
export class FindRounds extends PairRounds<FindEvent, CrossingSearch> {
  readonly #request: FindRequest
  readonly #random
  #isBegun = false
  #found: FoundSoFar | null = null
  /** Pairs that have been given out, in all and by value. */
  #pairs = 0
  readonly #given = new Map<number, number>()

  constructor(
    request: FindRequest,
    search: CrossingSearch,
    parts: SetParts<FindEvent, CrossingSearch>,
  ) {
    super(request, search, parts, capacityValues(request))
    this.#request = request
    this.#random = seededRandom(combineSeeds(request.seed, ORDER_SEED))
  }

  protected nextRound(): readonly PointDeployment[] | null {
    const values = this.#nextValues()
    const most = this.#request.mostPairs ?? Number.POSITIVE_INFINITY
    if (values === null) return null
    if (this.#pairs >= most) {
      this.result.end = 'pairs'
      return null
    }
    const isFirst = !this.#isBegun
    this.#isBegun = true
    return values.slice(0, most - this.#pairs).map((value, place) => ({
      at: value,
      searches: isFirst && place === 0 && this.isFirstSearched,
      pairs: [this.#place(value)],
    }))
  }

  protected laterRounds(): LaterRounds {
    const { mostPairs } = this.#request
    // Time alone ends it: all of the budget may be needed.
    const left = mostPairs === null ? Number.POSITIVE_INFINITY : mostPairs - this.#pairs
    return { deployments: left, pairs: left }
  }

  protected keptIn({ value }: PairPlace): PointPair[] {
    return this.#valueAt(value).pairs
  }

  protected eventOf(moment: SetMoment<PairPlace, FindEvent['trial'] & {}>, at: number): FindEvent {
    const { place, arm, trial, doing } = moment
    const pair = this.result.values.reduce((sum, { pairs }) => sum + pairs.length, 0)
    const isBegun = place !== null && this.#valueAt(place.value).pairs.length > place.number
    return {
      part: place?.part ?? null,
      pair: place === null || isBegun ? Math.max(1, pair) : pair + 1,
      value: place?.value ?? at,
      arm,
      trial,
      doing,
    }
  }

  protected tellCut(): void {
    this.result.end = 'budget'
  }

  protected summarize(): void {
    this.#found = summarizeFind(this.result)
  }

  /** What the allocation decides by; null while fewer than two values have a ratio. */
  status(): FindStatus | null {
    const { range, until, level } = this.#request
    if (this.#found === null) return null
    return { range, ...this.#found, until, anchorPairs: fewestPairs(level) }
  }

  override conclude(): void {
    warnOfDoubts(this.result, this.#request, this.#found, this.status())
  }

  /** Null when nothing more need be measured. @throws when nothing can be said of two values. */
  #nextValues(): readonly number[] | null {
    const { range } = this.#request
    if (!this.#isBegun) return firstRound(range, this.#random)
    const status = this.status()
    if (status === null) {
      // A few pairs were all that was asked for.
      if (this.#pairs >= (this.#request.mostPairs ?? Number.POSITIVE_INFINITY)) return []
      throw this.#nothingSaid()
    }
    const reason = reasonToStop(status)
    if (reason === null) return nextRound(status, this.#random)
    this.result.end = reason
    return null
  }

  #nothingSaid(): Error {
    const { range } = this.#request
    const late = timerBoundWarning(range, this.result.values, 'fewer than two values are left')
    if (late !== null) return runError(late.code, late.message, late.cure)
    return runError(
      'no-ratio',
      `there is no ratio at two values of ${range.name}: neither arm keeps up, or both leave requests unanswered, nearly everywhere`,
      'offer less with --load, or search another range',
    )
  }

  #place(value: number): PairPlace {
    const number = this.#given.get(value) ?? 0
    this.#given.set(value, number + 1)
    this.#pairs++
    return { part: isClosed(this.#request) ? 'closed' : 'load', number, value }
  }

  #valueAt(value: number): CrossingValue {
    const { values } = this.result
    const known = values.find((candidate) => candidate.value === value)
    if (known !== undefined) return known
    const added = emptyValue(value, isClosed(this.#request) ? null : this.offeredAt(value))
    values.push(added)
    values.sort((a, b) => a.value - b.value)
    return added
  }
}

function emptyValue(value: number, offeredPerSecond: number | null): CrossingValue {
  return {
    value,
    offeredPerSecond,
    pairs: [],
    pairRatios: [],
    ratio: null,
    fitted: null,
    timerBound: null,
    saturated: [],
  }
}

/**
 * Looks for the value of one parameter at which second ÷ first passes 1. `hooks.save` gets the result after every trial,
 * so that one that ends early has lost nothing; then it says `complete: false` and why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function runFind(
  request: Planned<FindRequest>,
  hooks: FindHooks,
): Promise<CrossingSearch> {
  const begun = await beginPoints(request, hooks)
  const pinned = begun.first.setAffinity !== null
  const rounds = new FindRounds(request, emptySearch(request, pinned), begun.parts)
  await measurePoints(rounds, begun)
  return rounds.result
}

/** @param status what the allocation decides by, known when something was found */
function warnOfDoubts(
  search: CrossingSearch,
  request: FindRequest,
  found: FoundSoFar | null,
  status: FindStatus | null,
): void {
  const warn = (code: string, message: string, cure: string) =>
    search.warnings.push({ code, message, cure })
  const timerBound = timerBoundWarning(
    request.range,
    search.values,
    'these values are left out of the fit',
  )
  if (timerBound !== null) search.warnings.push(timerBound)
  const saturated = search.values.filter((value) => value.saturated.length > 0)
  if (saturated.length > 0) {
    const places = saturated.map(
      (value) => `${value.saturated.join(' and ')} at ${valueText(request.range, value.value)}`,
    )
    warn(
      'saturated',
      `less than 99 % of the requests due were answered in most trials: ${request.range.name}: ${places.join(', ')}: an arm alone counts as slower than everything there, with both the value is left out`,
      'offer less with --load, or search another range',
    )
  }
  const unknown = search.values.flatMap(({ pairRatios }) =>
    pairRatios.filter((ratio) => ratio === null),
  )
  if (search.complete && unknown.length > 0) {
    warn(
      'no-ratio',
      `${unknown.length} pairs have no ratio: both arms left requests unanswered, or a figure is not available; they are left out`,
      'offer less with --load, or search another range',
    )
  }
  if (found === null) return
  if (found.outcome === 'crosses' && !isResolved(status!)) {
    warn(
      'coarse',
      'the values beside the crossing have few pairs, or lie far apart: its interval may be too narrow',
      'give a larger --budget, or search a part of the range',
    )
  }
  const places = contradiction(found.values, found.crossing.direction, request.level)
  if (places === null) return
  const [before, after] = places.map((value) => valueText(request.range, value))
  warn(
    'not-monotone',
    `the ratio is ${found.crossing.direction} as a whole, but from ${request.range.name} ${before} to ${after} it goes the other way: their intervals lie apart, so there may be more than one crossing, or none`,
    'look at the curve with crossover sweep, and search one part of the range: --over name=from..to',
  )
}
