import { runError } from '../base/errors.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Estimate, Objective, Sustained, Trial } from '../results/schema.ts'
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

/**
 * The highest load that each arm sustains within the objective: from a low load by doubling, then by bisection to 2 %,
 * one trial each; then confirmed by pairs of trials, each arm at its own load. A load that is kept in less than half of
 * them was found by luck and is lowered.
 */
export async function searchObjective(run: RunState, asked: ObjectiveRequest): Promise<void> {
  const { arms } = run.request
  const [first, second] = arms
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
  objective.ratio = ratioOf(objective.arms[first.label], objective.arms[second.label])
  objective.sentence = sustainedSentence(objective, first.label, second.label)
  run.save()
}

class Search {
  readonly #run: RunState
  readonly #objective: Objective
  #probes = 0

  constructor(run: RunState, objective: Objective) {
    this.#run = run
    this.#objective = objective
  }

  /** Doubling and bisection, as far as the budget goes; null when the arm keeps the objective nowhere. */
  async bracket(arm: Arm): Promise<Bracket | null> {
    const capacity = this.#run.report.capacity!.arms[arm.label]!.value
    let kept: number | null = null
    let failed: number | null = null
    let load = capacity * FIRST_SHARE
    while (kept === null || failed === null) {
      if (this.#run.secondsLeft() <= 0) break
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
    while (failed !== null && failed / kept > PRECISION && this.#run.secondsLeft() > 0) {
      const middle = Math.sqrt(kept * failed)
      if (await this.#keeps(arm, middle)) kept = middle
      else failed = middle
    }
    return { kept, failed }
  }

  /** Pairs of trials at the loads that were found; lowers those that are not confirmed. */
  async confirm(brackets: ReadonlyMap<Arm, Bracket | null>): Promise<void> {
    const loads = new Map([...brackets].map(([arm, bracket]) => [arm, bracket?.kept ?? null]))
    let open = [...brackets.keys()]
    for (let step = 0; step <= STEPS_DOWN && open.length > 0; step++) {
      const trials = await this.#confirmingTrials(open, loads, step)
      const lowered: Arm[] = []
      for (const arm of open) {
        const bracket = brackets.get(arm)!
        const load = loads.get(arm)!
        if (bracket === null || load === null) {
          this.#objective.arms[arm.label] = null
          continue
        }
        const sustained = this.#sustained(load, bracket, trials.get(arm) ?? [])
        const isConfirmed = 2 * sustained.kept >= sustained.of
        // Found by luck, and not confirmed below it either.
        this.#objective.arms[arm.label] = isConfirmed || step < STEPS_DOWN ? sustained : null
        if (isConfirmed || step === STEPS_DOWN) continue
        loads.set(arm, load * STEP_DOWN)
        lowered.push(arm)
      }
      open = lowered
      this.#run.save()
    }
  }

  async #confirmingTrials(
    arms: readonly Arm[],
    loads: ReadonlyMap<Arm, number | null>,
    step: number,
  ): Promise<Map<Arm, Trial[]>> {
    const trials = new Map<Arm, Trial[]>()
    const { pairs } = this.#run.request
    for (let pair = 0; pair < pairs; pair++) {
      const number = CONFIRMING_TRACES + step * pairs + pair
      for (const arm of pair % 2 === 0 ? arms : arms.toReversed()) {
        const load = loads.get(arm) ?? null
        if (load === null || this.#run.secondsLeft() <= 0) continue
        trials.set(arm, [...(trials.get(arm) ?? []), await this.#probe(arm, load, number)])
      }
    }
    return trials
  }

  #sustained(load: number, bracket: Bracket, trials: readonly Trial[]): Sustained {
    const { percentile } = this.#objective
    const latencies = trials
      .map((trial) => trial.percentiles[percentile])
      .filter((latency) => !latency.atLeast)
      .map((latency) => latency.ns)
    const perSecond: Estimate = {
      value: load,
      lower: load,
      upper: bracket.failed ?? load,
      level: null,
      n: Math.max(2, trials.length),
      unit: 'requests/s',
    }
    return {
      perSecond,
      atLeast: bracket.failed === null,
      kept: trials.filter((trial) => this.#isKept(trial)).length,
      of: trials.length,
      latencyNs: latencies.length === 0 ? null : spread(latencies, 'ns'),
    }
  }

  /** Whether a trial keeps the objective; one that others disturbed gets a second chance. */
  async #keeps(arm: Arm, load: number): Promise<boolean> {
    const trial = await this.#probe(arm, load, this.#probes)
    if (this.#isKept(trial)) return true
    const noisy = trial.gates.some((gate) => gate.name === 'noise' && !gate.passed)
    return noisy && this.#isKept(await this.#probe(arm, load, this.#probes))
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
    this.#objective.probes.push({ arm: arm.label, offeredPerSecond, latency, kept })
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

/** Second ÷ first; its bounds combine the best of one with the worst of the other. */
function ratioOf(
  first: Sustained | null | undefined,
  second: Sustained | null | undefined,
): Estimate | null {
  if (!first || !second) return null
  return {
    value: second.perSecond.value / first.perSecond.value,
    lower: second.perSecond.lower / first.perSecond.upper,
    upper: second.perSecond.upper / first.perSecond.lower,
    level: null,
    n: Math.min(first.perSecond.n, second.perSecond.n),
    unit: '×',
  }
}
