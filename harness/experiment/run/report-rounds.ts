import type { Arm } from '../../contract/architecture.ts'
import type { DeploymentFigures, Report, Round } from '../../results/schema.ts'
import type { Bracket, Capacity, CapacityPlan, ServerUsage } from '../../trial/server-under-test.ts'
import { midOf } from '../capacity.ts'
import { type Outcome, type Step, StepQueue } from '../rounds/experiment.ts'
import type { StepsLeft } from '../rounds/pacing.ts'
import { ordersOf, type RoundOrders } from '../rounds/round-orders.ts'
import { capacityPlan, warmUpPlan } from '../rounds/round-times.ts'
import { RoundCapacities } from './round-capacities.ts'
import type { RunEvent, RunHooks } from './request.ts'
import type { RunState } from './state.ts'

/** Of a deployment of which nothing is known yet. */
const NO_FIGURES: DeploymentFigures = {
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

/** Rounds as a report keeps them: every arm is deployed, made warm, and searched for what it sustains where that is wanted. */
export abstract class ReportRounds extends StepQueue<RunEvent, Report> {
  protected readonly run: RunState
  protected readonly orders: RoundOrders
  protected readonly capacities: RoundCapacities | null
  /** The present one, from 0 on; −1 before the first. */
  protected round = -1
  readonly #evenArm: Arm | null
  /** The round that the present servers belong to. */
  #deployed: Round | undefined
  /** What the latest search of each arm that found something came to, by label: the next one starts there. */
  readonly #brackets = new Map<string, Bracket>()

  /**
   * @param isSearched whether it is searched what the arms sustain
   * @param evenArm besides, in the first round, what this one sustains of even keys and clients; null not to
   */
  constructor(run: RunState, hooks: RunHooks, isSearched: boolean, evenArm: Arm | null = null) {
    super(run.report, run.pacing, hooks)
    this.#evenArm = evenArm
    this.run = run
    this.orders = ordersOf(run.request)
    this.capacities = isSearched ? new RoundCapacities(run) : null
  }

  /** Rounds up to the next look; without looks, all. */
  protected abstract get roundCount(): number
  /** Takes what an arm sustains; the figures of its deployment are known. @returns whether more is to come of this round's. */
  protected abstract keepCapacity(arm: Arm, capacity: Capacity): void

  begins(step: Step, _arm: Arm | null): void {
    const { place } = this
    const tellRound = (doing: string, arm: string | null) =>
      this.tell({ kind: 'round', ...place, doing, arm })
    if (step.kind === 'deploy') tellRound('starting servers', null)
    else if (step.kind === 'warm-up') tellRound('warming up', step.arm.label)
    else if (step.kind === 'aside') tellRound('measuring plain calls', null)
    else if (step.kind === 'capacity')
      this.tell({ kind: 'capacity', ...place, arm: step.arm.label, perSecond: null })
  }

  keep(step: Step, outcome: Outcome): void {
    const round = this.run.report.rounds.at(-1)!
    this.steps.shift()
    if (outcome.kind === 'deploy') {
      for (const [arm, startSeconds] of Object.entries(outcome.seconds)) {
        // A round may have several, where each set is to have fresh servers.
        const known = round.deployments[arm] ?? NO_FIGURES
        round.deployments[arm] = { ...known, startSeconds: known.startSeconds + startSeconds }
      }
      this.#deployed = round
    } else if (outcome.kind === 'warm-up' && step.kind === 'warm-up') {
      const { seconds, quiet, helperSeconds } = outcome.warmUp
      const figures = round.deployments[step.arm.label]!
      figures.warmUpSeconds += seconds
      Object.assign(figures, { quiet, helperSeconds })
    } else if (outcome.kind === 'capacity' && step.kind === 'capacity' && step.plan.evenly) {
      this.keepEven(outcome.capacity)
    } else if (outcome.kind === 'capacity' && step.kind === 'capacity') {
      const { saturatedPerSecond, probes, quiet, seconds, bracket } = outcome.capacity
      if (bracket !== null) this.#brackets.set(step.arm.label, bracket)
      const figures = round.deployments[step.arm.label]!
      const found = { saturated: saturatedPerSecond, probes, quiet, capacitySeconds: seconds }
      Object.assign(figures, found)
      this.keepCapacity(step.arm, outcome.capacity)
    } else if (outcome.kind === 'set' && step.kind === 'set') this.keepSet(step, outcome)
    if (this.steps.length === 0 && round.seconds === null)
      round.seconds = this.pacing.elapsedSeconds() - round.startedAtSeconds
  }

  left(): StepsLeft {
    const later = Math.max(0, this.roundCount - this.round - 1)
    const arms = this.run.request.arms.length
    const perRound = this.perRound()
    const deployments = later * perRound.deployments
    // Those of the first round are made when its capacities are known.
    const unmade = this.round === 0 && this.capacities !== null && this.isQueued('capacity') ? 1 : 0
    return {
      deploy: this.count('deploy') + deployments,
      'warm-up': this.count('warm-up') + deployments * (this.isWarmed ? arms : 0),
      search: this.count('search'),
      capacity: this.count('capacity') + later * (this.capacities === null ? 0 : arms),
      set: this.count('set') + (later + unmade) * perRound.sets,
      aside: this.count('aside'),
    }
  }

  override hasUsed(arm: string, { largestResidentBytes }: ServerUsage): void {
    const figures = this.#deployed?.deployments[arm]
    if (figures === undefined || largestResidentBytes === null) return
    figures.residentBytes = Math.max(figures.residentBytes ?? 0, largestResidentBytes)
  }

  /** Takes what was sustained of even keys and clients. */
  protected keepEven(_capacity: Capacity): void {}

  /** Takes what came of a set. */
  protected keepSet(
    _step: Extract<Step, { kind: 'set' }>,
    _outcome: Extract<Outcome, { kind: 'set' }>,
  ): void {}

  /** Of a round to come. */
  protected perRound(): { readonly deployments: number; readonly sets: number } {
    return { deployments: 1, sets: 0 }
  }

  /** The present round, for people: counted from 1. */
  protected get place(): { readonly round: number; readonly of: number } {
    return { round: this.round + 1, of: this.roundCount }
  }

  protected get isWarmed(): boolean {
    return this.run.request.answersOnly !== true
  }

  /** Begins a round: servers are started, made warm at these loads, and searched where that is wanted. */
  protected beginRound(loads: readonly number[]): void {
    const { request, report } = this.run
    const round = ++this.round
    const startedAtSeconds = this.pacing.elapsedSeconds()
    report.rounds.push({ index: round, startedAtSeconds, seconds: null, deployments: {} })
    const arms = this.orders.arms(request.arms, round, 0)
    this.steps = this.deploySteps(arms, loads)
    if (this.capacities === null) return
    // Before the others, behind whose last one loads are fixed.
    if (round === 0 && this.#evenArm !== null) {
      const plan = { ...this.#plan(this.#evenArm, round), evenly: true }
      this.steps.push({ kind: 'capacity', arm: this.#evenArm, plan })
    }
    for (const arm of arms) this.steps.push({ kind: 'capacity', arm, plan: this.#plan(arm, round) })
    // Not in the first round, whose figures people wait for.
    if (round === Math.min(1, request.rounds - 1))
      this.steps.push(...this.capacities.ceilingSteps(this.orders.warmUpSeed(0)))
  }

  protected deploySteps(arms: readonly Arm[], loads: readonly number[]): Step[] {
    const plan = warmUpPlan(loads, this.capacities !== null)
    const warmUps = arms.map((arm): Step => ({ kind: 'warm-up', arm, plan }))
    return [{ kind: 'deploy', arms }, ...(this.isWarmed ? warmUps : [])]
  }

  #plan(arm: Arm, round: number): CapacityPlan {
    const { request } = this.run
    const around = this.#brackets.get(arm.label) ?? null
    const start = { around, traceSeed: this.orders.capacitySeed(round) }
    return {
      ...capacityPlan(request, round, start),
      ...(request.objective && { objective: request.objective }),
    }
  }
}

/** Requests per second that a search came to; null where no load was sustained. */
export function foundBy(bracket: Bracket | null): number | null {
  return bracket === null ? null : midOf(bracket)
}
