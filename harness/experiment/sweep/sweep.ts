import type { PointPair } from '../../results/points.ts'
import { COMPARISON_NAMES } from '../../results/schema.ts'
import { type Sweep, SWEEP_VERSION, type SweepValue } from '../../results/sweep.ts'
import { beginPoints, begunPoints, measurePoints } from '../points/measure-points.ts'
import {
  type LaterRounds,
  type PairPlace,
  PairRounds,
  type PointDeployment,
} from '../points/pair-rounds.ts'
import { nothingOf } from '../rounds/begun.ts'
import type { Planned } from '../rounds/pacing.ts'
import type { SetMoment, SetParts } from '../rounds/set-rounds.ts'
import { timerBoundWarning } from '../timer-bound.ts'
import {
  capacityValues,
  type SweepEvent,
  type SweepHooks,
  type SweepRequest,
  sweepRounds,
  valueOrder,
} from './plan.ts'
import { summarizeSweep } from './summary.ts'

/** The result before anything is measured. @param pinned whether threads can be bound to processors */
export function emptySweep(request: SweepRequest, pinned: boolean): Sweep {
  const points = begunPoints(request, pinned, capacityValues(request))
  return {
    schemaVersion: SWEEP_VERSION,
    ...points,
    run: {
      ...points.run,
      plannedPairs: request.pairs,
      throughput: request.throughput,
      plannedCapacityPairs: request.capacityPairs,
    },
    predictionOutcome: null,
    values: request.range.values.map((value) => ({
      value,
      offeredPerSecond: null,
      figures: {},
      ratios: nothingOf(COMPARISON_NAMES),
      outcome: 'unknown',
      timerBound: null,
      capacity: null,
      pairs: [],
    })),
    scaling: null,
    slopes: null,
  }
}

/** What a sweep measures when, and its growing result: rounds of all values, each in an order of its own. */
export class SweepRounds extends PairRounds<SweepEvent, Sweep> {
  readonly #request: SweepRequest
  /** Rounds that have been given out. */
  #rounds = 0

  constructor(request: SweepRequest, sweep: Sweep, parts: SetParts<SweepEvent, Sweep>) {
    super(request, sweep, parts, capacityValues(request))
    this.#request = request
    this.#chooseLoads()
  }

  protected nextRound(): readonly PointDeployment[] | null {
    const { range, seed } = this.#request
    if (this.#rounds >= sweepRounds(this.#request)) return null
    const number = this.#rounds++
    const values = valueOrder(seed, number, range.values)
    if (range.subject !== 'load')
      return values.map((at) => ({ at, searches: false, pairs: this.#pairsAt(at, number) }))
    const pairs = values.flatMap((value) => this.#pairsAt(value, number))
    return [{ at: range.from, searches: number === 0 && this.isFirstSearched, pairs }]
  }

  protected laterRounds(): LaterRounds {
    const { range } = this.#request
    const numbers = Array.from({ length: sweepRounds(this.#request) }, (_, number) => number)
    const later = numbers.slice(this.#rounds)
    const perRound = range.subject === 'load' ? 1 : range.values.length
    const pairs = later.flatMap((number) => range.values.flatMap((at) => this.#pairsAt(at, number)))
    return { deployments: later.length * perRound, pairs: pairs.length }
  }

  protected keptIn({ part, value }: PairPlace): PointPair[] {
    return part === 'closed' ? this.result.capacityPairs : this.#valueAt(value).pairs
  }

  protected override sustained(
    ...of: Parameters<PairRounds<SweepEvent, Sweep>['sustained']>
  ): void {
    super.sustained(...of)
    this.#chooseLoads()
  }

  protected eventOf(
    moment: SetMoment<PairPlace, SweepEvent['trial'] & {}>,
    at: number,
  ): SweepEvent {
    const { place, arm, trial, doing } = moment
    return {
      part: place?.part ?? null,
      round: place === null ? Math.max(1, this.#rounds) : place.number + 1,
      of: sweepRounds(this.#request),
      value: place?.value ?? at,
      arm,
      trial,
      doing,
    }
  }

  protected tellCut(): void {
    const whole = this.result.values.map(
      ({ pairs }) => pairs.filter(({ trials, order }) => trials.length === order.length).length,
    )
    const cure = 'give a larger --budget, or fewer --steps or --pairs'
    this.warnOfBudget(Math.min(...whole), sweepRounds(this.#request), cure)
  }

  override conclude(): void {
    const { warnings, values } = this.result
    const warning = timerBoundWarning(this.#request.range, values, consequenceOf(this.#request))
    if (warning !== null) warnings.push(warning)
  }

  protected summarize(): void {
    summarizeSweep(this.result)
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
    for (const value of this.result.values) value.offeredPerSecond = this.offeredAt(value.value)
  }

  #valueAt(value: number): SweepValue {
    return this.result.values.find((candidate) => candidate.value === value)!
  }
}

function consequenceOf({ metric }: SweepRequest): string {
  return metric === 'achievedPerSecond'
    ? 'latencies say nothing there, throughput does'
    : 'no winner is named there'
}

/**
 * Measures both arms at every value of one parameter. `hooks.save` gets the result after every trial, so that one that
 * ends early has lost nothing: since rounds visit all values, it has fewer pairs everywhere. Then it says
 * `complete: false` and why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function runSweep(request: Planned<SweepRequest>, hooks: SweepHooks): Promise<Sweep> {
  const begun = await beginPoints(request, hooks)
  const pinned = begun.first.setAffinity !== null
  const rounds = new SweepRounds(request, emptySweep(request, pinned), begun.parts)
  await measurePoints(rounds, begun)
  return rounds.result
}
