import { type Report, SCHEMA_VERSION } from '../../results/schema.ts'
import type { TrialContext } from '../../trial/measured.ts'
import { HELPER_THREADS, SERVER_FLAGS } from '../../trial/message-process.ts'
import type { RequestLog } from '../../workload/request-log.ts'
import { begun, keptArms } from '../rounds/begun.ts'
import { type Pacing, pacingOf } from '../rounds/pacing.ts'
import type { RunRequest } from './request.ts'

/** What the parts of a run share: the request, the growing report, and how trials are made. */
export class RunState {
  readonly request: RunRequest
  readonly context: TrialContext
  readonly report: Report
  readonly pacing: Pacing

  constructor(request: RunRequest, context: TrialContext, report: Report) {
    this.request = request
    this.context = context
    this.report = report
    this.pacing = pacingOf(context.clock, request.budgetSeconds)
  }

  readonly warn = (code: string, message: string, cure: string): void => {
    this.report.warnings.push({ code, message, cure })
  }
}

/** So many tell files apart. */
const SHA256_DIGITS = 16

/** The report of a run that has measured nothing yet. @param pinned whether threads can be pinned to processors. */
export function emptyReport(request: RunRequest, pinned: boolean): Report {
  const {
    profile,
    rounds,
    metric,
    within = null,
    precision,
    virtualCores,
    transport,
    loaded,
  } = request
  const { run, environment, scenario, ...common } = begun(request, pinned)
  return {
    schemaVersion: SCHEMA_VERSION,
    ...common,
    run: {
      id: `${run.startedAt.replaceAll(/[:.]/g, '-')}-${scenario.name}`,
      ...run,
      profile,
      plannedRounds: rounds,
      metric,
      ...(within !== null && {
        within: { asked: within.text, ns: within.kind === 'time' ? within.ns : null },
      }),
      precision,
      virtualCores,
      transport,
      ...(loaded.log && { trace: traceOf(loaded.log) }),
    },
    // Where servers are processes of their own, also how those are started.
    environment: {
      ...environment,
      ...(request.objective === null && {
        serverFlags: [...SERVER_FLAGS],
        helperThreads: HELPER_THREADS,
      }),
    },
    scenario,
    arms: keptArms(request.arms),
    comparisons: request.comparisons.map((compared) => ({ ...compared })),
    rounds: [],
    capacity: null,
    breakEven: null,
    objective: null,
    band: null,
    bandNote: null,
    loads: [],
  }
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
