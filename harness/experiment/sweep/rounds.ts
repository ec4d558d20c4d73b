import type { Arm } from '../../contract/architecture.ts'
import type { PointPair } from '../../results/points.ts'
import type { Sweep, SweepValue } from '../../results/sweep.ts'
import type { Capacity } from '../../trial/server-under-test.ts'
import { offeredAt } from '../points/load.ts'
import type { PairPlace, PointDeployment, PointPlan, PointStep } from '../points/pair-rounds.ts'
import { PointReference } from '../points/point-reference.ts'
import type { Pacing } from '../rounds/pacing.ts'
import {
  capacityValues,
  type SweepHooks,
  type SweepRequest,
  sweepRounds,
  valueOrder,
} from './plan.ts'
import { summarizeSweep } from './summary.ts'

/** What a sweep measures when, and its growing result: rounds of all values, each in an order of its own. */
export class SweepRounds implements PointPlan {
  readonly sweep: Sweep
  readonly #request: SweepRequest
  readonly #pacing: Pacing
  readonly #hooks: SweepHooks
  readonly #reference: PointReference
  #isReferred = false
  /** Rounds that have been given out. */
  #rounds = 0

  constructor(request: SweepRequest, sweep: Sweep, pacing: Pacing, hooks: SweepHooks) {
    this.sweep = sweep
    this.#request = request
    this.#pacing = pacing
    this.#hooks = hooks
    this.#reference = new PointReference(request, sweep.load, capacityValues(request))
    this.#chooseLoads()
  }

  next(): readonly PointDeployment[] | null {
    const { range, seed } = this.#request
    if (!this.#isReferred) {
      this.#isReferred = true
      const references = this.#reference.deployments()
      if (references.length > 0) return references
    }
    if (this.#rounds >= sweepRounds(this.#request)) return null
    const number = this.#rounds++
    const values = valueOrder(seed, number, range.values)
    if (range.subject !== 'load')
      return values.map((at) => ({ at, searches: false, pairs: this.#pairsAt(at, number) }))
    const pairs = values.flatMap((value) => this.#pairsAt(value, number))
    return [{ at: range.from, searches: number === 0 && this.#reference.isInFirstRound, pairs }]
  }

  later(): { readonly deployments: number; readonly pairs: number } {
    const { range } = this.#request
    const numbers = Array.from({ length: sweepRounds(this.#request) }, (_, number) => number)
    const later = numbers.slice(this.#rounds)
    const perRound = range.subject === 'load' ? 1 : range.values.length
    const pairs = later.flatMap((number) => range.values.flatMap((at) => this.#pairsAt(at, number)))
    return { deployments: later.length * perRound, pairs: pairs.length }
  }

  offered({ part, value }: PairPlace): number | null | undefined {
    return part === 'closed' ? null : (this.#valueAt(value).offeredPerSecond ?? undefined)
  }

  keptIn({ part, value }: PairPlace): PointPair[] {
    return part === 'closed' ? this.sweep.capacityPairs : this.#valueAt(value).pairs
  }

  sustained(at: number, arm: Arm, capacity: Capacity): void {
    this.#reference.add(at, arm, capacity)
    this.#chooseLoads()
  }

  tell({ place, at, arm, trial, doing }: PointStep): void {
    if (trial !== null) this.save()
    this.sweep.run.elapsedSeconds = this.#pacing.elapsedSeconds()
    const round = place === null ? Math.max(1, this.#rounds) : place.number + 1
    const of = sweepRounds(this.#request)
    const event = {
      part: place?.part ?? null,
      round,
      of,
      value: place?.value ?? at,
      arm,
      trial,
      doing,
    }
    this.#hooks.onEvent(event, this.sweep, this.#pacing.advance())
  }

  cut(): void {
    const of = sweepRounds(this.#request)
    const done = Math.min(...this.sweep.values.map(({ pairs }) => pairs.filter(isWhole).length))
    this.sweep.warnings.push({
      code: 'budget-used',
      message: `the time budget was used up: there are ${done} whole rounds of ${of}`,
      cure: 'give a larger --budget, or fewer --steps or --pairs',
    })
  }

  /** Saves it with everything that follows from its trials. */
  save(): void {
    summarizeSweep(this.sweep)
    this.sweep.run.elapsedSeconds = this.#pacing.elapsedSeconds()
    this.#hooks.save(this.sweep)
  }

  #pairsAt(value: number, number: number): PairPlace[] {
    const { throughput, capacityPairs, pairs } = this.#request
    const parts = [
      ...(throughput && number < capacityPairs ? ['closed' as const] : []),
      ...(number < pairs ? ['load' as const] : []),
    ]
    return parts.map((part) => ({ part, number, value }))
  }

  /** What each value is offered, once it is known. */
  #chooseLoads(): void {
    const reference = this.#reference.perSecond
    if (reference === undefined) return
    for (const value of this.sweep.values)
      value.offeredPerSecond = offeredAt(this.#request, value.value, reference)
  }

  #valueAt(value: number): SweepValue {
    return this.sweep.values.find((candidate) => candidate.value === value)!
  }
}

function isWhole({ trials, order }: PointPair): boolean {
  return trials.length === order.length
}
