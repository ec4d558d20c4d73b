import { wallClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import { valueText } from '../base/value-text.ts'
import type { Arm } from '../contract/architecture.ts'
import { readEnvironment } from '../measure/environment.ts'
import { CROSSING_VERSION } from '../results/crossing.ts'
import type { CrossingSearch, CrossingValue } from '../results/crossing.ts'
import type { PointPair, PointTrial } from '../results/point-pair.ts'
import { capacityValues, isClosed, pairSeconds, plannedSeconds } from './find-plan.ts'
import type { FindEvent, FindHooks, FindRequest } from './find-request.ts'
import { type FoundSoFar, summarizeFind } from './find-summary.ts'
import { needsCapacity, offeredAt, referencePerSecond, referenceText } from './points/point-load.ts'
import type { PointTrials } from './points/point-trials.ts'

/** What the parts of a search share: the request, the growing result, and how pairs are made. */
export class FindState {
  readonly request: FindRequest
  readonly search: CrossingSearch
  readonly #trials: PointTrials
  readonly #hooks: FindHooks
  /** Whole pairs, capacities aside. */
  #pairs = 0
  #found: FoundSoFar | null = null
  /** Planned length of the trials that have ended. */
  #doneSeconds = 0

  constructor(request: FindRequest, trials: PointTrials, hooks: FindHooks) {
    this.request = request
    this.search = emptySearch(request, trials.pinned)
    this.#trials = trials
    this.#hooks = hooks
  }

  /** Null while fewer than two values have a ratio. */
  get found(): FoundSoFar | null {
    return this.#found
  }

  /** Whole pairs so far, capacities aside. */
  get pairs(): number {
    return this.#pairs
  }

  /**
   * Measures capacity at a value and saves it trial by trial.
   * @param number from 0
   * @throws CrossoverError of kind `run` when an answer is wrong, or there is none.
   */
  async measureCapacity(value: number, number: number): Promise<void> {
    const place = { part: 'capacity', pair: this.search.capacityPairs.length + 1, value } as const
    const tell = this.#tellFor(place, this.search.capacityPairs)
    await this.#trials.capacityPair(value, number, tell)
  }

  /**
   * Measures one pair at a value, on arrivals that no other pair has: what they have in common would pull all values
   * alike, of which no resample of pairs knows.
   * @throws CrossoverError of kind `run` when an answer is wrong.
   */
  async measurePair(value: number): Promise<void> {
    const place = { part: 'pairs', pair: this.#pairs + 1, value } as const
    const { pairs, offeredPerSecond } = this.#valueAt(value)
    const tell = this.#tellFor(place, pairs)
    if (offeredPerSecond === null) await this.#trials.capacityPair(value, this.#pairs, tell)
    else await this.#trials.pair(value, this.#pairs, offeredPerSecond, tell)
    this.#pairs++
  }

  /** Once capacities are known, if they must be. */
  chooseReference(): void {
    const { request, search } = this
    if (isClosed(request) || !needsCapacity(request)) return
    search.load.referencePerSecond = referencePerSecond(request.range, search.capacityPairs)
  }

  /** Seconds of the budget that are left; infinite without one. */
  secondsLeft(): number {
    return (this.request.budgetSeconds ?? Number.POSITIVE_INFINITY) - this.#elapsedSeconds()
  }

  warn(code: string, message: string, cure: string): void {
    this.search.warnings.push({ code, message, cure })
  }

  /** Saves it with everything that follows from its trials. */
  save(): void {
    this.#found = summarizeFind(this.search)
    this.search.run.elapsedSeconds = this.#elapsedSeconds()
    this.#hooks.save(this.search)
  }

  #tellFor(
    place: Pick<FindEvent, 'part' | 'pair' | 'value'>,
    kept: PointPair[],
  ): (pair: PointPair, arm: Arm, trial: PointTrial | null) => void {
    return (pair, arm, trial) => {
      if (trial === null && pair.trials.length === 0) kept.push(pair)
      if (trial !== null) {
        this.save()
        this.#requireSound(place, trial)
      }
      if (trial !== null) this.#doneSeconds += pairSeconds(this.request, place.part) / 2
      this.search.run.elapsedSeconds = this.#elapsedSeconds()
      this.#hooks.onEvent({ ...place, arm: arm.label, trial }, this.search, this.#doneFraction())
    }
  }

  #valueAt(value: number): CrossingValue {
    const { values } = this.search
    const known = values.find((candidate) => candidate.value === value)
    if (known !== undefined) return known
    const added = emptyValue(value, this.#offeredAt(value))
    values.push(added)
    values.sort((a, b) => a.value - b.value)
    return added
  }

  #offeredAt(value: number): number | null {
    if (isClosed(this.request)) return null
    return offeredAt(this.request, value, this.search.load.referencePerSecond ?? 0)
  }

  #requireSound(
    { part, pair, value }: Pick<FindEvent, 'part' | 'pair' | 'value'>,
    trial: PointTrial,
  ): void {
    const { range } = this.request
    const where = `arm=${trial.arm} ${range.name}=${valueText(range, value)} ${part === 'capacity' ? 'capacity ' : ''}pair=${pair}`
    if (trial.void !== null) throw runError('void', `void: ${where}: ${trial.void}`)
    if (part === 'capacity' && trial.achievedPerSecond === 0)
      throw runError('no-capacity', `no request was answered: ${where}`)
  }

  /** By the budget or by the pairs, whichever ends it sooner. */
  #doneFraction(): number {
    const { budgetSeconds } = this.request
    const ofBudget = this.#elapsedSeconds() / (budgetSeconds ?? Number.POSITIVE_INFINITY)
    return Math.min(1, Math.max(ofBudget, this.#doneSeconds / plannedSeconds(this.request)))
  }

  #elapsedSeconds(): number {
    return this.#trials.clock.nowNs() / NS_PER_SECOND
  }
}

