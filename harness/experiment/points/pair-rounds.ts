import { NS_PER_SECOND } from '../../base/units.ts'
import type { Arm } from '../../contract/architecture.ts'
import { answeredWithin } from '../../results/histogram.ts'
import type { PointPair, PointTrial, SustainedAt } from '../../results/points.ts'
import type { Trial } from '../../results/schema.ts'
import { valueText } from '../../words/format.ts'
import { failedGatesOf } from '../../words/metrics.ts'
import type { Measurement, SetStep, Step } from '../rounds/experiment.ts'
import { briefWarmUpPlan } from '../rounds/round-times.ts'
import {
  type Deployment,
  type Later,
  type SetParts,
  type SetPlan,
  SetRounds,
  type Doing,
} from '../rounds/set-rounds.ts'
import type { PointRequest } from './contexts.ts'
import { needsCapacity, offeredAt, smallestSustained } from './plan.ts'

/** Servers are made warm at so many of a deployment's loads: the lowest, the highest, and what is between. */
const WARM_LOADS = 3
/** Orders are drawn from integers: values that differ by less share the order of their pairs, which does no harm. */
const THOUSANDTHS = 1_000

/** Where a pair belongs. */
export interface PairPlace {
  /** At the offered load, or with a closed window. */
  readonly part: 'load' | 'closed'
  /** Counted from 0: each number has arrivals of its own at each value; orders of an even one and the next are reversed. */
  readonly number: number
  readonly value: number
}

/** One fresh server of each arm, and what they are for. */
export interface PointDeployment {
  /** The value with which they start. */
  readonly at: number
  /** Whether it is searched what they sustain, before the pairs. */
  readonly searches: boolean
  readonly pairs: readonly PairPlace[]
}

/** Numbers of what rounds to come have. */
export type LaterRounds = Readonly<Record<'deployments' | 'pairs', number>>

/** What is told of every step at the values of a parameter. */
export interface PointEvent {
  /** At the load, or with a closed window; null of what is done before pairs. */
  readonly part: PairPlace['part'] | null
  readonly value: number
  /** Label; null when it concerns both. */
  readonly arm: string | null
  /** That has ended; null when something begins. */
  readonly trial: PointTrial | null
  readonly doing: Doing
}

/** What the results of all that vary a parameter have. */
export interface PointResult extends Measurement {
  readonly load: { referencePerSecond: number | null; readonly sustained: SustainedAt[] }
}

/**
 * Pairs of two arms at the values of a parameter: what a sweep and a search for a crossing have in common. A load needs no servers
 * of its own; any other value does, since it may change threads, stages and records. What loads in percent refer to is searched
 * before any pair, at the values that decide it.
 */
export abstract class PairRounds<
  Event extends PointEvent,
  Result extends PointResult,
