import { availableParallelism } from 'node:os'
import { calibrateBurn } from '../measure/burn.ts'
import { loadSetAffinity } from '../measure/affinity.ts'
import { readEnvironment, readLoadAverage } from '../measure/environment.ts'
import { runError, usageError } from '../base/errors.ts'
import { monotonicOriginNs, ThreadClock, wallClock } from '../base/clock.ts'
import { combineSeeds, seededRandom } from '../base/random.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Load, Pair, Report, Trial } from '../results/schema.ts'
import { SCHEMA_VERSION } from '../results/schema.ts'
import { createKeySpace } from '../workload/keys.ts'
import { createTrace, type Routing } from '../workload/trace.ts'
import type { Trace } from '../workload/trace-layout.ts'
import { capacityOf, overheadOf, spread } from './capacity.ts'
import { compareArms, judgeArms } from './compare-arms.ts'
import { measureInlineCeiling } from './inline-ceiling.ts'
import {
  CAPACITY_SECONDS,
  CAPACITY_TRIALS,
  INLINE_ROUNDS,
  middleLoad,
  needsCapacity,
  planRun,
  reservedSeconds,
  REFERENCE_TRIALS,
} from './plan.ts'
import type { LoadRequest, RunEvent, RunHooks, RunRequest } from './run-request.ts'
import { runTrial, type TrialContext, type TrialRequest } from './run-trial.ts'
import { capacityTimes, type TrialTimes, trialTimes } from './trial-plan.ts'

/** Requests of one cycle of a trace. */
const STEADY_CYCLE = 1 << 17
const WARM_UP_CYCLE = 1 << 15
/** Traces of warm-ups and capacity probes are drawn from numbers that no pair has. */
const WARM_UP_SEED = -1
const CAPACITY_SEED = -2

/**
 * Runs everything that the request asks for and returns the whole report. `hooks.save` gets the report after every
 * trial, so a run that ends early has lost nothing; then the report says `complete: false` and why.
 * @throws CrossoverError of kind `run` when a thread fails, every answer of an arm is wrong, or the run is interrupted.
 */
export async function runExperiment(request: RunRequest, hooks: RunHooks): Promise<Report> {
  const run = new Run(request, hooks)
  try {
    await run.all()
  } catch (error) {
    run.fail(error)
    throw error
  }
  return run.report
}

class Run {
  readonly report: Report
  readonly #request: RunRequest
  readonly #hooks: RunHooks
  readonly #context: TrialContext
  readonly #seconds: number
  readonly #warmUps = new Map<Routing, Trace>()

