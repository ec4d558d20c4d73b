import { wallClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import { valueText } from '../base/value-text.ts'
import type { Arm } from '../contract/architecture.ts'
import { readEnvironment } from '../measure/environment.ts'
import type { PointPair, PointTrial } from '../results/point-pair.ts'
import { COMPARISON_NAMES, type ComparisonName } from '../results/schema.ts'
import { SWEEP_VERSION } from '../results/sweep.ts'
import type { Sweep, SweepValue } from '../results/sweep.ts'
import { needsCapacity, offeredAt, referencePerSecond, referenceText } from './points/point-load.ts'
import type { PointTrials } from './points/point-trials.ts'
import { capacityValues, sweepSeconds, sweepTrialSeconds } from './sweep-plan.ts'
import type { SweepEvent, SweepHooks, SweepPart, SweepRequest } from './sweep-request.ts'
import { summarizeSweep } from './sweep-summary.ts'

/** Where a pair belongs. */
export type PairPlace = Pick<SweepEvent, 'part' | 'round' | 'of' | 'value'>

/** What the parts of a sweep share: the request, the growing result, and how pairs are made. */
export class SweepState {
  readonly request: SweepRequest
  readonly sweep: Sweep
  readonly #trials: PointTrials
  readonly #hooks: SweepHooks
  /** Planned length of the trials that have ended. */
  #doneSeconds = 0

  constructor(request: SweepRequest, trials: PointTrials, hooks: SweepHooks) {
    this.request = request
    this.sweep = emptySweep(request, trials.pinned)
    this.#trials = trials
    this.#hooks = hooks
  }

  /**
   * Measures one pair and saves it trial by trial.
   * @throws CrossoverError of kind `run` when an answer is wrong, or at capacity there is none.
   */
  async measure(place: PairPlace): Promise<void> {
    const { part, round, value } = place
    const kept = part === 'capacity' ? this.sweep.capacityPairs : this.#valueAt(value).pairs
    const tell = (pair: PointPair, arm: Arm, trial: PointTrial | null): void => {
      if (trial === null && pair.trials.length === 0) kept.push(pair)
      if (trial !== null) {
        this.#doneSeconds += sweepTrialSeconds(this.request, part)
        this.save()
        this.#requireSound(place, trial)
      }
      this.#tell({ ...place, arm: arm.label, trial })
    }
    if (part === 'capacity') await this.#trials.capacityPair(value, round - 1, tell)
    else await this.#trials.pair(value, round - 1, this.#valueAt(value).offeredPerSecond!, tell)
  }

  /** Once capacities are known, if they must be: what each value is offered. */
  chooseLoads(): void {
    const { request, sweep } = this
    const reference = needsCapacity(request)
      ? referencePerSecond(request.range, sweep.capacityPairs)
      : null
    sweep.load.referencePerSecond = reference
    for (const value of sweep.values) {
      value.offeredPerSecond = offeredAt(request, value.value, reference ?? 0)
    }
  }

  /** Seconds of the budget that are left; infinite without one. */
  secondsLeft(): number {
    return (this.request.budgetSeconds ?? Number.POSITIVE_INFINITY) - this.#elapsedSeconds()
  }

  warn(code: string, message: string, cure: string): void {
    this.sweep.warnings.push({ code, message, cure })
  }

  /** Saves it with everything that follows from its trials. */
  save(): void {
    summarizeSweep(this.sweep)
    this.sweep.run.elapsedSeconds = this.#elapsedSeconds()
    this.#hooks.save(this.sweep)
  }

  #tell(event: SweepEvent): void {
    const { capacity, latency } = sweepSeconds(this.request)
    this.sweep.run.elapsedSeconds = this.#elapsedSeconds()
    this.#hooks.onEvent(event, this.sweep, Math.min(1, this.#doneSeconds / (capacity + latency)))
  }

  #valueAt(value: number): SweepValue {
    return this.sweep.values.find((candidate) => candidate.value === value)!
  }

  #requireSound({ part, round, value }: PairPlace, trial: PointTrial): void {
    const at = valueText(this.request.range, value)
    const where = `arm=${trial.arm} ${this.request.range.name}=${at} ${part} round=${round}`
    if (trial.void !== null) throw runError('void', `void: ${where}: ${trial.void}`)
    if (part === 'capacity' && trial.achievedPerSecond === 0)
      throw runError('no-capacity', `no request was answered: ${where}`)
  }

  #elapsedSeconds(): number {
    return this.#trials.clock.nowNs() / NS_PER_SECOND
  }
}

/** Whether capacity must be known before anything can be offered. */
export function isCapacityNeeded(part: SweepPart, request: SweepRequest, round: number): boolean {
  return part === 'capacity' && round === 1 && needsCapacity(request)
}

function emptySweep(request: SweepRequest, pinned: boolean): Sweep {
  const { loaded, arms, range } = request
  const { scenario, params } = loaded
  const { [range.subject === 'parameter' ? range.name : '']: _, ...fixed } = params
  return {
    schemaVersion: SWEEP_VERSION,
    complete: false,
    ending: null,
    run: {
      startedAt: wallClock().toISOString(),
      command: request.command,
      seed: request.seed,
      elapsedSeconds: 0,
      cpus: [...request.cpus],
      virtualCores: request.virtualCores,
      durationSeconds: request.durationSeconds,
      plannedPairs: request.pairs,
      throughput: request.throughput,
      plannedCapacityPairs: request.capacityPairs,
      metric: request.metric,
      level: request.level,
    },
    environment: readEnvironment(pinned),
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim ?? null,
      prediction: scenario.prediction ? { ...scenario.prediction } : null,
      params: fixed,
    },
    predictionOutcome: null,
    arms: arms.map((arm) => ({ ...arm, options: { ...arm.options } })),
    over: {
      subject: range.subject,
      name: range.name,
      unit: range.unit,
      integer: range.integer,
    },
    load: emptyLoad(request),
    values: range.values.map((value) => ({
      value,
      offeredPerSecond: null,
      figures: {},
      ratios: nothing(),
      outcome: 'unknown',
      timerBound: null,
      capacity: null,
      pairs: [],
    })),
    capacityPairs: [],
    scaling: null,
    slopes: null,
    markedTrials: { count: 0, of: 0, byGate: {} },
    warnings: [],
  }
}

function emptyLoad(request: SweepRequest): Sweep['load'] {
  const { range, load } = request
  const ends = [range.from, range.to].map((end) => valueText(range, end))
  return {
    label: range.subject === 'load' ? ends.join('..') : load.label,
    reference: needsCapacity(request) ? referenceText(range, capacityValues(request)) : null,
    referencePerSecond: null,
    perCore: range.subject === 'cores',
  }
}

/** For no metric is anything known. */
function nothing(): Record<ComparisonName, null> {
  const entries = COMPARISON_NAMES.map((metric) => [metric, null])
  return Object.fromEntries(entries) as Record<ComparisonName, null>
}