> extends SetRounds<PairPlace, PointTrial, Event, Result> {
  readonly #points: PointRequest
  readonly #references: readonly number[]
  #deployments: PointDeployment[]

  /** @param references values at which it is searched what is sustained; none for absolute loads */
  constructor(
    request: PointRequest,
    result: Result,
    parts: SetParts<Event, Result>,
    references: readonly number[],
  ) {
    super(request, result, parts)
    this.#points = request
    this.#references = references
    // Servers of their own, where a value decides about servers; else those of the first round are searched.
    this.#deployments =
      request.range.subject === 'load'
        ? []
        : references.map((at) => ({ at, searches: true, pairs: [] }))
  }

  /** The next ones, at least one; null when it is done. Asked when everything before was measured. */
  protected abstract nextRound(): readonly PointDeployment[] | null
  /** Deployments that `nextRound` has not given out yet, and the pairs of all of them; up to the next look. */
  protected abstract laterRounds(): LaterRounds
  /** Where its pairs are kept. */
  protected abstract keptIn(place: PairPlace): PointPair[]

  /** Whether the first round's servers are to be searched. */
  protected get isFirstSearched(): boolean {
    return this.#points.range.subject === 'load' && this.#references.length > 0
  }

  /** Requests per second of all cores at a value; null while that is not known. */
  protected offeredAt(value: number): number | null {
    const isRelative = needsCapacity(this.#points) && this.#references.length > 0
    const reference = isRelative ? this.result.load.referencePerSecond : 0
    return reference === null ? null : offeredAt(this.#points, value, reference)
  }

  protected nextDeployment(): Deployment<PairPlace> | null {
    if (this.#deployments.length === 0) this.#deployments = [...(this.nextRound() ?? [])]
    const deployment = this.#deployments.shift()
    if (deployment === undefined) return null
    const { at, searches, pairs } = deployment
    return {
      arms: this.orders.arms(this.#points.arms, pairs[0]?.number ?? 0, orderOf(at)),
      at,
      warmUp: briefWarmUpPlan(this.#warmLoads(pairs), searches, pairs.length),
      searchedBy: searches ? orderOf(at) : null,
      places: pairs,
    }
  }

  protected stepsBefore(): readonly Step[] {
    return []
  }

  protected setPlan(place: PairPlace): SetPlan {
    const { arms, range } = this.#points
    const { part, number, value } = place
    const offered = this.#offeredOf(place)
    if (offered === undefined) throw new Error('a pair comes before its load is known')
    return {
      arms: this.orders.arms(arms, number, orderOf(value)),
      offeredPerSecond: offered,
      traceSeed: this.orders.traceSeed(number, `${part} ${range.name} ${value}`),
    }
  }

  protected setAt(place: PairPlace, { arms, order }: SetStep): PointPair {
    const kept = this.keptIn(place)
    const last = kept.at(-1)
    if (last?.seed === order.traceSeed) return last
    const pair = {
      value: place.value,
      seed: order.traceSeed,
      offeredPerSecond: order.offeredPerSecond,
      order: arms.map(({ label }) => label),
      trials: [],
      discarded: [],
    }
    kept.push(pair)
    return pair
  }

  protected keptOf(trial: Trial): PointTrial {
    const { cpuSecondsPerRequest, declaredWaits } = trial.counters
    const { withinNs } = this.#points
    return {
      arm: trial.arm,
      startedAtSeconds: trial.startedAtSeconds,
      percentiles: trial.percentiles,
      longestAnsweredNs: trial.maxNs,
      achievedPerSecond: trial.achievedPerSecond,
      ...(withinNs !== undefined && {
        goodputPerSecond: answeredWithin(trial.histogram, withinNs) / trial.steadySeconds,
      }),
      cpuPerRequestNs: cpuSecondsPerRequest === null ? null : cpuSecondsPerRequest * NS_PER_SECOND,
      declaredWaits,
      failedGates: failedGatesOf(trial),
      void: trial.void,
    }
  }

  protected sustained(arm: Arm, perSecond: number, at: number): void {
    const { range, arms } = this.#points
    const { load } = this.result
    const value = range.subject === 'load' ? null : at
    load.sustained.push({ value, arm: arm.label, perSecond })
    if (load.sustained.length === this.#references.length * arms.length)
      load.referencePerSecond = smallestSustained(range, load.sustained)
  }

  protected whereText(place: PairPlace | null, at: number): string {
    const { range } = this.#points
    const where = ` ${range.name}=${valueText(range, place?.value ?? at)}`
    if (place === null) return where
    return `${where} ${place.part === 'closed' ? 'closed window ' : ''}pair=${place.number + 1}`
  }

  protected later(places: readonly PairPlace[]): Later {
    const waiting = this.#deployments
    const more = this.laterRounds()
    const arms = this.#points.arms.length
    const deployments = waiting.length + more.deployments
    return {
      deployments,
      warmUps: deployments * arms,
      searches: waiting.filter(({ searches }) => searches).length * arms,
      sets: waiting.reduce((sum, { pairs }) => sum + pairs.length, more.pairs) + places.length,
    }
  }

  #offeredOf({ part, value }: PairPlace): number | null | undefined {
    return part === 'closed' ? null : (this.offeredAt(value) ?? undefined)
  }

  #warmLoads(pairs: readonly PairPlace[]): readonly number[] {
    const loads = pairs.flatMap((place) => this.#offeredOf(place) ?? []).toSorted((a, b) => a - b)
    if (loads.length <= WARM_LOADS) return loads
    const steps = WARM_LOADS - 1
    return Array.from(
      { length: WARM_LOADS },
      (_, index) => loads[Math.round((index * (loads.length - 1)) / steps)]!,
    )
  }
}

function orderOf(value: number): number {
  return Math.abs(Math.round(value * THOUSANDTHS))
}
