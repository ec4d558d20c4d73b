import { runError } from '../../base/errors.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { valueText } from '../../words/format.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { PointPair, PointTrial } from '../../results/points.ts'
import type { Trial } from '../../results/schema.ts'
import {
  type Experiment,
  type Outcome,
  type PaceKind,
  paceKindOf,
  type Step,
  type StepsLeft,
} from '../rounds/experiment.ts'
import type { Pacing } from '../rounds/pacing.ts'
import type { RoundOrders } from '../rounds/round-orders.ts'
import { trialSeconds, warmUpPlan } from '../rounds/round-times.ts'
import type { Capacity, TrialOrder, WarmUpPlan } from '../../trial/server-under-test.ts'
import { failedGatesOf } from '../../words/metrics.ts'
import { SetRepeats } from '../rounds/set-repeats.ts'
import type { PointRequest } from './contexts.ts'

/** Steady state of a pair with a closed window. */
export const POINT_CAPACITY_SECONDS = 0.25
/** Servers are made warm at so many of a deployment's loads: the lowest, the highest, and what is between. */
const WARM_LOADS = 3
/** At most, where they serve one pair. */
const PAIR_WARM_UP_SECONDS = 1
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

/** What a step is about, for people. */
export interface PointStep {
  /** Null of what is done before pairs. */
  readonly place: PairPlace | null
  readonly at: number
  /** Label; null when it concerns both. */
  readonly arm: string | null
  /** When it has ended; null when it begins. */
  readonly trial: PointTrial | null
  /** What begins. */
  readonly doing: 'starting servers' | 'warming up' | 'searching capacity' | 'measuring'
}

/** Which deployments come one after the other, and what becomes of them. */
export interface PointPlan {
  /** The next ones; null when it is done. Asked when everything before was measured. */
  next(): readonly PointDeployment[] | null
  /** Deployments that `next` has not given out yet, and the pairs of all of them; up to the next look. */
  later(): { readonly deployments: number; readonly pairs: number }
  /** Requests per second of all cores; null for a closed window, undefined while it is not known. */
  offered(place: PairPlace): number | null | undefined
  /** Where its pairs are kept. */
  keptIn(place: PairPlace): PointPair[]
  /** What an arm sustains at a value. @throws when nothing can be made of it */
  sustained(at: number, arm: Arm, capacity: Capacity): void
  tell(step: PointStep): void
  /** There is no time for more. */
  cut(): void
}

/**
 * Pairs of two arms at the values of a parameter, through the one loop: what a sweep and a search for a crossing have in common. A
 * load needs no servers of its own; any other value does, since it may change threads, stages and records.
 */
export class PairRounds implements Experiment {
  readonly #request: PointRequest
  readonly #plan: PointPlan
  readonly #orders: RoundOrders
  readonly #repeats: SetRepeats<PointTrial>
  #deployments: PointDeployment[] = []
  #at = 0
  /** Of the present deployment. */
  #steps: Step[] = []
  #places: PairPlace[] = []
  #isCut = false

  constructor(request: PointRequest, plan: PointPlan, orders: RoundOrders, pacing: Pacing) {
    this.#request = request
    this.#plan = plan
    this.#orders = orders
    this.#repeats = new SetRepeats(pacing, request.answersOnly === true)
  }

