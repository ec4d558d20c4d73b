import { NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Report, Trial } from '../results/schema.ts'
import type { Routing, Trace } from '../workload/trace-layout.ts'
import { Pacing } from './rounds/pacing.ts'
import type { TracedTrial } from './rounds/server-under-test.ts'
import type { RunEvent, RunHooks, RunRequest } from './run-request.ts'
import type { TrialContext } from './run-trial.ts'
import type { TrialTimes } from './trial-plan.ts'
import { TrialSeries } from './trial-series.ts'

/** The search draws its traces from the numbers below this one. */
export const OBJECTIVE_SEED = -1_000

/** What the parts of a run share: the request, the growing report, and how trials are made. */
export class RunState {
  readonly request: RunRequest
  readonly context: TrialContext
  readonly report: Report
  readonly pacing: Pacing
  readonly #hooks: RunHooks
  readonly #series: TrialSeries

  constructor(request: RunRequest, context: TrialContext, report: Report, hooks: RunHooks) {
    this.request = request
    this.context = context
    this.report = report
    this.pacing = new Pacing(
      () => context.clock.nowNs() / NS_PER_SECOND,
      request.budgetSeconds ?? Number.POSITIVE_INFINITY,
    )
    this.#hooks = hooks
    this.#series = new TrialSeries(context, request.seed)
  }

  /** Runs one trial on fresh threads, on the trace of this number. */
  async trial(
    arm: Arm,
    offeredPerSecond: number | null,
    number: number,
    times: TrialTimes,
  ): Promise<TracedTrial> {
    return this.#series.trial(arm, offeredPerSecond, number, times)
  }

  /** The trace of this number: the same for all arms of the same routing. */
  trace(routing: Routing, number: number): Trace {
    return this.#series.trace(routing, number)
  }

  /** The closed window's throughput of the smaller arm, from which a search of an objective starts; null when none was measured. */
  smallerSaturated(): number | null {
    const { capacity } = this.report
    return capacity === null
      ? null
      : Math.min(...Object.values(capacity.saturated).map((estimate) => estimate.value))
  }

  elapsedSeconds(): number {
    return this.pacing.elapsedSeconds()
  }

  readonly warn = (code: string, message: string, cure: string): void => {
    this.report.warnings.push({ code, message, cure })
  }

  tell(event: RunEvent): void {
    this.report.run.elapsedSeconds = this.elapsedSeconds()
    this.#hooks.onEvent(event, this.report, this.pacing.advance())
  }

  save(): void {
    this.report.run.elapsedSeconds = this.elapsedSeconds()
    this.#hooks.save(this.report)
  }
}

/** Whether a trial failed one of the gates that are a doubt about it; wrong answers end the run instead. */
export function failedGate(trial: Trial): string | undefined {
  const failed = trial.gates.filter((gate) => !gate.passed)
  // Noise explains the others.
  return (failed.find((gate) => gate.name === 'noise') ?? failed[0])?.name
}