function emptyValue(value: number, offeredPerSecond: number | null): CrossingValue {
  return {
    value,
    offeredPerSecond,
    pairs: [],
    pairRatios: [],
    ratio: null,
    fitted: null,
    timerBound: null,
  }
}

function emptySearch(request: FindRequest, pinned: boolean): CrossingSearch {
  const { loaded, arms, range } = request
  const { scenario, params } = loaded
  const { [range.subject === 'parameter' ? range.name : '']: _, ...fixed } = params
  return {
    schemaVersion: CROSSING_VERSION,
    complete: false,
    ending: null,
    end: null,
    run: {
      startedAt: wallClock().toISOString(),
      command: request.command,
      seed: request.seed,
      elapsedSeconds: 0,
      cpus: [...request.cpus],
      virtualCores: request.virtualCores,
      durationSeconds: request.durationSeconds,
      metric: request.metric,
      level: request.level,
      until: request.until,
      mostPairs: request.mostPairs,
    },
    environment: readEnvironment(pinned),
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim ?? null,
      prediction: scenario.prediction ? { ...scenario.prediction } : null,
      params: fixed,
    },
    arms: arms.map((arm) => ({ ...arm, options: { ...arm.options } })),
    over: {
      subject: range.subject,
      name: range.name,
      unit: range.unit,
      integer: range.integer,
      from: range.from,
      to: range.to,
    },
    load: emptyLoad(request),
    values: [],
    crossing: null,
    capacityPairs: [],
    markedTrials: { count: 0, of: 0, byGate: {} },
    warnings: [],
  }
}

function emptyLoad(request: FindRequest): CrossingSearch['load'] {
  const { range, load } = request
  const isRelative = !isClosed(request) && needsCapacity(request)
  const ends = [range.from, range.to].map((end) => valueText(range, end)).join('..')
  const label = range.subject === 'load' ? ends : load.label
  return {
    label: isClosed(request) ? 'max' : label,
    reference: isRelative ? referenceText(range, capacityValues(request)) : null,
    referencePerSecond: null,
    perCore: range.subject === 'cores',
  }
}
