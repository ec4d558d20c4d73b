import { runError } from '../base/errors.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Estimate, Latency, Objective, Sustained, Trial } from '../results/schema.ts'
import { spread } from './capacity.ts'
import type { ObjectiveRequest } from './run-request.ts'
import { OBJECTIVE_SEED, type RunState } from './run-state.ts'
import { sustainedSentence } from './sustained-sentence.ts'
import { trialTimes } from './trial-plan.ts'

/** The search begins at this share of the capacity, and gives up below the smallest one. */
const FIRST_SHARE = 1 / 16
const SMALLEST_SHARE = 1 / 1_024
/** Beyond the measured capacity: it was measured with another window and may be understated. */
const LARGEST_SHARE = 2
/** Bisection ends when the bounds are this close. */
const PRECISION = 1.02
/** A load that is not confirmed is lowered by so much, so many times. */
const STEP_DOWN = 0.95
const STEPS_DOWN = 3
/** Numbers of the confirming trials' traces: no probe has them. */
const CONFIRMING_TRACES = 1_000

/** A load that was kept and the lowest one above it that was not; null when every load that was tried was kept. */
interface Bracket {
  readonly kept: number
  readonly failed: number | null
}

/** A load that is to be confirmed. */
interface Candidate {
  readonly load: number
  /** The lowest load above it that was not kept or not confirmed; null when there is none. */
  readonly failed: number | null
  /** The trials that did not confirm `failed`; empty before the first step down. */
  readonly refuted: readonly Trial[]
}

/**
 * The highest load that each arm sustains within the objective: from a low load by doubling, then by bisection to 2 %,
 * one trial each; then confirmed by pairs of trials, each arm at its own load. A load that is kept in less than half of
 * them was found by luck and is lowered; when that does not help either, a load that was kept once stands unconfirmed.
 */
export async function searchObjective(run: RunState, asked: ObjectiveRequest): Promise<void> {
  const { arms } = run.request
  const [first, second] = [arms[0]!, arms[1]!]
  const objective: Objective = {
    ...asked,
    arms: {},
    ratio: null,
    sentence: 'The search is not finished.',
    probes: [],
  }
  run.report.objective = objective
  const search = new Search(run, objective)
  const brackets = new Map<Arm, Bracket | null>()
  for (const arm of arms) brackets.set(arm, await search.bracket(arm))
  await search.confirm(brackets)
  if (search.isCut) {
    run.warn(
      'budget-used',
      'the time budget was used up: the search within the objective is not finished',
      'give a larger --budget, or fewer pairs',
    )
  }
  objective.ratio = ratioOf(objective.arms[first.label], objective.arms[second.label])
  objective.sentence = sustainedSentence(objective, first.label, second.label)
  run.save()
}

class Search {
  readonly #run: RunState
  readonly #objective: Objective
  #probes = 0
  #isCut = false

  constructor(run: RunState, objective: Objective) {
    this.#run = run
    this.#objective = objective
  }

  /** Whether the budget ended the search before it was done. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** To be asked only before a trial that is still needed. */
  #isBudgetUsed(): boolean {
    if (this.#run.pacing.secondsLeft() > 0) return false
    this.#isCut = true
    return true
  }

