import { NS_PER_SECOND } from '../base/units.ts'
import { combineSeeds } from '../base/random.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Report, Trial } from '../results/schema.ts'
import { createTrace } from '../workload/trace.ts'
import type { Routing, Trace } from '../workload/trace-layout.ts'
import { planRun } from './plan.ts'
import type { RunEvent, RunHooks, RunRequest } from './run-request.ts'
import { runTrial, type TrialContext } from './run-trial.ts'
import type { TrialTimes } from './trial-plan.ts'

/** Requests of one cycle of a trace. */
const STEADY_CYCLE = 1 << 17
const WARM_UP_CYCLE = 1 << 15
/** Pairs draw their traces from the numbers 0, 1, …; everything else from numbers that no pair has. */
const WARM_UP_SEED = -1
export const CAPACITY_SEED = -2
export const OBJECTIVE_SEED = -1_000

/** What the parts of a run share: the request, the growing report, and how trials are made. */
export class RunState {
  readonly request: RunRequest
  readonly context: TrialContext
  readonly report: Report
  readonly #hooks: RunHooks
  readonly #plannedSeconds: number
  readonly #warmUps = new Map<Routing, Trace>()

  constructor(request: RunRequest, context: TrialContext, report: Report, hooks: RunHooks) {
    this.request = request
    this.context = context
    this.report = report
    this.#hooks = hooks
    this.#plannedSeconds = planRun(request).seconds
  }

  /** Runs one trial on the trace of this number. */
  async trial(
    arm: Arm,
    offeredPerSecond: number | null,
    number: number,
    times: TrialTimes,
  ): Promise<{ trial: Trial; traceHash: string }> {
    const steady = this.trace(routingOf(arm), number)
    const warmUp = this.#warmUp(routingOf(arm))
    const trial = await runTrial(this.context, { arm, offeredPerSecond, warmUp, steady, times })
    return { trial, traceHash: steady.hash }
  }

  /** The trace of this number: the same for all arms of the same routing. */
  trace(routing: Routing, number: number, count = STEADY_CYCLE): Trace {
    const { workload, keySpace, cores } = this.context
    const seed = combineSeeds(this.request.seed, number)
    return createTrace({ workload, keySpace, portCount: cores.length, routing, seed, count })
  }

  #warmUp(routing: Routing): Trace {
    const known = this.#warmUps.get(routing)
    if (known) return known
    const trace = this.trace(routing, WARM_UP_SEED, WARM_UP_CYCLE)
    this.#warmUps.set(routing, trace)
    return trace
  }

  /** The capacity that loads in percent refer to; null when none was measured. */
  smallerCapacity(): number | null {
    const { capacity } = this.report
    return capacity === null
      ? null
      : Math.min(...Object.values(capacity.arms).map((estimate) => estimate.value))
  }

  /** Seconds of the budget that are left; infinite without one. */
  secondsLeft(): number {
    return (this.request.budgetSeconds ?? Number.POSITIVE_INFINITY) - this.elapsedSeconds()
  }

  elapsedSeconds(): number {
    return this.context.clock.nowNs() / NS_PER_SECOND
  }

  warn(code: string, message: string, cure: string): void {
    this.report.warnings.push({ code, message, cure })
  }

  tell(event: RunEvent): void {
    this.report.run.elapsedSeconds = this.elapsedSeconds()
    const done = Math.min(1, this.elapsedSeconds() / this.#plannedSeconds)
    this.#hooks.onEvent(event, this.report, done)
  }

  save(): void {
    this.report.run.elapsedSeconds = this.elapsedSeconds()
    this.#hooks.save(this.report)
  }
}

function routingOf(arm: Arm): Routing {
  return arm.options['routing'] === 'shard-aware' ? 'shard-aware' : 'random'
}

/** Whether a trial failed one of the gates that repeating it might mend; wrong answers end the run instead. */
export function failedGate(trial: Trial): string | undefined {
  const failed = trial.gates.filter((gate) => !gate.passed)
  // Noise explains the others.
  return (failed.find((gate) => gate.name === 'noise') ?? failed[0])?.name
}