  constructor(request: RunRequest, hooks: RunHooks) {
    const { loaded } = request
    this.#request = request
    this.#hooks = hooks
    this.#seconds = planRun(request).seconds
    const originNs = monotonicOriginNs()
    const clock = new ThreadClock(originNs)
    const setAffinity = loadSetAffinity()
    const workload = loaded.scenario.workload(loaded.params)
    this.#context = {
      loaded,
      workload,
      keySpace: createKeySpace(workload.recordCount),
      cpus: request.cpus,
      originNs,
      clock,
      burnIterationsPerMicro: calibrateBurn(clock),
      setAffinity,
      signal: hooks.signal,
    }
    this.report = emptyReport(request, setAffinity !== null)
    if (setAffinity === null && request.cpus.length < availableParallelism()) {
      throw usageError(
        'unpinned',
        '--cpus cannot be kept: threads cannot be bound to processors here',
        'leave --cpus out, or start crossover under taskset; binding needs Linux and the optional package koffi',
      )
    }
    if (setAffinity === null) {
      this.report.warnings.push({
        code: 'unpinned',
        message: 'threads are not pinned to processors: sharded runs without one of its mechanisms',
        cure: 'run on Linux with the optional package koffi installed',
      })
    }
  }

  async all(): Promise<void> {
    const { loads } = this.#request
    if (needsCapacity(loads)) await this.#measureCapacity()
    for (const load of loads) await this.#measureLoad(load)
    if (this.#request.reference) await this.#measureReference(this.#request.reference)
    this.report.complete = true
    this.report.ending = null
    this.#finish()
  }

  fail(error: unknown): void {
    this.report.ending = error instanceof Error ? error.message : String(error)
    this.#finish()
  }

  #finish(): void {
    this.report.environment.loadAverageAfter = readLoadAverage()
    this.#save()
  }

  async #measureCapacity(): Promise<void> {
    const { arms, cpus } = this.#request
    const rates: Record<string, number[]> = {}
    for (let trial = 1; trial <= CAPACITY_TRIALS; trial++) {
      // Alternating order: the machine drifts.
      for (const arm of trial % 2 === 1 ? arms : arms.toReversed()) {
        this.#tell({
          kind: 'capacity',
          arm: arm.label,
          trial,
          of: CAPACITY_TRIALS,
          perSecond: null,
        })
        const perSecond = (await this.#capacityTrial(arm, trial)).achievedPerSecond
        rates[arm.label] = [...(rates[arm.label] ?? []), perSecond]
        this.#tell({ kind: 'capacity', arm: arm.label, trial, of: CAPACITY_TRIALS, perSecond })
      }
    }
    const trace = this.#trace('random', CAPACITY_SEED).ports[0]!
    const inline = await measureInlineCeiling(this.#context, trace, INLINE_ROUNDS)
    const inlineCeiling = spread(
      inline.map((perSecond) => perSecond * cpus.length),
      'requests/s',
    )
    const capacities = arms.map((arm) => [arm.label, capacityOf(rates[arm.label]!)] as const)
    this.report.capacity = {
      windowPerPort: Number(arms[0].options['permits']),
      arms: Object.fromEntries(capacities),
      inlineCeiling,
      overheadNs: Object.fromEntries(
        capacities.map(([label, capacity]) => [
          label,
          overheadOf(capacity, inlineCeiling, cpus.length),
        ]),
      ),
    }
    this.#save()
  }

  async #capacityTrial(arm: Arm, trial: number): Promise<Trial> {
    const steady = this.#trace(routingOf(arm), CAPACITY_SEED - trial)
    const result = await this.#trial(arm, null, steady, capacityTimes(CAPACITY_SECONDS))
    if (result.void !== null)
      throw runError('void', `void: arm=${arm.label} at capacity: ${result.void}`)
    return result
  }

  async #measureLoad(asked: LoadRequest): Promise<void> {
    const { arms, pairs } = this.#request
    const offeredPerSecond = this.#offered(asked)
    const smaller = this.#smallerCapacity()
    const load: Load = {
      label: asked.label,
      offeredPerSecond,
      fractionOfCapacity:
        offeredPerSecond === null || smaller === null ? null : offeredPerSecond / smaller,
      pairs: [],
      comparison: null,
      verdict: null,
    }
    this.report.loads.push(load)
    const orders = balancedOrders(pairs, this.#request.seed)
    for (let index = 0; index < pairs; index++) {
      if (this.#budgetUsed(reservedSeconds(this.#request))) return this.#warnBudget(load, index)
      const pair = await this.#runPair(load, index, orders[index] ? arms.toReversed() : arms)
      this.#judge(load)
      this.#save()
      const wrong = Object.values(pair.trials).find((trial) => trial.void !== null)
      if (wrong)
        throw runError(
          'void',
          `void: arm=${wrong.arm} load=${load.label} pair=${index + 1}: ${wrong.void}`,
        )
    }
    if (load.verdict)
      this.#tell({ kind: 'verdict', load: load.label, sentence: load.verdict.sentence })
  }

  async #runPair(load: Load, index: number, order: readonly Arm[]): Promise<Pair> {
    const seed = combineSeeds(this.#request.seed, index)
    const pair: Pair = {
      index,
      seed,
      traceHash: {},
      order: order.map((arm) => arm.label),
      trials: {},
    }
    load.pairs.push(pair)
    for (const arm of order) {
      const place = { load: load.label, pair: index + 1, of: this.#request.pairs }
      this.#tell({ kind: 'trial-started', ...place, arm: arm.label })
      const steady = this.#trace(routingOf(arm), index)
      pair.traceHash[arm.label] = steady.hash
      const trial = await this.#trial(
        arm,
        load.offeredPerSecond,
        steady,
        trialTimes(this.#request.durationSeconds),
      )
      pair.trials[arm.label] = trial
      this.#tell({ kind: 'trial-ended', ...place, trial })
      this.#save()
    }
    return pair
  }

  #judge(load: Load): void {
    const [first, second] = this.#request.arms
    load.comparison = compareArms(load.pairs, first.label, second.label)
    const metric = load.offeredPerSecond === null ? 'achievedPerSecond' : 'p99'
    load.verdict = judgeArms(load, metric, first.label, second.label)
  }

  async #measureReference(arm: Arm): Promise<void> {
    const { loads, durationSeconds } = this.#request
    const load = this.report.loads[middleLoad(loads)]
    if (load === undefined) return
    if (this.#budgetUsed()) {
      this.report.warnings.push({
        code: 'no-reference',
        message: `the time budget was used up: ${arm.label} was not measured beside the others`,
        cure: 'give a larger --budget',
      })
      return
    }
    this.#tell({ kind: 'reference', arm: arm.label })
    const trials: Trial[] = []
    const rates: number[] = []
    for (let trial = 1; trial <= REFERENCE_TRIALS; trial++) {
      if (this.report.capacity)
        rates.push((await this.#capacityTrial(arm, trial)).achievedPerSecond)
      if (load.offeredPerSecond === null) continue
      const steady = this.#trace(routingOf(arm), trial - 1)
      trials.push(
        await this.#trial(arm, load.offeredPerSecond, steady, trialTimes(durationSeconds)),
      )
    }
    const p99s = trials.filter((trial) => trial.void === null && !trial.percentiles.p99.atLeast)
    this.report.reference = {
      arm: { ...arm, options: { ...arm.options } },
      capacity: rates.length === 0 ? null : capacityOf(rates),
      loadLabel: trials.length === 0 ? null : load.label,
      p99:
        p99s.length === 0
          ? null
          : spread(
              p99s.map((trial) => trial.percentiles.p99.ns),
              'ns',
            ),
      trials,
    }
    this.#save()
  }

  #trial(
    arm: Arm,
    offeredPerSecond: number | null,
    steady: Trace,
    times: TrialTimes,
  ): Promise<Trial> {
    const warmUp = this.#warmUp(routingOf(arm))
    const trial: TrialRequest = {
      arm,
      offeredPerSecond,
      warmUp,
      steady,
      times,
    }
    return runTrial(this.#context, trial)
  }

  #warmUp(routing: Routing): Trace {
    const known = this.#warmUps.get(routing)
    if (known) return known
    const trace = this.#trace(routing, WARM_UP_SEED, WARM_UP_CYCLE)
    this.#warmUps.set(routing, trace)
    return trace
  }

  #trace(routing: Routing, number: number, count = STEADY_CYCLE): Trace {
    const { workload, keySpace, cpus } = this.#context
    const seed = combineSeeds(this.#request.seed, number)
    return createTrace({ workload, keySpace, portCount: cpus.length, routing, seed, count })
  }

  #smallerCapacity(): number | null {
    const { capacity } = this.report
    return capacity === null
      ? null
      : Math.min(...Object.values(capacity.arms).map((estimate) => estimate.value))
  }

  #offered(load: LoadRequest): number | null {
    if (load.kind === 'max') return null
    if (load.kind === 'absolute') return load.perSecond
    return ((this.#smallerCapacity() ?? 0) * load.percent) / 100
  }

  #budgetUsed(reserved = 0): boolean {
    const { budgetSeconds } = this.#request
    return budgetSeconds !== null && this.#elapsedSeconds() >= budgetSeconds - reserved
  }

  #warnBudget(load: Load, done: number): void {
    this.report.warnings.push({
      code: 'budget-used',
      message: `the time budget was used up: load=${load.label} has ${done} of ${this.#request.pairs} pairs`,
      cure: 'give a larger --budget, or fewer loads or pairs',
    })
    if (load.verdict)
      this.#tell({ kind: 'verdict', load: load.label, sentence: load.verdict.sentence })
  }

  #elapsedSeconds(): number {
    return this.#context.clock.nowNs() / NS_PER_SECOND
  }

  #tell(event: RunEvent): void {
    this.report.run.elapsedSeconds = this.#elapsedSeconds()
    this.#hooks.onEvent(event, this.report, Math.min(1, this.#elapsedSeconds() / this.#seconds))
  }

  #save(): void {
    this.report.run.elapsedSeconds = this.#elapsedSeconds()
    this.#hooks.save(this.report)
  }
}