  next(): Step | null {
    if (this.#isCut) return null
    while (this.#steps.length === 0) {
      const [place] = this.#places
      if (place !== undefined) this.#steps.push(this.#setStep(place, 1))
      else if (!this.#deployNext()) return null
    }
    return this.#steps[0]!
  }

  begins(step: Step, arm: Arm | null): void {
    const of = { at: this.#at, place: null, trial: null, arm: null }
    if (step.kind === 'deploy') this.#plan.tell({ ...of, doing: 'starting servers' })
    else if (step.kind === 'warm-up')
      this.#plan.tell({ ...of, arm: step.arm.label, doing: 'warming up' })
    else if (step.kind === 'capacity')
      this.#plan.tell({ ...of, arm: step.arm.label, doing: 'searching capacity' })
    else if (arm !== null)
      this.#plan.tell({ ...of, place: this.#places[0]!, arm: arm.label, doing: 'measuring' })
  }

  hasPlayed(step: Extract<Step, { kind: 'set' }>, trial: Trial): void {
    const place = this.#places[0]!
    const pair = this.#pairOf(step, place)
    const kept = pointTrial(trial)
    this.#repeats.played(pair, kept, step.attempt)
    this.#plan.tell({ at: this.#at, place, arm: trial.arm, trial: kept, doing: 'measuring' })
  }

  keep(step: Step, outcome: Outcome): void {
    this.#steps.shift()
    if (step.kind === 'capacity' && outcome.kind === 'capacity')
      this.#plan.sustained(this.#at, step.arm, outcome.capacity)
    else if (step.kind === 'set' && outcome.kind === 'set') this.#keepSet(step, outcome)
  }

  left(): StepsLeft {
    const count = (kind: PaceKind) => this.#steps.filter((step) => paceKindOf(step) === kind).length
    const later = this.#plan.later()
    const deployments = this.#deployments.length + later.deployments
    const arms = this.#request.arms.length
    const sets = this.#deployments.reduce((sum, { pairs }) => sum + pairs.length, later.pairs)
    const searches = this.#deployments.filter((one) => one.searches).length
    return {
      deploy: count('deploy') + deployments,
      'warm-up': count('warm-up') + (this.#isWarmed ? deployments * arms : 0),
      search: count('search') + searches * arms,
      set: sets + this.#places.length,
    }
  }

  cut(): void {
    this.#isCut = true
    this.#plan.cut()
  }

  hasUsed(): void {}

  get #isWarmed(): boolean {
    return this.#request.answersOnly !== true
  }

  /** False when nothing is left. */
  #deployNext(): boolean {
    if (this.#deployments.length === 0) this.#deployments = [...(this.#plan.next() ?? [])]
    const deployment = this.#deployments.shift()
    if (deployment === undefined) return false
    const { at, searches, pairs } = deployment
    const number = pairs[0]?.number ?? 0
    const arms = this.#orders.arms(this.#request.arms, number, orderOf(at))
    this.#at = at
    this.#places = [...pairs]
    this.#steps = [{ kind: 'deploy', arms, at }]
    if (this.#isWarmed) {
      const plan = this.#warmUpPlan(deployment)
      this.#steps.push(...arms.map((arm): Step => ({ kind: 'warm-up', arm, plan })))
    }
    if (searches) {
      const plan = {
        around: null,
        saturates: true,
        confirmSeconds: this.#request.durationSeconds,
        traceSeed: this.#orders.capacitySeed(orderOf(at)),
      }
      this.#steps.push(...arms.map((arm): Step => ({ kind: 'capacity', arm, plan })))
    }
    return true
  }

  /** Servers for a single pair do not live long enough to be worth the longest warm-up. */
  #warmUpPlan({ pairs, searches }: PointDeployment): WarmUpPlan {
    const plan = warmUpPlan(this.#warmLoads(pairs), searches)
    const longestSeconds = Math.min(
      plan.longestSeconds,
      pairs.length > 1 ? Infinity : PAIR_WARM_UP_SECONDS,
    )
    return { ...plan, longestSeconds }
  }

  #warmLoads(pairs: readonly PairPlace[]): readonly number[] {
    const loads = pairs
      .flatMap((place) => this.#plan.offered(place) ?? [])
      .toSorted((a, b) => a - b)
    if (loads.length <= WARM_LOADS) return loads
    const steps = WARM_LOADS - 1
    return Array.from(
      { length: WARM_LOADS },
      (_, index) => loads[Math.round((index * (loads.length - 1)) / steps)]!,
    )
  }

  #setStep(place: PairPlace, attempt: number): Step {
    const { arms } = this.#request
    return {
      kind: 'set',
      arms: this.#orders.arms(arms, place.number, orderOf(place.value)),
      attempt,
      order: this.#order(place),
    }
  }

  #order(place: PairPlace): TrialOrder {
    const { durationSeconds } = this.#request
    const offered = this.#plan.offered(place)
    if (offered === undefined) throw new Error('a pair comes before its load is known')
    return {
      ...trialSeconds({
        ...this.#request,
        transport: { kind: 'replay' },
        durationSeconds: place.part === 'closed' ? POINT_CAPACITY_SECONDS : durationSeconds,
      }),
      offeredPerSecond: offered,
      traceSeed: traceSeedOf(this.#orders, this.#request, place),
    }
  }

  #pairOf(step: Extract<Step, { kind: 'set' }>, place: PairPlace): PointPair {
    const kept = this.#plan.keptIn(place)
    const last = kept.at(-1)
    if (last?.seed === step.order.traceSeed) return last
    const pair = {
      value: place.value,
      seed: step.order.traceSeed,
      offeredPerSecond: step.order.offeredPerSecond,
      order: step.arms.map(({ label }) => label),
      trials: [],
      discarded: [],
    }
    kept.push(pair)
    return pair
  }

  #keepSet(
    step: Extract<Step, { kind: 'set' }>,
    { traced }: Extract<Outcome, { kind: 'set' }>,
  ): void {
    const place = this.#places[0]!
    const pair = this.#pairOf(step, place)
    const trials = step.arms.map(({ label }) => traced[label]!.trial)
    const isRepeated = this.#repeats.isRepeated(pair, trials, step.attempt)
    for (const trial of trials) this.#refuse(trial, place)
    if (isRepeated) this.#steps.push(this.#setStep(place, step.attempt + 1))
    else this.#places.shift()
  }

  /** @throws when its answers are wrong, or a closed window got none. */
  #refuse(trial: Trial, { part, number, value }: PairPlace): void {
    const { range } = this.#request
    const at = `${range.name}=${valueText(range, value)}`
    const where = `arm=${trial.arm} ${at} ${part === 'closed' ? 'closed window ' : ''}pair=${number + 1}`
    if (trial.void !== null) throw runError('void', `void: ${where}: ${trial.void}`)
    if (part === 'closed' && trial.achievedPerSecond === 0)
      throw runError('no-capacity', `no request was answered: ${where}`)
  }
}

/** Seed of the trace that both arms of a pair play. */
function traceSeedOf(
  orders: RoundOrders,
  { range }: Pick<PointRequest, 'range'>,
  { part, number, value }: PairPlace,
): number {
  return orders.traceSeed(number, `${part} ${range.name} ${value}`)
}

function orderOf(value: number): number {
  return Math.abs(Math.round(value * THOUSANDTHS))
}

/** What is kept of a trial. */
function pointTrial(trial: Trial): PointTrial {
  const { cpuSecondsPerRequest, declaredWaits } = trial.counters
  return {
    arm: trial.arm,
    startedAtSeconds: trial.startedAtSeconds,
    percentiles: trial.percentiles,
    longestAnsweredNs: trial.maxNs,
    achievedPerSecond: trial.achievedPerSecond,
    cpuPerRequestNs: cpuSecondsPerRequest === null ? null : cpuSecondsPerRequest * NS_PER_SECOND,
    declaredWaits,
    failedGates: failedGatesOf(trial),
    void: trial.void,
  }
}
