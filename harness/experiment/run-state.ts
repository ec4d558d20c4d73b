import { NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Report, Trial } from '../results/schema.ts'
import type { Routing, Trace } from '../workload/trace-layout.ts'
import type { StepKind } from './rounds/experiment.ts'
import type { TracedTrial } from './rounds/server-under-test.ts'
import type { Advance, RunEvent, RunHooks, RunRequest } from './run-request.ts'
import type { TrialContext } from './run-trial.ts'
import type { TrialTimes } from './trial-plan.ts'
import { TrialSeries } from './trial-series.ts'

/** The search draws its traces from the numbers below this one. */
export const OBJECTIVE_SEED = -1_000

/** Numbers of steps that are left, by kind. */
type StepsLeft = Readonly<Partial<Record<StepKind, number>>>

/** What the parts of a run share: the request, the growing report, and how trials are made. */
export class RunState {
  readonly request: RunRequest
  readonly context: TrialContext
  readonly report: Report
  readonly #hooks: RunHooks
  readonly #series: TrialSeries
  #secondsFor: (left: StepsLeft) => number = () => 0
  #left: () => StepsLeft = () => ({})

  constructor(request: RunRequest, context: TrialContext, report: Report, hooks: RunHooks) {
    this.request = request
    this.context = context
    this.report = report
    this.#hooks = hooks
    this.#series = new TrialSeries(context, request.seed)
  }

  /** From now on what is told says how far the run is. @param secondsFor how long so many steps take */
  paced(left: () => StepsLeft, secondsFor: (left: StepsLeft) => number): void {
    this.#left = left
    this.#secondsFor = secondsFor
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

  /** Seconds of the budget that are left; infinite without one. */
  secondsLeft(): number {
    return (this.request.budgetSeconds ?? Number.POSITIVE_INFINITY) - this.elapsedSeconds()
  }

  /** Seconds of the budget that so many steps will not need. */
  secondsToSpare(left: StepsLeft): number {
    return this.secondsLeft() - this.#secondsFor(left)
  }

  elapsedSeconds(): number {
    return this.context.clock.nowNs() / NS_PER_SECOND
  }

  readonly warn = (code: string, message: string, cure: string): void => {
    this.report.warnings.push({ code, message, cure })
  }

  tell(event: RunEvent): void {
    this.report.run.elapsedSeconds = this.elapsedSeconds()
    this.#hooks.onEvent(event, this.report, this.#advance())
  }

  save(): void {
    this.report.run.elapsedSeconds = this.elapsedSeconds()
    this.#hooks.save(this.report)
  }

  #advance(): Advance {
    const elapsed = this.elapsedSeconds()
    const secondsLeft = Math.max(
      LEAST_SECONDS_LEFT,
      Math.min(this.#secondsFor(this.#left()), this.secondsLeft()),
    )
    return { fraction: elapsed / (elapsed + secondsLeft), secondsLeft }
  }
}

/** While something is left to do, it is not nothing. */
const LEAST_SECONDS_LEFT = 1

/** Whether a trial failed one of the gates that are a doubt about it; wrong answers end the run instead. */
export function failedGate(trial: Trial): string | undefined {
  const failed = trial.gates.filter((gate) => !gate.passed)
  // Noise explains the others.
  return (failed.find((gate) => gate.name === 'noise') ?? failed[0])?.name
}
