import { runError } from '../../base/errors.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { Ablation, ChainTrial, Round } from '../../results/ablate.ts'
import type { Trial } from '../../results/schema.ts'
import { failedGatesOf } from '../../words/metrics.ts'
import { midOf } from '../capacity.ts'
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
import { SetRepeats } from '../rounds/set-repeats.ts'
import {
  ABLATION_CAPACITY_SECONDS,
  type AblationHooks,
  type AblationRequest,
  distinctArms,
  type RoundGroup,
  type RoundPlace,
  SEARCHES,
} from './plan.ts'
import { summarizeChain } from './summary.ts'

type SetStep = Extract<Step, { kind: 'set' }>

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
export class AblationRounds implements Experiment {
  readonly ablation: Ablation
  readonly #request: AblationRequest
  readonly #orders: RoundOrders
  readonly #pacing: Pacing
  readonly #hooks: AblationHooks
  readonly #repeats: SetRepeats<ChainTrial>
  readonly #sustained: number[] = []
  #round = -1
  #steps: Step[] = []
  #sets: ChainSet[] = []
  /** Trials of the present set that have been played. */
  #played = 0
  #isCut = false

  constructor(
    request: AblationRequest,
    ablation: Ablation,
    { orders, pacing, hooks }: { orders: RoundOrders; pacing: Pacing; hooks: AblationHooks },
  ) {
    this.ablation = ablation
    this.#request = request
    this.#orders = orders
    this.#pacing = pacing
    this.#hooks = hooks
    this.#repeats = new SetRepeats(pacing, request.answersOnly === true)
    const { load } = request
    if (load.kind === 'absolute') ablation.load = { label: load.label, perSecond: load.perSecond }
  }

