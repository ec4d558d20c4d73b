import type { ObjectiveRequest } from '../../asked/requests.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { Estimate, Objective, Report, Sustained } from '../../results/schema.ts'
import { medianInterval, pairedRatio } from '../../stats/intervals.ts'
import type { Bracket, Capacity, ServerUsage, TriedLoad } from '../../trial/server-under-test.ts'
import { midOf, spread } from '../capacity.ts'
import {
  type Experiment,
  type Outcome,
  type PaceKind,
  paceKindOf,
  type Step,
  type StepsLeft,
} from '../rounds/experiment.ts'
import { ordersOf, type RoundOrders } from '../rounds/round-orders.ts'
import { capacityPlan, warmUpPlan } from '../rounds/round-times.ts'
import { sustainedSentence } from '../../words/objective.ts'
import { RoundCapacities } from './round-capacities.ts'
import { NO_FIGURES } from './rounds.ts'
import type { RunState } from './state.ts'

type CapacityStep = Extract<Step, { kind: 'capacity' }>

/** What one round showed of one arm. */
interface Found {
  readonly bracket: Bracket | null
  /** The highest load that kept the objective; null without one. */
  readonly highest: TriedLoad | null
}

/**
 * What `run --slo` does: rounds of fresh servers, each searched for the highest load at which it keeps the objective. The first
 * round searches anew, each later one from where the last one ended; the estimate is the median over rounds, and the ratio
 * of two arms is that of pairs, as everywhere.
 */
export class ObjectiveRounds implements Experiment {
  readonly #run: RunState
  readonly #asked: ObjectiveRequest
  readonly #objective: Objective
  readonly #orders: RoundOrders
  readonly #capacities: RoundCapacities
  /** By arm label, round by round. */
  readonly #found = new Map<string, Found[]>()
  #round = -1
  #steps: Step[] = []
  #isCut = false
  #deployed: Report['rounds'][number] | undefined

