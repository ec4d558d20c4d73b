import type { LoadRequest } from '../../asked/requests.ts'
import { runError } from '../../base/errors.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { DeploymentFigures, Load, Round, Trial, TrialSet } from '../../results/schema.ts'
import { addTraceShares } from '../../trial/series.ts'
import type { CapacityPlan, ServerUsage, TracedTrial } from '../../trial/server-under-test.ts'
import { midOf } from '../capacity.ts'
import {
  type Experiment,
  type Outcome,
  type PaceKind,
  paceKindOf,
  type Step,
  type StepsLeft,
} from '../rounds/experiment.ts'
import { Repetition } from '../rounds/repetition.ts'
import { ordersOf, type RoundOrders } from '../rounds/round-orders.ts'
import { capacityPlan, trialSeconds, warmUpPlan } from '../rounds/round-times.ts'
import { LoadJudge } from './load-judge.ts'
import { RoundCapacities } from './round-capacities.ts'
import type { RunState } from './state.ts'
import { warnAboutLoad, warnAboutRounds } from './warnings.ts'

/** Of a deployment of which nothing is known yet. */
export const NO_FIGURES: DeploymentFigures = {
  startSeconds: 0,
  warmUpSeconds: 0,
  quiet: null,
  helperSeconds: null,
  parkedSeconds: null,
  saturated: null,
  sustained: null,
  probes: 0,
  capacitySeconds: 0,
  residentBytes: null,
}

/** A load before its first set. */
function emptyLoad(asked: LoadRequest): Load {
  return {
    label: asked.label,
    offeredPerSecond: asked.kind === 'absolute' ? asked.perSecond : null,
    fractionOfCapacity: null,
    sets: [],
    comparisons: [],
  }
}

/** @throws when every trial of a set's arm so far had a wrong answer: nothing will come of it. */
function refuseVoid(load: Load, set: TrialSet): void {
  for (const arm of set.order) {
    const trials = load.sets.flatMap((one) => one.trials[arm] ?? [])
    const first = trials[0]?.void
    if (first !== undefined && first !== null && trials.every((trial) => trial.void !== null))
      throw runError('void', `void: arm=${arm} load=${load.label}: ${first}`)
  }
}

type SetStep = Extract<Step, { kind: 'set' }>

/**
 * What `run` does: rounds in which every arm is deployed, made warm, asked what it sustains where loads are shares of that, and
 * played at every load; then a summary of what the trials say so far.
 */
export class RunRounds implements Experiment {
  readonly #run: RunState
  readonly #orders: RoundOrders
  readonly #capacities: RoundCapacities | null
  readonly #repetition: Repetition
  readonly #judge: LoadJudge
  readonly #isWarmed: boolean
  #round = -1
  /** Of the present round. */
  #steps: Step[] = []
  #isCut = false
  /** The round that the present servers belong to. */
  #deployed: Round | undefined
  /** Number of the load that a set is played at. */
  readonly #loadOf = new Map<Step, number>()

  constructor(run: RunState) {
    const { request, context } = run
    this.#run = run
    this.#orders = ordersOf(request)
    this.#capacities = needsCapacity(request.loads) ? new RoundCapacities(run) : null
    const { transport } = context
    const isShared = transport.kind === 'http' && transport.coLocated
    this.#repetition = new Repetition(isShared ? ['lateness'] : [])
    this.#judge = new LoadJudge(run)
    this.#isWarmed = request.answersOnly !== true
    for (const asked of request.loads) run.report.loads.push(emptyLoad(asked))
  }

