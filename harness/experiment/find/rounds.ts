import { runError } from '../../base/errors.ts'
import { combineSeeds, seededRandom } from '../../base/random.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { CrossingSearch, CrossingValue } from '../../results/find.ts'
import type { PointPair } from '../../results/points.ts'
import { fewestPairs } from '../../stats/verdict.ts'
import type { Capacity } from '../../trial/server-under-test.ts'
import { offeredAt } from '../points/load.ts'
import type { PairPlace, PointDeployment, PointPlan, PointStep } from '../points/pair-rounds.ts'
import { PointReference } from '../points/point-reference.ts'
import type { Pacing } from '../rounds/pacing.ts'
import { timerBoundWarning } from '../timer-bound.ts'
import { type FindStatus, firstRound, nextRound, reasonToStop } from './allocation.ts'
import { capacityValues, type FindHooks, type FindRequest, isClosed } from './plan.ts'
import { type FoundSoFar, summarizeFind } from './summary.ts'

/** Rounds draw their orders from numbers that no trace and no bootstrap has. */
const ORDER_SEED = -6

/**
 * Where a search measures next, and its growing result. Each pair has servers of its own, also where a load varies: what the
 * pairs of one deployment have in common would pull all values alike, of which no resample of pairs knows.
 */
export class FindRounds implements PointPlan {
  readonly search: CrossingSearch
  readonly #request: FindRequest
  readonly #pacing: Pacing
  readonly #hooks: FindHooks
  readonly #reference: PointReference
  readonly #random
  #isReferred = false
  #isBegun = false
  #found: FoundSoFar | null = null
  /** Pairs that have been given out, in all and by value. */
  #pairs = 0
  readonly #given = new Map<number, number>()

  constructor(request: FindRequest, search: CrossingSearch, pacing: Pacing, hooks: FindHooks) {
    this.search = search
    this.#request = request
    this.#pacing = pacing
    this.#hooks = hooks
    this.#reference = new PointReference(request, search.load, capacityValues(request))
    this.#random = seededRandom(combineSeeds(request.seed, ORDER_SEED))
  }

  next(): readonly PointDeployment[] | null {
    const { search } = this
    if (!this.#isReferred) {
      this.#isReferred = true
      const references = this.#reference.deployments()
      if (references.length > 0) return references
    }
    const values = this.#nextValues()
    const most = this.#request.mostPairs ?? Number.POSITIVE_INFINITY
    if (values === null) return null
    if (this.#pairs >= most) {
      search.end = 'pairs'
      return null
    }
    const isFirst = !this.#isBegun
    this.#isBegun = true
    return values.slice(0, most - this.#pairs).map((value, place) => ({
      at: value,
      searches: isFirst && place === 0 && this.#reference.isInFirstRound,
      pairs: [this.#place(value)],
    }))
  }

  later(): { readonly deployments: number; readonly pairs: number } {
    const { mostPairs } = this.#request
    // Time alone ends it: all of the budget may be needed.
    const left = mostPairs === null ? Number.POSITIVE_INFINITY : mostPairs - this.#pairs
    return { deployments: left, pairs: left }
  }

  offered({ part, value }: PairPlace): number | null | undefined {
    if (part === 'closed') return null
    const reference = this.#reference.perSecond
    return reference === undefined ? undefined : offeredAt(this.#request, value, reference)
  }

  keptIn({ value }: PairPlace): PointPair[] {
    return this.#valueAt(value).pairs
  }

  sustained(at: number, arm: Arm, capacity: Capacity): void {
    this.#reference.add(at, arm, capacity)
  }

  tell({ place, at, arm, trial, doing }: PointStep): void {
    if (trial !== null) this.save()
    this.search.run.elapsedSeconds = this.#pacing.elapsedSeconds()
    const pair = this.search.values.reduce((sum, { pairs }) => sum + pairs.length, 0)
    const isBegun = place !== null && this.#valueAt(place.value).pairs.length > place.number
    const event = {
      part: place?.part ?? null,
      pair: place === null || isBegun ? Math.max(1, pair) : pair + 1,
      value: place?.value ?? at,
      arm,
      trial,
      doing,
    }
    this.#hooks.onEvent(event, this.search, this.#pacing.advance())
  }

  cut(): void {
    this.search.end = 'budget'
  }

  /** Saves it with everything that follows from its trials. */
  save(): void {
    this.#found = summarizeFind(this.search)
    this.search.run.elapsedSeconds = this.#pacing.elapsedSeconds()
    this.#hooks.save(this.search)
  }

  /** What the allocation decides by; null while fewer than two values have a ratio. */
  status(): FindStatus | null {
    const { range, until, level } = this.#request
    if (this.#found === null) return null
    return { range, ...this.#found, until, anchorPairs: fewestPairs(level) }
  }

  /** What was found so far; null while fewer than two values have a ratio. */
  get found(): FoundSoFar | null {
    return this.#found
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
    this.search.end = reason
    return null
  }

  #nothingSaid(): Error {
    const { range } = this.#request
    const late = timerBoundWarning(range, this.search.values, 'fewer than two values are left')
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
    const { values } = this.search
    const known = values.find((candidate) => candidate.value === value)
    if (known !== undefined) return known
    const part = isClosed(this.#request) ? 'closed' : 'load'
    const added = emptyValue(value, this.offered({ part, number: 0, value }) ?? null)
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