function routingOf(arm: Arm): Routing {
  return arm.options['routing'] === 'shard-aware' ? 'shard-aware' : 'random'
}

/** True where the second arm goes first. Balanced in blocks of two, the first of each block drawn at random. */
function balancedOrders(pairs: number, seed: number): boolean[] {
  const random = seededRandom(combineSeeds(seed, pairs))
  const orders: boolean[] = []
  while (orders.length < pairs) {
    const swapped = random.unit() < 0.5
    orders.push(swapped, !swapped)
  }
  return orders.slice(0, pairs)
}

function emptyReport(request: RunRequest, pinned: boolean): Report {
  const { scenario, params } = request.loaded
  const startedAt = wallClock().toISOString()
  return {
    schemaVersion: SCHEMA_VERSION,
    complete: false,
    ending: null,
    run: {
      id: `${startedAt.replaceAll(/[:.]/g, '-')}-${scenario.name}`,
      startedAt,
      command: request.command,
      seed: request.seed,
      elapsedSeconds: 0,
      profile: request.profile,
      cpus: [...request.cpus],
      durationSeconds: request.durationSeconds,
      plannedPairs: request.pairs,
    },
    environment: readEnvironment(pinned),
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim ?? null,
      prediction: scenario.prediction ?? null,
      params: { ...params },
    },
    arms: request.arms.map((arm) => ({ ...arm, options: { ...arm.options } })),
    capacity: null,
    loads: [],
    reference: null,
    warnings: [],
  }
}
