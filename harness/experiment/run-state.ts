import { NS_PER_SECOND } from '../base/units.ts'
import type { Report } from '../results/schema.ts'
import { Pacing } from './rounds/pacing.ts'
import type { RunEvent, RunHooks, RunRequest } from './run-request.ts'
import type { TrialContext } from './run-trial.ts'

/** What the parts of a run share: the request, the growing report, and how trials are made. */
export class RunState {
  readonly request: RunRequest
  readonly context: TrialContext
  readonly report: Report
  readonly pacing: Pacing
  readonly #hooks: RunHooks

  constructor(request: RunRequest, context: TrialContext, report: Report, hooks: RunHooks) {
    this.request = request
    this.context = context
    this.report = report
    this.pacing = new Pacing(
      () => context.clock.nowNs() / NS_PER_SECOND,
      request.budgetSeconds ?? Number.POSITIVE_INFINITY,
    )
    this.#hooks = hooks
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