  constructor(run: RunState, asked: ObjectiveRequest) {
    this.#run = run
    this.#asked = asked
    this.#orders = ordersOf(run.request)
    this.#capacities = new RoundCapacities(run)
    this.#objective = {
      ...asked,
      arms: {},
      ratio: null,
      sentence: 'The search is not finished.',
      probes: [],
    }
    run.report.objective = this.#objective
  }

  next(): Step | null {
    if (this.#isCut) return null
    if (this.#steps.length === 0 && !this.#beginRound()) return null
    return this.#steps[0]!
  }

  begins(step: Step): void {
    const place = { round: this.#round + 1, of: this.#run.request.rounds }
    if (step.kind === 'deploy')
      this.#run.tell({ kind: 'round', ...place, doing: 'starting servers', arm: null })
    else if (step.kind === 'warm-up')
      this.#run.tell({ kind: 'round', ...place, doing: 'warming up', arm: step.arm.label })
    else if (step.kind === 'capacity')
      this.#run.tell({ kind: 'capacity', ...place, arm: step.arm.label, perSecond: null })
  }

  hasPlayed(): void {}

  keep(step: Step, outcome: Outcome): void {
    const round = this.#run.report.rounds.at(-1)!
    this.#steps.shift()
    if (outcome.kind === 'deploy') {
      for (const [arm, startSeconds] of Object.entries(outcome.seconds))
        round.deployments[arm] = { ...NO_FIGURES, startSeconds }
      this.#deployed = round
    } else if (outcome.kind === 'warm-up' && step.kind === 'warm-up') {
      const { seconds, quiet, helperSeconds } = outcome.warmUp
      const figures = round.deployments[step.arm.label]!
      Object.assign(figures, { warmUpSeconds: seconds, quiet, helperSeconds })
    } else if (outcome.kind === 'capacity' && step.kind === 'capacity')
      this.#keepCapacity(step, outcome.capacity)
    if (this.#steps.length === 0)
      round.seconds = this.#run.elapsedSeconds() - round.startedAtSeconds
  }

  left(): StepsLeft {
    const { arms, rounds } = this.#run.request
    const count = (kind: PaceKind) => this.#steps.filter((step) => paceKindOf(step) === kind).length
    const later = Math.max(0, rounds - this.#round - 1)
    const searches = this.#round < 0 ? 1 : 0
    return {
      deploy: count('deploy') + later,
      'warm-up': count('warm-up') + later * arms.length,
      search: count('search') + searches * arms.length,
      capacity: count('capacity') + (later - searches) * arms.length,
      aside: count('aside'),
    }
  }

  cut(): void {
    this.#isCut = true
    this.#run.warn(
      'budget-used',
      `the time budget was used up: ${this.#round} of ${this.#run.request.rounds} rounds`,
      'give a larger --budget, or fewer --pairs',
    )
  }

  hasUsed(arm: string, { largestResidentBytes }: ServerUsage): void {
    const figures = this.#deployed?.deployments[arm]
    if (figures !== undefined) figures.residentBytes = largestResidentBytes
  }

  #beginRound(): boolean {
    const { request, report } = this.#run
    if (this.#round + 1 >= request.rounds) return false
    const round = ++this.#round
    report.rounds.push({
      index: round,
      startedAtSeconds: this.#run.elapsedSeconds(),
      seconds: null,
      deployments: {},
    })
    const arms = this.#orders.arms(request.arms, round, 0)
    this.#steps = [
      { kind: 'deploy', arms },
      ...arms.map((arm): Step => ({ kind: 'warm-up', arm, plan: warmUpPlan([], true) })),
      ...arms.map((arm): Step => ({ kind: 'capacity', arm, plan: this.#plan(arm, round) })),
    ]
    // Not in the first round, whose figures people wait for.
    if (round === Math.min(1, request.rounds - 1))
      this.#steps.push(...this.#capacities.ceilingSteps(this.#orders.warmUpSeed(0)))
    return true
  }

  #plan(arm: Arm, round: number) {
    const known = this.#found.get(arm.label)?.findLast(({ bracket }) => bracket !== null)
    return {
      ...capacityPlan(this.#run.request, round, {
        around: known?.bracket ?? null,
        traceSeed: this.#orders.capacitySeed(round),
      }),
      objective: this.#asked,
    }
  }

  #keepCapacity({ arm }: CapacityStep, capacity: Capacity): void {
    const { label } = arm
    const { bracket, tried } = capacity
    const kept = tried.filter((one) => one.kept).toSorted((a, b) => a.perSecond - b.perSecond)
    const found = { bracket, highest: kept.at(-1) ?? null }
    this.#found.set(label, [...(this.#found.get(label) ?? []), found])
    for (const one of tried) {
      const { perSecond: offeredPerSecond, latency, failedGates } = one
      const probe = { arm: label, offeredPerSecond, latency, kept: one.kept }
      this.#objective.probes.push({ ...probe, failedGates: [...failedGates] })
      this.#run.tell({ kind: 'probe', ...probe })
    }
    const figures = this.#run.report.rounds.at(-1)!.deployments[label]!
    Object.assign(figures, {
      saturated: capacity.saturatedPerSecond,
      probes: capacity.probes,
      capacitySeconds: capacity.seconds,
      quiet: capacity.quiet,
    })
    // What is sustained within an objective is no capacity.
    this.#capacities.add(arm, { ...capacity, bracket: null })
    this.#capacities.summarize()
    this.#run.report.breakEven = this.#capacities.breakEven()
    this.#summarize()
  }

  #summarize(): void {
    const { request } = this.#run
    const objective = this.#objective
    for (const [label, found] of this.#found)
      objective.arms[label] = sustainedOf(found, request.level)
    const { first, second } = request.comparisons[0]!
    objective.ratio = this.#ratio(first, second)
    objective.sentence = sustainedSentence(objective, first, second)
  }

  /** Over the rounds in which both arms kept the objective somewhere, and missed it somewhere. */
  #ratio(first: string, second: string): Estimate | null {
    const [one, other] = [this.#found.get(first) ?? [], this.#found.get(second) ?? []]
    const pairs = one.flatMap(({ bracket }, round) => {
      const beside = other[round]?.bracket ?? null
      // An open end has no ratio: its other side would look exact.
      if (bracket === null || beside === null) return []
      if (bracket.failed === null || beside.failed === null) return []
      return [[midOf(bracket), midOf(beside)] as const]
    })
    if (pairs.length === 0) return null
    const ratio = pairedRatio(
      pairs.map(([value]) => value),
      pairs.map(([, value]) => value),
      this.#run.request.level,
    )
    const level = pairs.length === 1 ? null : ratio.level
    return { ...ratio, level, n: pairs.length, unit: '×' }
  }
}

/** Null when no round kept the objective at any load. */
function sustainedOf(found: readonly Found[], level: number): Sustained | null {
  const kept = found.filter(({ bracket }) => bracket !== null)
  if (kept.length === 0) return null
  const values = kept.map(({ bracket }) => midOf(bracket!))
  const open = kept.filter(({ bracket }) => bracket!.failed === null).length
  const highest = kept.flatMap((one) => one.highest ?? [])
  const latencies = highest.flatMap(({ latency }) => (latency.atLeast ? [] : [latency.ns]))
  const interval = medianInterval(values, level)
  return {
    perSecond:
      interval.level < level
        ? spread(values, 'requests/s')
        : { ...interval, n: values.length, unit: 'requests/s' },
    // Of a median: half of the rounds had no load that missed it.
    atLeast: 2 * open >= kept.length,
    confirmed: 2 * kept.length >= found.length,
    kept: kept.length,
    of: found.length,
    markedTrials: highest.filter(({ failedGates }) => failedGates.length > 0).length,
    latencyNs: latencies.length === 0 ? null : spread(latencies, 'ns'),
  }
}