  next(): Step | null {
    if (this.#isCut) return null
    if (this.#steps.length === 0 && !this.#beginRound()) return null
    return this.#steps[0]!
  }

  begins(step: Step, arm: Arm | null): void {
    const { run, of } = { run: this.#run, of: this.#judge.roundCount(this.#round) }
    const round = this.#round + 1
    if (step.kind === 'deploy')
      run.tell({ kind: 'round', round, of, doing: 'starting servers', arm: null })
    else if (step.kind === 'warm-up')
      run.tell({ kind: 'round', round, of, doing: 'warming up', arm: step.arm.label })
    else if (step.kind === 'capacity')
      run.tell({ kind: 'capacity', arm: step.arm.label, round, of, perSecond: null })
    else if (step.kind === 'aside')
      run.tell({ kind: 'round', round, of, doing: 'measuring plain calls', arm: null })
    else if (arm !== null) {
      const cause = this.#setOf(step)?.discarded.at(-1)?.cause ?? null
      const load = this.#loadOfStep(step).label
      run.tell({
        kind: 'trial-started',
        load,
        round,
        of,
        arm: arm.label,
        attempt: step.attempt,
        cause,
      })
    }
  }

  hasPlayed(step: SetStep, trial: Trial): void {
    const load = this.#loadOfStep(step)
    const set = this.#setOf(step) ?? this.#addSet(step, load)
    set.trials[trial.arm] = { ...trial, attempt: step.attempt }
    this.#judge.judge(load)
    const place = {
      load: load.label,
      round: this.#round + 1,
      of: this.#judge.roundCount(this.#round),
    }
    this.#run.tell({ kind: 'trial-ended', ...place, trial: set.trials[trial.arm]! })
  }

  keep(step: Step, outcome: Outcome): void {
    const round = this.#run.report.rounds.at(-1)
    this.#steps.shift()
    if (outcome.kind === 'deploy') {
      for (const [arm, startSeconds] of Object.entries(outcome.seconds)) {
        // A round may have several, where each set is to have fresh servers.
        const known = round!.deployments[arm] ?? NO_FIGURES
        round!.deployments[arm] = { ...known, startSeconds: known.startSeconds + startSeconds }
      }
      this.#deployed = round
    } else if (outcome.kind === 'warm-up' && step.kind === 'warm-up') {
      const { seconds, quiet, helperSeconds } = outcome.warmUp
      const figures = round!.deployments[step.arm.label]!
      figures.warmUpSeconds += seconds
      figures.quiet = quiet
      figures.helperSeconds = helperSeconds
    } else if (outcome.kind === 'capacity' && step.kind === 'capacity') {
      this.#keepCapacity(step.arm, outcome.capacity)
    } else if (outcome.kind === 'set' && step.kind === 'set') {
      this.#keepSet(step, outcome)
    }
    if (this.#steps.length === 0 && round !== undefined && round.seconds === null)
      round.seconds = this.#run.elapsedSeconds() - round.startedAtSeconds
  }

  left(): StepsLeft {
    const later = Math.max(0, this.#judge.roundCount(this.#round) - this.#round - 1)
    const arms = this.#run.request.arms.length
    const count = (kind: PaceKind) => this.#steps.filter((step) => paceKindOf(step) === kind).length
    const fresh = this.#isFreshPerSet() ? this.#judge.openLoads().length : 1
    return {
      deploy: count('deploy') + later * fresh,
      'warm-up': count('warm-up') + later * fresh * (this.#isWarmed ? arms : 0),
      search: count('search'),
      capacity: count('capacity') + later * (this.#capacities === null ? 0 : arms),
      set: count('set') + later * this.#judge.openLoads().length,
      aside: count('aside'),
    }
  }

  cut(): void {
    this.#isCut = true
    // With a precision, loads that have reached it need no more.
    for (const load of this.#judge.openLoads()) {
      if (load.sets.length >= this.#judge.roundCount(this.#round)) continue
      this.#run.warn(
        'budget-used',
        `the time budget was used up: load=${load.label} has ${load.sets.length} of ${this.#judge.roundCount(this.#round)} rounds`,
        'give a larger --budget, or fewer --pairs or --loads',
      )
    }
  }

  hasUsed(arm: string, { largestResidentBytes }: ServerUsage): void {
    const figures = this.#deployed?.deployments[arm]
    if (figures === undefined || largestResidentBytes === null) return
    figures.residentBytes = Math.max(figures.residentBytes ?? 0, largestResidentBytes)
  }

  /** Doubts that only the whole of it shows; called at the end, however that came. */
  conclude(): void {
    for (const load of this.#run.report.loads) {
      if (load.sets.length > 0) warnAboutLoad(this.#run, load, this.#judge.isImprecise(load))
    }
    warnAboutRounds(this.#run)
  }

  // Rounds.

  #beginRound(): boolean {
    const { request, report } = this.#run
    if (
      this.#round + 1 >= this.#judge.roundCount(this.#round) ||
      this.#judge.openLoads().length === 0
    ) {
      this.#judge.tellVerdicts()
      return false
    }
    this.#round++
    report.rounds.push({
      index: this.#round,
      startedAtSeconds: this.#run.elapsedSeconds(),
      seconds: null,
      deployments: {},
    })
    const arms = this.#orders.arms(request.arms, this.#round, 0)
    this.#steps = this.#deploySteps(arms)
    if (this.#capacities !== null) {
      for (const arm of arms)
        this.#steps.push({ kind: 'capacity', arm, plan: this.#capacityPlan(arm) })
      // Not in the first round, whose figures people wait for.
      if (this.#round === Math.min(1, request.rounds - 1))
        this.#steps.push(...this.#capacities.ceilingSteps(this.#orders.warmUpSeed(0)))
    }
    // The loads of the first round are known when the capacities are.
    if (this.#capacities === null || this.#round > 0) this.#addSets()
    return true
  }

  #deploySteps(arms: readonly Arm[]): Step[] {
    const steps: Step[] = [{ kind: 'deploy', arms }]
    if (!this.#isWarmed) return steps
    for (const arm of arms) {
      const plan = warmUpPlan(this.#offeredLoads(), this.#capacities !== null)
      steps.push({ kind: 'warm-up', arm, plan })
    }
    return steps
  }

  #offeredLoads(): readonly number[] {
    const offered = this.#run.report.loads.map((load) => load.offeredPerSecond)
    return [...new Set(offered.filter((perSecond) => perSecond !== null))]
  }

  #addSets(): void {
    const { request } = this.#run
    const open = this.#judge.openLoads()
    for (const place of this.#orders.loads(open.length, this.#round)) {
      const load = open[place]!
      const number = this.#run.report.loads.indexOf(load)
      const arms = this.#orders.arms(request.arms, this.#round, number)
      if (this.#isFreshPerSet() && this.#steps.some((step) => step.kind === 'set'))
        this.#steps.push(...this.#deploySteps(arms))
      const step: SetStep = {
        kind: 'set',
        arms,
        attempt: 1,
        order: {
          offeredPerSecond: load.offeredPerSecond,
          traceSeed: this.#orders.traceSeed(this.#round, load.label),
          ...trialSeconds(request),
        },
      }
      this.#loadOf.set(step, number)
      this.#steps.push(step)
    }
  }

  #isFreshPerSet(): boolean {
    return this.#run.request.loaded.scenario.fresh === true
  }

  // Capacity.

  #capacityPlan(arm: Arm): CapacityPlan {
    return capacityPlan(this.#run.request, this.#round, {
      around: this.#capacities!.around(arm),
      traceSeed: this.#orders.capacitySeed(this.#round),
    })
  }

  #keepCapacity(arm: Arm, capacity: Extract<Outcome, { kind: 'capacity' }>['capacity']): void {
    const { report } = this.#run
    const figures = report.rounds.at(-1)!.deployments[arm.label]!
    figures.saturated = capacity.saturatedPerSecond
    figures.sustained = capacity.bracket === null ? null : midOf(capacity.bracket)
    figures.probes = capacity.probes
    figures.quiet = capacity.quiet
    figures.capacitySeconds = capacity.seconds
    this.#capacities!.add(arm, capacity)
    const { round, of } = { round: this.#round + 1, of: this.#judge.roundCount(this.#round) }
    this.#run.tell({ kind: 'capacity', arm: arm.label, round, of, perSecond: figures.sustained })
    if (this.#steps.some((step) => step.kind === 'capacity')) return
    this.#capacities!.summarize()
    report.breakEven = this.#capacities!.breakEven()
    if (this.#round === 0) this.#fixLoads()
    this.#capacities!.tellShares()
  }

  /** Loads in percent are shares of the smallest arm's capacity in the first round, from then on. */
  #fixLoads(): void {
    const smallest = this.#capacities!.smallest()
    for (const [number, asked] of this.#run.request.loads.entries()) {
      if (asked.kind !== 'percent') continue
      const wrong = this.#capacities!.firstVoid
      if (smallest === null && wrong !== null)
        throw runError('void', `void: arm=${wrong.arm}, searching its capacity: ${wrong.why}`)
      if (smallest === null)
        throw runError(
          'no-capacity',
          'no load was sustained by every arm, so there is none to take a share of',
          'name loads per second: --loads 1000/s',
        )
      this.#run.report.loads[number]!.offeredPerSecond = (smallest * asked.percent) / 100
    }
    this.#addSets()
  }

  // Sets.

  #loadOfStep(step: SetStep): Load {
    return this.#run.report.loads[this.#loadOf.get(step)!]!
  }

  #setOf(step: SetStep): TrialSet | undefined {
    return this.#loadOfStep(step).sets.find((set) => set.round === this.#round)
  }

  #addSet(step: SetStep, load: Load): TrialSet {
    const set: TrialSet = {
      round: this.#round,
      seed: step.order.traceSeed,
      traceHash: {},
      order: step.arms.map((arm) => arm.label),
      trials: {},
      discarded: [],
    }
    load.sets.push(set)
    return set
  }

  #keepSet(step: SetStep, outcome: Extract<Outcome, { kind: 'set' }>): void {
    const load = this.#loadOfStep(step)
    const set = this.#setOf(step)!
    const { traced } = outcome
    for (const [arm, { traceHash }] of Object.entries(traced)) set.traceHash[arm] = traceHash
    this.#addParked(outcome.parkedSeconds)
    // The same for all arms of one routing, and for a set that is played again.
    if (step.attempt === 1)
      addTraceShares(load, load.sets.length, firstOf(traced, step), this.#run.context)
    const trials = step.arms.map((arm) => set.trials[arm.label]!)
    const cause = this.#run.request.answersOnly
      ? null
      : this.#repetition.causeToRepeat(trials, step.attempt)
    if (cause !== null && this.#run.pacing.hasTimeToRepeat()) {
      set.discarded.push({ cause: cause.gate, arm: cause.arm, trials: { ...set.trials } })
      set.trials = {}
      const again: SetStep = { ...step, attempt: step.attempt + 1 }
      this.#loadOf.set(again, this.#loadOf.get(step)!)
      this.#steps.unshift(again)
      // Each trial of such a scenario has a fresh server, this one as well.
      if (this.#isFreshPerSet()) this.#steps.unshift(...this.#deploySteps(again.arms))
      const place = { load: load.label, round: this.#round + 1 }
      this.#run.tell({ kind: 'repeated', ...place, ...cause, attempt: again.attempt })
    } else {
      refuseVoid(load, set)
    }
    this.#judge.judge(load)
  }

  #addParked(parkedSeconds: Readonly<Record<string, number | null>>): void {
    const { deployments } = this.#run.report.rounds.at(-1)!
    for (const [arm, seconds] of Object.entries(parkedSeconds)) {
      const figures = deployments[arm]
      if (figures === undefined) continue
      figures.parkedSeconds = seconds === null ? null : (figures.parkedSeconds ?? 0) + seconds
    }
  }
}

/** Whether some load is a share of what the arms sustain, or is what saturates them. */
function needsCapacity(loads: readonly LoadRequest[]): boolean {
  return loads.some((load) => load.kind !== 'absolute')
}

function firstOf(traced: Readonly<Record<string, TracedTrial>>, step: SetStep): TracedTrial {
  return traced[step.arms[0]!.label]!
}