  next(): Step | null {
    if (this.#isCut) return null
    while (this.#steps.length === 0) {
      const [set] = this.#sets
      if (set?.part === 'latency' && this.ablation.load === null) this.#search()
      else if (set !== undefined) this.#steps.push(this.#setStep(set, 1))
      else if (!this.#beginRound()) return null
    }
    return this.#steps[0]!
  }

  begins(step: Step, arm: Arm | null): void {
    const { arms } = this.#request.chain
    const place = {
      part: null,
      group: 'rounds' as const,
      round: this.#round + 1,
      of: this.#request.rounds,
      arm: null,
      trial: null,
    }
    const placeOf = (one: Arm) => arms.findIndex(({ label }) => label === one.label)
    if (step.kind === 'deploy') this.#tell({ ...place, doing: 'starting servers' })
    else if (step.kind === 'warm-up')
      this.#tell({ ...place, arm: placeOf(step.arm), doing: 'warming up' })
    else if (step.kind === 'capacity')
      this.#tell({ ...place, arm: placeOf(step.arm), doing: 'searching capacity' })
    else if (arm !== null) {
      const set = this.#sets[0]!
      const index = set.order[this.#played]!
      this.#tell({ ...placeIn(set), arm: index, trial: null, doing: 'measuring' })
    }
  }

  hasPlayed(step: SetStep, trial: Trial): void {
    const set = this.#sets[0]!
    const index = set.order[this.#played++]!
    const kept = chainTrial(trial, index)
    this.#repeats.played(this.#roundOf(step, set), kept, step.attempt)
    this.save()
    this.#refuse(trial, set)
    this.#tell({ ...placeIn(set), arm: index, trial: kept, doing: 'measuring' })
  }

  keep(step: Step, outcome: Outcome): void {
    this.#steps.shift()
    if (step.kind === 'set' && outcome.kind === 'set') this.#keepSet(step, outcome)
    else if (step.kind === 'capacity' && outcome.kind === 'capacity') {
      const { bracket } = outcome.capacity
      if (bracket === null)
        throw runError(
          'no-capacity',
          `no load was sustained: arm=${step.arm.label}`,
          'name a load per second: --load 1000/s',
        )
      this.#sustained.push(midOf(bracket))
      if (!this.#steps.some(({ kind }) => kind === 'capacity')) this.#chooseLoad()
    }
  }

  left(): StepsLeft {
    const count = (kind: PaceKind) => this.#steps.filter((step) => paceKindOf(step) === kind).length
    const { rounds, capacityRounds } = this.#request
    const later = Math.max(0, rounds - this.#round - 1)
    const closed = Math.max(0, capacityRounds - this.#round - 1)
    const arms = distinctArms(this.#request).length
    const { sets } = this.#inSets(later + closed)
    return {
      deploy: count('deploy') + later,
      'warm-up': count('warm-up') + (this.#request.answersOnly === true ? 0 : later * arms),
      search: count('search') + (this.#isSearched && this.ablation.load === null ? SEARCHES : 0),
      set: sets,
    }
  }

  cut(): void {
    this.#isCut = true
    const of = this.#request.rounds
    const done = this.ablation.measured.latency.ends.filter(
      ({ trials }) => trials.length === ENDS,
    ).length
    this.ablation.warnings.push({
      code: 'budget-used',
      message: `the time budget was used up: there are ${done} whole rounds of ${of}`,
      cure: 'give a larger --budget, or fewer --rounds, or a shorter --chain',
    })
  }

  hasUsed(): void {}

  /** Saves it with everything that follows from its trials. */
  save(): void {
    summarizeChain(this.ablation, this.#request)
    this.ablation.run.elapsedSeconds = this.#pacing.elapsedSeconds()
    this.#hooks.save(this.ablation)
  }

  get #isSearched(): boolean {
    return this.#request.load.kind === 'percent'
  }

  /** Sets that are left, in units of one of all arms: a pair of the ends is a part of one. */
  #inSets(laterRounds: number): { readonly sets: number } {
    const arms = this.#request.chain.arms.length
    const present = this.#sets.reduce((sum, { order }) => sum + order.length, 0)
    return { sets: (present + laterRounds * (arms + ENDS)) / arms }
  }

  #beginRound(): boolean {
    const { rounds, capacityRounds, answersOnly } = this.#request
    if (this.#round + 1 >= rounds) return false
    const round = ++this.#round
    const arms = this.#orders.arms(distinctArms(this.#request), round, 0)
    this.#steps = [{ kind: 'deploy', arms }]
    if (answersOnly !== true) {
      const { load } = this.ablation
      const { longestSeconds, ...plan } = warmUpPlan(load === null ? [] : [load.perSecond], true)
      const seconds =
        load === null ? longestSeconds : Math.min(longestSeconds, LATER_WARM_UP_SECONDS)
      this.#steps.push(
        ...arms.map((arm): Step => {
          return { kind: 'warm-up', arm, plan: { ...plan, longestSeconds: seconds } }
        }),
      )
    }
    this.#sets = [
      ...(round < capacityRounds ? this.#setsOf('capacity', round, capacityRounds) : []),
      ...this.#setsOf('latency', round, rounds),
    ]
    return true
  }

  /**
   * What the arms sustain that may be the smallest, by what a closed window gets through them in the first round: from 0.65 to 1.15
   * of that was sustained where both were measured, so that twice the smallest is out of reach.
   */
  #search(): void {
    const { chain, durationSeconds } = this.#request
    const closed = this.ablation.measured.capacity.rounds[0]?.trials ?? []
    const smallest = Math.min(...closed.map(({ achievedPerSecond }) => achievedPerSecond))
    const labels = new Set(
      closed
        .filter(({ achievedPerSecond }) => achievedPerSecond <= SEARCHED_RATIO * smallest)
        .map(({ arm }) => chain.arms[arm]!.label),
    )
    const plan = {
      around: null,
      saturates: true,
      confirmSeconds: durationSeconds,
      traceSeed: this.#orders.capacitySeed(this.#round),
    }
    const arms = distinctArms(this.#request).filter(({ label }) => labels.has(label))
    this.#steps.push(...arms.map((arm): Step => ({ kind: 'capacity', arm, plan })))
  }

  #setsOf(part: 'capacity' | 'latency', round: number, of: number): ChainSet[] {
    const all = [...this.#request.chain.arms.keys()]
    const places = { rounds: all, ends: [0, all.length - 1] }
    return (['rounds', 'ends'] as const).map((group: RoundGroup) => ({
      part,
      group,
      round: round + 1,
      of,
      order: this.#orders.arms(places[group], round, ORDER[part][group]),
    }))
  }

  #setStep(set: ChainSet, attempt: number): Step {
    const { request, load } = { request: this.#request, load: this.ablation.load }
    const isClosed = set.part === 'capacity'
    this.#played = 0
    return {
      kind: 'set',
      arms: set.order.map((place) => request.chain.arms[place]!),
      attempt,
      order: {
        ...trialSeconds({
          arms: request.chain.arms,
          transport: { kind: 'replay' },
          durationSeconds: isClosed ? ABLATION_CAPACITY_SECONDS : request.durationSeconds,
          ...(request.answersOnly === true && { answersOnly: true }),
        }),
        offeredPerSecond: isClosed ? null : load!.perSecond,
        traceSeed: this.#orders.traceSeed(set.round - 1, `${set.part} ${set.group}`),
      },
    }
  }

  #roundOf(step: SetStep, { part, group, round, order }: ChainSet): Round {
    const rounds = this.ablation.measured[part][group]
    const known = rounds.find(({ index }) => index === round - 1)
    if (known !== undefined) return known
    const { traceSeed: seed } = step.order
    const begun: Round = { index: round - 1, seed, order: [...order], trials: [], discarded: [] }
    rounds.push(begun)
    return begun
  }

  #keepSet(step: SetStep, { traced }: Extract<Outcome, { kind: 'set' }>): void {
    const set = this.#sets[0]!
    const round = this.#roundOf(step, set)
    const trials = step.arms.map(({ label }) => traced[label]!.trial)
    const isRepeated = this.#repeats.isRepeated(round, trials, step.attempt)
    if (isRepeated) this.#steps.push(this.#setStep(set, step.attempt + 1))
    else this.#sets.shift()
  }

  /** The same for all arms: a percentage is of what the smallest one sustains. */
  #chooseLoad(): void {
    const { load } = this.#request
    if (load.kind !== 'percent') return
    const perSecond = (Math.min(...this.#sustained) * load.percent) / 100
    this.ablation.load = { label: load.label, perSecond }
  }

  /** @throws when its answers are wrong, or a closed window got none. */
  #refuse(trial: Trial, { part, round }: ChainSet): void {
    const where = `arm=${trial.arm} ${part} round=${round}`
    if (trial.void !== null) throw runError('void', `void: ${where}: ${trial.void}`)
    if (part === 'capacity' && trial.achievedPerSecond === 0)
      throw runError('no-capacity', `no request was answered: ${where}`)
  }

  #tell(event: Parameters<AblationHooks['onEvent']>[0]): void {
    this.ablation.run.elapsedSeconds = this.#pacing.elapsedSeconds()
    this.#hooks.onEvent(event, this.ablation, this.#pacing.advance())
  }
}

function placeIn({ part, group, round, of }: ChainSet): RoundPlace {
  return { part, group, round, of }
}

/** What an ablation keeps of a trial. */
function chainTrial(trial: Trial, arm: number): ChainTrial {
  const { percentiles, counters } = trial
  return {
    arm,
    startedAtSeconds: trial.startedAtSeconds,
    p50: percentiles.p50,
    p99: percentiles.p99,
    cpuPerRequestNs:
      counters.cpuSecondsPerRequest === null ? null : counters.cpuSecondsPerRequest * NS_PER_SECOND,
    achievedPerSecond: trial.achievedPerSecond,
    failedGates: failedGatesOf(trial),
    void: trial.void,
  }
}
