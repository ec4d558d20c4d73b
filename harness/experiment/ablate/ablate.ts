import { NS_PER_SECOND } from '../../base/units.ts'
import type { Arm } from '../../contract/architecture.ts'
import {
  type Ablation,
  ABLATION_METRICS,
  ABLATION_VERSION,
  type ChainTrial,
  type Round,
} from '../../results/ablate.ts'
import type { Trial } from '../../results/schema.ts'
import { unroutedArm } from '../../scenario/rules.ts'
import { createTrialContext } from '../../trial/context.ts'
import { failedGatesOf } from '../../words/metrics.ts'
import { begun, keptArms, nothingOf } from '../rounds/begun.ts'
import type { SetStep, Step } from '../rounds/experiment.ts'
import { measureReplayed } from '../rounds/measure-replayed.ts'
import { pacingOf, type Planned } from '../rounds/pacing.ts'
import { ordersOf } from '../rounds/round-orders.ts'
import { warmUpPlan } from '../rounds/round-times.ts'
import {
  type Deployment,
  type Later,
  type SetMoment,
  type SetParts,
  type SetPlan,
  SetRounds,
} from '../rounds/set-rounds.ts'
import {
  type AblationEvent,
  type AblationHooks,
  type AblationRequest,
  distinctArms,
  type RoundGroup,
  type RoundPlace,
  SEARCHES,
} from './plan.ts'
import { summarizeChain } from './summary.ts'

/** The result before anything is measured. @param pinned whether threads can be bound to processors */
export function emptyAblation(request: AblationRequest, pinned: boolean): Ablation {
  const { chain, rounds, capacityRounds } = request
  const common = begun(request, pinned)
  const { prediction: _, ...scenario } = common.scenario
  const nothing = () => nothingOf(ABLATION_METRICS)
  return {
    schemaVersion: ABLATION_VERSION,
    ...common,
    run: { ...common.run, plannedRounds: rounds, plannedCapacityRounds: capacityRounds },
    scenario,
    arms: keptArms(chain.arms).map((arm) => ({ ...arm, figures: nothing() })),
    load: null,
    steps: chain.steps.map((step, index) => ({
      ...step,
      from: index,
      to: index + 1,
      ratios: nothing(),
    })),
    mechanisms: [],
    product: nothing(),
    productOfEstimates: nothing(),
    endpoints: nothing(),
    agreement: nothing(),
    markedTrials: { count: 0, of: 0, byGate: {} },
    measured: { capacity: { rounds: [], ends: [] }, latency: { rounds: [], ends: [] } },
  }
}

/** A set and where it belongs. */
interface ChainSet extends RoundPlace {
  /** Places in the chain, in the order in which they are played. */
  readonly order: readonly number[]
}

/** Numbers of orders: whole chains and ends at either part. */
const ORDER = { capacity: { rounds: 1, ends: 2 }, latency: { rounds: 3, ends: 4 } } as const
const ENDS = 2
/** An arm with more than so many times the smallest throughput of a closed window is not the smallest. */
const SEARCHED_RATIO = 2
/** From the second round on, with ten servers to be made warm. */
const LATER_WARM_UP_SECONDS = 1

/**
 * Rounds of a chain: every arm is deployed, and all of them are played on one trace, each beside its neighbours; then the first and
 * the last alone, on a trace of their own.
 */
export class AblationRounds extends SetRounds<ChainSet, ChainTrial, AblationEvent, Ablation> {
  readonly #request: AblationRequest
  readonly #sustained: number[] = []
  #round = -1

  constructor(
    request: AblationRequest,
    ablation: Ablation,
    parts: SetParts<AblationEvent, Ablation>,
  ) {
    super({ ...request, arms: request.chain.arms }, ablation, parts)
    this.#request = request
    const { load } = request
    if (load.kind === 'absolute') ablation.load = { label: load.label, perSecond: load.perSecond }
  }

