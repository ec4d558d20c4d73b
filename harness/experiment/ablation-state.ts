import { wallClock } from '../base/clock.ts'
import { combineSeeds } from '../base/random.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import { readEnvironment } from '../measure/environment.ts'
import { ABLATION_METRICS, ABLATION_VERSION } from '../results/ablation.ts'
import type { Ablation, AblationMetric, ChainTrial, Round } from '../results/ablation.ts'
import type { Trial } from '../results/schema.ts'
import { partSeconds, roundOrder, traceNumber, trialSeconds } from './ablation-plan.ts'
import type { AblationHooks, AblationRequest, RoundPlace } from './ablation-request.ts'
import type { TrialContext } from './run-trial.ts'
import { summarizeChain } from './summarize-chain.ts'
import { TrialSeries } from './trial-series.ts'

/** What the parts of an ablation share: the request, the growing result, and how trials are made. */
export class AblationState {
  readonly request: AblationRequest
  readonly context: TrialContext
  readonly ablation: Ablation
  readonly series: TrialSeries
  readonly #hooks: AblationHooks
  /** Planned length of the trials that have ended. */
  #doneSeconds = 0

  constructor(request: AblationRequest, context: TrialContext, hooks: AblationHooks) {
    this.request = request
    this.context = context
    this.ablation = emptyAblation(request, context.setAffinity !== null)
    this.series = new TrialSeries(context, request.seed)
    this.#hooks = hooks
  }

  /** Puts a round without trials into the result. */
  begin({ part, group, round }: RoundPlace): Round {
    const { seed, chain } = this.request
    const index = round - 1
    const last = chain.arms.length - 1
    const places = group === 'ends' ? [0, last] : [...chain.arms.keys()]
    const begun: Round = {
      index,
      seed: combineSeeds(seed, traceNumber(part, group, index)),
      order: roundOrder(seed, part, group, index, places),
      trials: [],
    }
    this.ablation.measured[part][group].push(begun)
    return begun
  }

  /** Seconds of the budget that are left; infinite without one. */
  secondsLeft(): number {
    return (this.request.budgetSeconds ?? Number.POSITIVE_INFINITY) - this.#elapsedSeconds()
  }

  warn(code: string, message: string, cure: string): void {
    this.ablation.warnings.push({ code, message, cure })
  }

  /** @param trial null when it begins */
  tell(place: RoundPlace, arm: number, trial: ChainTrial | null): void {
    if (trial !== null) this.#doneSeconds += trialSeconds(this.request, place.part)
    const { capacity, latency } = partSeconds(this.request)
    const done = Math.min(1, this.#doneSeconds / (capacity + latency))
    this.ablation.run.elapsedSeconds = this.#elapsedSeconds()
    this.#hooks.onEvent({ ...place, arm, trial }, this.ablation, done)
  }

  /** Saves it with everything that follows from its trials. */
  save(): void {
    summarizeChain(this.ablation, this.request)
    this.ablation.run.elapsedSeconds = this.#elapsedSeconds()
    this.#hooks.save(this.ablation)
  }

  #elapsedSeconds(): number {
    return this.context.clock.nowNs() / NS_PER_SECOND
  }
}

/** What an ablation keeps of a trial. */
export function chainTrial(trial: Trial, arm: number): ChainTrial {
  const { percentiles, counters } = trial
  return {
    arm,
    startedAtSeconds: trial.startedAtSeconds,
    p50: percentiles.p50,
    p99: percentiles.p99,
    cpuPerRequestNs:
      counters.cpuSecondsPerRequest === null ? null : counters.cpuSecondsPerRequest * NS_PER_SECOND,
    achievedPerSecond: trial.achievedPerSecond,
    failedGates: trial.gates.filter((gate) => !gate.passed).map((gate) => gate.name),
    void: trial.void,
  }
}

function emptyAblation(request: AblationRequest, pinned: boolean): Ablation {
  const { chain, loaded } = request
  const { scenario, params } = loaded
  return {
    schemaVersion: ABLATION_VERSION,
    complete: false,
    ending: null,
    run: {
      startedAt: wallClock().toISOString(),
      command: request.command,
      seed: request.seed,
      elapsedSeconds: 0,
      cpus: [...request.cpus],
      durationSeconds: request.durationSeconds,
      plannedRounds: request.rounds,
      plannedCapacityRounds: request.capacityRounds,
      level: request.level,
    },
    environment: readEnvironment(pinned),
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim ?? null,
      params: { ...params },
    },
    arms: chain.arms.map((arm) => ({
      ...arm,
      options: { ...arm.options },
      figures: nothing(),
    })),
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
    warnings: [],
  }
}

/** For no metric is anything known. */
function nothing(): Record<AblationMetric, null> {
  const entries = ABLATION_METRICS.map((metric) => [metric, null])
  return Object.fromEntries(entries) as Record<AblationMetric, null>
}