  /** Doubling and bisection, as far as the budget goes; null when the arm keeps the objective nowhere. */
  async bracket(arm: Arm): Promise<Bracket | null> {
    const capacity = this.#run.report.capacity!.saturated[arm.label]!.value
    let kept: number | null = null
    let failed: number | null = null
    let load = capacity * FIRST_SHARE
    while (kept === null || failed === null) {
      if (this.#isBudgetUsed()) break
      if (await this.#keeps(arm, load)) {
        kept = load
        if (load >= capacity * LARGEST_SHARE) break
        load *= 2
      } else {
        failed = load
        if (load <= capacity * SMALLEST_SHARE) return null
        load /= 2
      }
    }
    if (kept === null) return null
    while (failed !== null && failed / kept > PRECISION && !this.#isBudgetUsed()) {
      const middle = Math.sqrt(kept * failed)
      if (await this.#keeps(arm, middle)) kept = middle
      else failed = middle
    }
    return { kept, failed }
  }

  /** Pairs of trials at the loads that were found; lowers those that are not confirmed. */
  async confirm(brackets: ReadonlyMap<Arm, Bracket | null>): Promise<void> {
    for (const [arm, bracket] of brackets)
      if (bracket === null && this.#probesOf(arm).length > 0) this.#objective.arms[arm.label] = null
    const candidates = new Map<Arm, Candidate>()
    for (const [arm, bracket] of brackets)
      if (bracket !== null)
        candidates.set(arm, { load: bracket.kept, failed: bracket.failed, refuted: [] })
    for (let step = 0; step <= STEPS_DOWN && candidates.size > 0; step++) {
      const trials = await this.#confirmingTrials(candidates, step)
      for (const [arm, candidate] of candidates) {
        const tried = trials.get(arm) ?? []
        const kept = tried.filter((trial) => this.#isKept(trial)).length
        const isConfirmed = tried.length > 0 && 2 * kept >= tried.length
        // Without trials at this load, those at the one before are the last word.
        const next =
          tried.length === 0
            ? candidate
            : { load: candidate.load * STEP_DOWN, failed: candidate.load, refuted: tried }
        this.#objective.arms[arm.label] = isConfirmed
          ? this.#confirmed(candidate, tried)
          : this.#unconfirmed(arm, next)
        if (isConfirmed || tried.length === 0) candidates.delete(arm)
        else candidates.set(arm, next)
      }
      this.#run.save()
    }
  }

  async #confirmingTrials(
    candidates: ReadonlyMap<Arm, Candidate>,
    step: number,
  ): Promise<Map<Arm, Trial[]>> {
    const trials = new Map<Arm, Trial[]>()
    const { rounds: pairs } = this.#run.request
    const arms = [...candidates.keys()]
    for (let pair = 0; pair < pairs; pair++) {
      const number = CONFIRMING_TRACES + step * pairs + pair
      for (const arm of pair % 2 === 0 ? arms : arms.toReversed()) {
        if (this.#isBudgetUsed()) return trials
        const { load } = candidates.get(arm)!
        trials.set(arm, [...(trials.get(arm) ?? []), await this.#probe(arm, load, number)])
      }
    }
    return trials
  }

  #confirmed({ load, failed }: Candidate, trials: readonly Trial[]): Sustained {
    return {
      perSecond: loadEstimate(load, failed, trials.length),
      atLeast: failed === null,
      confirmed: true,
      ...this.#outcomeOf(trials),
      latencyNs: latencyOf(trials.map((trial) => trial.percentiles[this.#objective.percentile])),
    }
  }

  /**
   * The highest load below the one that failed that a probe kept; where every load that was kept lies above it, the
   * lowest of those.
   */
  #unconfirmed(arm: Arm, { failed, refuted }: Candidate): Sustained {
    const limit = failed ?? Number.POSITIVE_INFINITY
    const probes = this.#probesOf(arm)
    const keptLoads = probes.filter(({ kept }) => kept).map((probe) => probe.offeredPerSecond)
    const below = keptLoads.filter((load) => load < limit)
    const load = below.length > 0 ? Math.max(...below) : Math.min(...keptLoads)
    const there = probes.filter((probe) => probe.offeredPerSecond === load)
    return {
      perSecond: loadEstimate(load, failed, 0),
      atLeast: failed === null,
      confirmed: false,
      ...this.#outcomeOf(refuted),
      latencyNs: latencyOf(there.map(({ latency }) => latency)),
    }
  }

  #outcomeOf(trials: readonly Trial[]): Pick<Sustained, 'kept' | 'of' | 'markedTrials'> {
    return {
      kept: trials.filter((trial) => this.#isKept(trial)).length,
      of: trials.length,
      markedTrials: trials.filter((trial) => failedGates(trial).length > 0).length,
    }
  }

  #probesOf(arm: Arm): Objective['probes'] {
    return this.#objective.probes.filter((probe) => probe.arm === arm.label)
  }

  /** Whether a trial keeps the objective; one that others disturbed is played once more, whatever it said. */
  async #keeps(arm: Arm, load: number): Promise<boolean> {
    const trial = await this.#probe(arm, load, this.#probes)
    const noisy = trial.gates.some((gate) => gate.name === 'noise' && !gate.passed)
    return this.#isKept(noisy ? await this.#probe(arm, load, this.#probes) : trial)
  }

  async #probe(arm: Arm, offeredPerSecond: number, number: number): Promise<Trial> {
    const run = this.#run
    this.#probes++
    const probe = { kind: 'probe', arm: arm.label, offeredPerSecond } as const
    run.tell({ ...probe, latency: null, kept: null })
    const times = trialTimes(run.request.durationSeconds)
    const { trial } = await run.trial(arm, offeredPerSecond, OBJECTIVE_SEED - number, times)
    if (trial.void !== null)
      throw runError('void', `void: arm=${arm.label} load=${offeredPerSecond}/s: ${trial.void}`)
    const latency = trial.percentiles[this.#objective.percentile]
    const kept = this.#isKept(trial)
    const told = { arm: arm.label, offeredPerSecond, latency, kept }
    this.#objective.probes.push({ ...told, failedGates: failedGates(trial) })
    run.tell({ ...probe, latency, kept })
    run.save()
    return trial
  }

  #isKept(trial: Trial): boolean {
    const latency = trial.percentiles[this.#objective.percentile]
    const keptUp = trial.gates.every((gate) => gate.passed || gate.name !== 'completed')
    return keptUp && !latency.atLeast && latency.ns <= this.#objective.limitNs
  }
}

/** `upper` is the load that was not kept or not confirmed. */
function loadEstimate(load: number, failed: number | null, trials: number): Estimate {
  const upper = Math.max(load, failed ?? load)
  return { value: load, lower: load, upper, level: null, n: trials, unit: 'requests/s' }
}

/** Null when nothing was answered in time. */
function latencyOf(latencies: readonly Latency[]): Estimate | null {
  const known = latencies.filter(({ atLeast }) => !atLeast).map(({ ns }) => ns)
  return known.length === 0 ? null : spread(known, 'ns')
}

function failedGates(trial: Trial): string[] {
  return trial.gates.filter(({ passed }) => !passed).map(({ name }) => name)
}

/** Second ÷ first; its bounds combine the best of one with the worst of the other. */
function ratioOf(
  first: Sustained | null | undefined,
  second: Sustained | null | undefined,
): Estimate | null {
  // An open end has no ratio: its other side would look exact.
  if (!first || !second || first.atLeast || second.atLeast) return null
  return {
    value: second.perSecond.value / first.perSecond.value,
    lower: second.perSecond.lower / first.perSecond.upper,
    upper: second.perSecond.upper / first.perSecond.lower,
    level: null,
    n: Math.min(first.perSecond.n, second.perSecond.n),
    unit: '×',
  }
}
