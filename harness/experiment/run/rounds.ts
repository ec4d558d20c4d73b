import type { LoadRequest, WithinRequest } from '../../asked/requests.ts'
import { runError } from '../../base/errors.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { Load, Trial, TrialSet } from '../../results/schema.ts'
import { partOfRound } from '../../workload/request-log.ts'
import { addTraceShares, busiestShare, evenly } from '../../trial/series.ts'
import type { Capacity, TracedTrial } from '../../trial/server-under-test.ts'
import { midOf } from '../capacity.ts'
import type { Outcome, SetStep, Step } from '../rounds/experiment.ts'
import { Repetition } from '../rounds/repetition.ts'
import { trialSeconds } from '../rounds/round-times.ts'
import { EQUAL_POLICY, spinningArms } from './equal-policy.ts'
import { LoadJudge } from './compare-load.ts'
import { Goodput } from './goodput.ts'
import { needsCapacity } from './plan.ts'
import { foundBy, ReportRounds } from './report-rounds.ts'
import type { RunHooks } from './request.ts'
import type { RunState } from './state.ts'
import { warnAboutLoad, warnAboutRounds } from './warnings.ts'

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

/** Whose shards a load is placed by; null where none is. */
function evenArmOf({ loads, arms }: RunState['request']): Arm | null {
  if (loads.every(({ kind }) => kind !== 'busiest')) return null
  return arms.find(({ architecture }) => architecture === 'sharded') ?? null
}

