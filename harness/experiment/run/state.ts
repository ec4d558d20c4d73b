import { wallClock } from '../../base/clock.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { readEnvironment } from '../../measure/environment.ts'
import { type Report, SCHEMA_VERSION } from '../../results/schema.ts'
import type { TrialContext } from '../../trial/measured.ts'
import { HELPER_THREADS, SERVER_FLAGS } from '../../trial/server-flags.ts'
import type { RequestLog } from '../../workload/request-log.ts'
import { Pacing } from '../rounds/pacing.ts'
import type { RunEvent, RunHooks, RunRequest } from './request.ts'

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

/** So many tell files apart. */
const SHA256_DIGITS = 16

/** The report of a run that has measured nothing yet. @param pinned whether threads can be pinned to processors. */
export function emptyReport(request: RunRequest, pinned: boolean): Report {
  const { scenario, params, log } = request.loaded
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
      plannedRounds: request.rounds,
      metric: request.metric,
      level: request.level,
      precision: request.precision,
      virtualCores: request.virtualCores,
      transport: request.transport,
      ...(log && { trace: traceOf(log) }),
    },
    environment: environmentOf(request, pinned),
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim ?? null,
      prediction: scenario.prediction ?? null,
      params: { ...params },
    },
    arms: request.arms.map((arm) => ({ ...arm, options: { ...arm.options } })),
    comparisons: request.comparisons.map((compared) => ({ ...compared })),
    rounds: [],
    capacity: null,
    breakEven: null,
    objective: null,
    band: null,
    bandNote: null,
    loads: [],
    warnings: [],
  }
}

/** Where servers are processes of their own, also how those are started. */
function environmentOf({ objective }: RunRequest, pinned: boolean): Report['environment'] {
  const environment = readEnvironment(pinned)
  if (objective !== null) return environment
  return { ...environment, serverFlags: [...SERVER_FLAGS], helperThreads: HELPER_THREADS }
}

/** What the report tells of a log that was played. */
export function traceOf({
  file,
  sha256,
  keys,
  keyCount,
  perSecond,
}: RequestLog): Report['run']['trace'] {
  return {
    file,
    sha256: sha256.slice(0, SHA256_DIGITS),
    requests: keys.length,
    keys: keyCount,
    perSecond,
  }
}