  protected nextDeployment(): Deployment<ChainSet> | null {
    const { rounds, capacityRounds } = this.#request
    if (this.#round + 1 >= rounds) return null
    const round = ++this.#round
    const { load } = this.result
    const { longestSeconds, ...plan } = warmUpPlan(load === null ? [] : [load.perSecond], true)
    const seconds = load === null ? longestSeconds : Math.min(longestSeconds, LATER_WARM_UP_SECONDS)
    return {
      arms: this.orders.arms(distinctArms(this.#request), round, 0),
      warmUp: { ...plan, longestSeconds: seconds },
      searchedBy: null,
      places: [
        ...(round < capacityRounds ? this.#setsOf('capacity', round, capacityRounds) : []),
        ...this.#setsOf('latency', round, rounds),
      ],
    }
  }

  /**
   * What the arms sustain that may be the smallest, by what a closed window gets through them in the first round: from 0.65 to 1.15
   * of that was sustained where both were measured, so that twice the smallest is out of reach.
   */
  protected stepsBefore({ part }: ChainSet): readonly Step[] {
    if (part === 'capacity' || this.result.load !== null) return []
    const closed = this.result.measured.capacity.rounds[0]?.trials ?? []
    const smallest = Math.min(...closed.map(({ achievedPerSecond }) => achievedPerSecond))
    const labels = new Set(
      closed
        .filter(({ achievedPerSecond }) => achievedPerSecond <= SEARCHED_RATIO * smallest)
        .map(({ arm }) => this.#request.chain.arms[arm]!.label),
    )
    const arms = distinctArms(this.#request).filter(({ label }) => labels.has(label))
    return this.searchSteps(arms, this.#round)
  }

  protected setPlan({ part, group, round, order }: ChainSet): SetPlan {
    return {
      arms: order.map((place) => this.#request.chain.arms[place]!),
      offeredPerSecond: part === 'capacity' ? null : this.result.load!.perSecond,
      traceSeed: this.orders.traceSeed(round - 1, `${part} ${group}`),
    }
  }

  protected setAt({ part, group, round, order }: ChainSet, step: SetStep): Round {
    const rounds = this.result.measured[part][group]
    const known = rounds.find(({ index }) => index === round - 1)
    if (known !== undefined) return known
    const { traceSeed: seed } = step.order
    const begun: Round = { index: round - 1, seed, order: [...order], trials: [], discarded: [] }
    rounds.push(begun)
    return begun
  }

  protected keptOf(trial: Trial, { order }: ChainSet, played: number): ChainTrial {
    const { percentiles, counters } = trial
    return {
      arm: order[played]!,
      startedAtSeconds: trial.startedAtSeconds,
      p50: percentiles.p50,
      p99: percentiles.p99,
      cpuPerRequestNs:
        counters.cpuSecondsPerRequest === null
          ? null
          : counters.cpuSecondsPerRequest * NS_PER_SECOND,
      achievedPerSecond: trial.achievedPerSecond,
      failedGates: failedGatesOf(trial),
      void: trial.void,
    }
  }

  /** The load is the same for all arms: a percentage is of what the smallest one sustains. */
  protected sustained(_arm: Arm, perSecond: number): void {
    const { load } = this.#request
    this.#sustained.push(perSecond)
    if (load.kind !== 'percent' || this.isQueued('capacity')) return
    const least = Math.min(...this.#sustained)
    this.result.load = { label: load.label, perSecond: (least * load.percent) / 100 }
  }

  protected whereText(place: ChainSet | null): string {
    return place === null ? '' : ` ${place.part} round=${place.round}`
  }

  protected eventOf(moment: SetMoment<ChainSet, ChainTrial>): AblationEvent {
    const { place, arm, trial, played, doing } = moment
    const { chain, rounds } = this.#request
    if (place !== null) {
      const { part, group, round, of } = place
      return { part, group, round, of, arm: place.order[played]!, trial, doing }
    }
    const index = chain.arms.findIndex(({ label }) => label === arm)
    return {
      part: null,
      group: 'rounds',
      round: this.#round + 1,
      of: rounds,
      arm: arm === null ? null : index,
      trial,
      doing,
    }
  }

  /** Sets in units of one of all arms: a pair of the ends is a part of one. */
  protected later(places: readonly ChainSet[]): Later {
    const { rounds, capacityRounds, load, chain } = this.#request
    const later = Math.max(0, rounds - this.#round - 1)
    const closed = Math.max(0, capacityRounds - this.#round - 1)
    const present = places.reduce((sum, { order }) => sum + order.length, 0)
    const arms = chain.arms.length
    return {
      deployments: later,
      warmUps: later * distinctArms(this.#request).length,
      searches: load.kind === 'percent' && this.result.load === null ? SEARCHES : 0,
      sets: (present + (later + closed) * (arms + ENDS)) / arms,
    }
  }

  protected tellCut(): void {
    const { ends } = this.result.measured.latency
    const done = ends.filter(({ trials }) => trials.length === ENDS).length
    const cure = 'give a larger --budget, or fewer --rounds, or a shorter --chain'
    this.warnOfBudget(done, this.#request.rounds, cure)
  }

  protected summarize(): void {
    summarizeChain(this.result, this.#request)
  }

  #setsOf(part: 'capacity' | 'latency', round: number, of: number): ChainSet[] {
    const all = [...this.#request.chain.arms.keys()]
    const places = { rounds: all, ends: [0, all.length - 1] }
    return (['rounds', 'ends'] as const).map((group: RoundGroup) => ({
      part,
      group,
      round: round + 1,
      of,
      order: this.orders.arms(places[group], round, ORDER[part][group]),
    }))
  }
}

/**
 * Measures every arm of the chain against its predecessor, and its ends against each other. `hooks.save` gets the result
 * after every trial, so that one that ends early has lost nothing; then it says `complete: false` and why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function runAblation(
  request: Planned<AblationRequest>,
  hooks: AblationHooks,
): Promise<Ablation> {
  const { loaded, cpus, chain, budgetSeconds } = request
  const { arms } = chain
  const { signal } = hooks
  const first = createTrialContext({ loaded, arms, cpus, virtualCores: null, signal })
  const ablation = emptyAblation(request, first.setAffinity !== null)
  warnRouting(ablation, unroutedArm(arms, first.workload))
  const orders = ordersOf(request)
  const pacing = pacingOf(first.clock, budgetSeconds)
  const rounds = new AblationRounds(request, ablation, { orders, pacing, hooks })
  try {
    await measureReplayed(rounds, { request, armCount: arms.length, orders, pacing, first })
  } finally {
    first.blockFile?.close()
  }
  return ablation
}

function warnRouting({ warnings }: Ablation, arm: Arm | undefined): void {
  if (arm === undefined) return
  warnings.push({
    code: 'routing',
    message: `${arm.label}: routing=shard-aware has no effect: workload has heavyClients, each of which stays with the port that it is connected to`,
    cure: 'read the step of shard-aware routing as noise, or give a --chain without it',
  })
}