/** Where right answers are all that it is about, how soon they come is of no account. */
function withinOf({ within = null, answersOnly }: RunState['request']): WithinRequest | null {
  return answersOnly === true ? null : within
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

/**
 * What `run` does: rounds in which every arm is deployed, made warm, asked what it sustains where loads are shares of that, and
 * played at every load; then a summary of what the trials say so far.
 */
export class RunRounds extends ReportRounds {
  readonly #repetition: Repetition
  readonly #judge: LoadJudge
  readonly #goodput: Goodput
  /** What sharded sustains of even keys and clients, where a load is placed by that. */
  #evenPerSecond = 0
  /** Number of the load that a set is played at. */
  readonly #loadOf = new Map<Step, number>()

  constructor(run: RunState, hooks: RunHooks) {
    super(run, hooks, needsCapacity(run.request), evenArmOf(run.request))
    const { transport } = run.context
    const isShared = transport.kind === 'http' && transport.coLocated
    this.#repetition = new Repetition(isShared ? ['lateness'] : [])
    this.#judge = new LoadJudge(run)
    this.#goodput = new Goodput(withinOf(run.request), run.report)
    for (const asked of run.request.loads) run.report.loads.push(emptyLoad(asked))
  }

  override begins(step: Step, arm: Arm | null): void {
    super.begins(step, arm)
    if (step.kind !== 'set' || arm === null) return
    this.tell({
      kind: 'trial-started',
      load: this.#loadOfStep(step).label,
      ...this.place,
      arm: arm.label,
      attempt: step.attempt,
      cause: this.#setOf(step)?.discarded.at(-1)?.cause ?? null,
    })
  }

  hasPlayed(step: SetStep, trial: Trial): void {
    const load = this.#loadOfStep(step)
    const set = this.#setOf(step) ?? this.#addSet(step, load)
    set.trials[trial.arm] = this.#goodput.counted({ ...trial, attempt: step.attempt })
    this.#judge.judge(load)
    const place = { load: load.label, ...this.place }
    this.tell({ kind: 'trial-ended', ...place, trial: set.trials[trial.arm]! })
  }

  override conclude(): void {
    for (const load of this.run.report.loads) {
      if (load.sets.length > 0) warnAboutLoad(this.run, load, this.#judge.isImprecise(load))
    }
    const warning = this.#goodput.openWarning()
    if (warning !== null) this.run.report.warnings.push(warning)
    warnAboutRounds(this.run)
  }

  protected get roundCount(): number {
    return this.#judge.roundCount(this.round)
  }

  protected tellCut(): void {
    // With a precision, loads that have reached it need no more.
    for (const load of this.#judge.openLoads()) {
      if (load.sets.length >= this.roundCount) continue
      this.run.warn(
        'budget-used',
        `the time budget was used up: load=${load.label} has ${load.sets.length} of ${this.roundCount} rounds`,
        'give a larger --budget, or fewer --pairs or --loads',
      )
    }
  }

  protected override perRound(): { readonly deployments: number; readonly sets: number } {
    const sets = this.#judge.openLoads().length
    return { deployments: this.#isFreshPerSet() ? sets : 1, sets }
  }

  // Rounds.

  protected refill(): boolean {
    if (this.round + 1 >= this.roundCount || this.#judge.openLoads().length === 0) {
      for (const verdict of this.#judge.verdicts()) this.tell(verdict)
      return false
    }
    this.beginRound(this.#offeredLoads())
    // The loads of the first round are known when the capacities are.
    if (this.capacities === null || this.round > 0) this.#addSets()
    return true
  }

  #offeredLoads(): readonly number[] {
    const offered = this.run.report.loads.flatMap(({ placed, offeredPerSecond }) =>
      placed?.by === 'each' ? Object.values(placed.perSecond) : offeredPerSecond,
    )
    return [...new Set(offered.filter((perSecond) => perSecond !== null))]
  }

  #addSets(): void {
    const { request } = this.run
    const open = this.#judge.openLoads()
    for (const place of this.#order(open.length)) {
      const load = open[place]!
      const number = this.run.report.loads.indexOf(load)
      const arms = this.orders.arms(request.arms, this.round, number)
      if (this.#isFreshPerSet() && this.isQueued('set'))
        this.steps.push(...this.deploySteps(arms, this.#offeredLoads()))
      const step: SetStep = {
        kind: 'set',
        arms,
        attempt: 1,
        order: {
          offeredPerSecond: load.offeredPerSecond,
          traceSeed: this.orders.traceSeed(this.round, load.label),
          ...trialSeconds(request),
        },
        ...(load.placed?.by === 'each' && { ownPerSecond: load.placed.perSecond }),
        ...this.#again(load),
      }
      this.#loadOf.set(step, number)
      this.steps.push(step)
    }
  }

  /** The load that decides what a useful answer is comes before the others. */
  #order(loads: number): readonly number[] {
    const order = this.orders.loads(loads, this.round)
    return this.#goodput.isOpen ? [0, ...order.filter((place) => place !== 0)] : order
  }

  /** A row at equal policy: what of a ratio is polling. Servers that are fresh for each set play nothing twice. */
  #again(load: Load): Pick<SetStep, 'again'> {
    const { comparisons, arms, answersOnly } = this.run.request
    const spinning =
      answersOnly === true || this.#isFreshPerSet() ? [] : spinningArms(load, comparisons, arms)
    return spinning.length === 0 ? {} : { again: { arms: spinning, idle: EQUAL_POLICY } }
  }

  #isFreshPerSet(): boolean {
    return this.run.request.loaded.scenario.fresh === true
  }

  // Capacity.

  protected keepCapacity(arm: Arm, capacity: Capacity): void {
    const { report } = this.run
    const figures = report.rounds.at(-1)!.deployments[arm.label]!
    figures.sustained = foundBy(capacity.bracket)
    this.capacities!.add(arm, capacity)
    this.tell({ kind: 'capacity', arm: arm.label, ...this.place, perSecond: figures.sustained })
    if (this.isQueued('capacity')) return
    this.capacities!.summarize()
    report.breakEven = this.capacities!.breakEven()
    if (this.round === 0) this.#fixLoads()
    this.capacities!.tellShares()
  }

  /** Loads in percent are shares of the smallest arm's capacity in the first round, from then on. */
  #fixLoads(): void {
    const smallest = this.capacities!.smallest()
    for (const [number, asked] of this.run.request.loads.entries()) {
      if (asked.kind === 'absolute' || asked.kind === 'max') continue
      const wrong = this.capacities!.firstVoid
      if (smallest === null && wrong !== null)
        throw runError('void', `void: arm=${wrong.arm}, searching its capacity: ${wrong.why}`)
      if (smallest === null)
        throw runError(
          'no-capacity',
          'no load was sustained by every arm, so there is none to take a share of',
          'name loads per second: --loads 1000/s',
        )
      const load = this.run.report.loads[number]!
      const share = asked.percent / 100
      load.offeredPerSecond = smallest * share
      if (asked.kind === 'each')
        load.placed = {
          by: 'each',
          perSecond: Object.fromEntries(
            this.run.request.arms.map(({ label }) => [
              label,
              this.capacities!.median(label)! * share,
            ]),
          ),
        }
      else if (asked.kind === 'busiest') this.#placeByBusiest(load, share)
    }
    this.#addSets()
  }

  protected override keepEven({ bracket, voids }: Capacity): void {
    if (bracket === null)
      throw runError(
        'no-capacity',
        `no load of even keys was sustained${voids.length === 0 ? '' : `: ${voids[0]}`}`,
        'name loads per second: --loads 1000/s',
      )
    this.#evenPerSecond = midOf(bracket)
  }

  /** Its busiest shard gets this share of what one of as many shards as cores sustains when all get the same. */
  #placeByBusiest(load: Load, ofShard: number): void {
    const { context, request } = this.run
    const arm = evenArmOf(request)!
    const seed = this.orders.traceSeed(0, load.label)
    const share = busiestShare(context, arm, seed)
    // Also of keys that are alike a shard has a few more than the others.
    const shardPerSecond = this.#evenPerSecond * busiestShare(evenly(context), arm, seed)
    load.placed = { by: 'busiest', shardPerSecond, share }
    load.offeredPerSecond = (ofShard * shardPerSecond) / share
  }

  // Sets.

  #loadOfStep(step: SetStep): Load {
    return this.run.report.loads[this.#loadOf.get(step)!]!
  }

  #setOf(step: SetStep): TrialSet | undefined {
    return this.#loadOfStep(step).sets.find((set) => set.round === this.round)
  }

  #addSet(step: SetStep, load: Load): TrialSet {
    const set: TrialSet = {
      round: this.round,
      seed: step.order.traceSeed,
      traceHash: {},
      ...this.#partOf(step, load),
      order: step.arms.map((arm) => arm.label),
      trials: {},
      discarded: [],
    }
    load.sets.push(set)
    return set
  }

  #partOf({ order }: SetStep, { offeredPerSecond }: Load): Pick<TrialSet, 'part'> {
    const { loaded, durationSeconds } = this.run.request
    if (loaded.log === undefined || offeredPerSecond === null) return {}
    const logSeconds = (durationSeconds * offeredPerSecond) / loaded.log.perSecond
    return { part: partOfRound(loaded.log, order.traceSeed, logSeconds) }
  }

  protected override keepSet(step: SetStep, outcome: Extract<Outcome, { kind: 'set' }>): void {
    const load = this.#loadOfStep(step)
    const set = this.#setOf(step)!
    const { traced } = outcome
    if (step.again !== undefined)
      set.atEqualPolicy = mapped(outcome.again, (trial) => this.#goodput.counted(trial))
    for (const [arm, { traceHash }] of Object.entries(traced)) set.traceHash[arm] = traceHash
    this.#addParked(outcome.parkedSeconds)
    // The same for all arms of one routing, and for a set that is played again.
    if (step.attempt === 1)
      addTraceShares(load, load.sets.length, firstOf(traced, step), this.run.context)
    const trials = step.arms.map((arm) => set.trials[arm.label]!)
    const cause = this.run.request.answersOnly
      ? null
      : this.#repetition.causeToRepeat(trials, step.attempt)
    if (cause !== null && this.pacing.hasTimeToRepeat()) {
      set.discarded.push({ cause: cause.gate, arm: cause.arm, trials: { ...set.trials } })
      set.trials = {}
      const again: SetStep = { ...step, attempt: step.attempt + 1 }
      this.#loadOf.set(again, this.#loadOf.get(step)!)
      this.steps.unshift(again)
      // Each trial of such a scenario has a fresh server, this one as well.
      if (this.#isFreshPerSet())
        this.steps.unshift(...this.deploySteps(again.arms, this.#offeredLoads()))
      const place = { load: load.label, round: this.round + 1 }
      this.tell({ kind: 'repeated', ...place, ...cause, attempt: again.attempt })
    } else {
      refuseVoid(load, set)
      const [first] = this.run.report.loads
      if (load === first) this.#goodput.fixBy(set)
    }
    this.#judge.judge(load)
  }

  #addParked(parkedSeconds: Readonly<Record<string, number | null>>): void {
    const { deployments } = this.run.report.rounds.at(-1)!
    for (const [arm, seconds] of Object.entries(parkedSeconds)) {
      const figures = deployments[arm]
      if (figures === undefined) continue
      figures.parkedSeconds = seconds === null ? null : (figures.parkedSeconds ?? 0) + seconds
    }
  }
}

function firstOf(traced: Readonly<Record<string, TracedTrial>>, step: SetStep): TracedTrial {
  return traced[step.arms[0]!.label]!
}

function mapped<Value>(
  values: Readonly<Record<string, Value>>,
  of: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of(value)]))
}
