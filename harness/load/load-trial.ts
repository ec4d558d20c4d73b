import { createTrace } from '../workload/trace.ts'
import { keySpaceOf } from '../workload/known-records.ts'
import type { Trace } from '../workload/trace-layout.ts'
import type { LoadPlan, LoadResult } from './load-plan.ts'
import { RequestTexts } from './reply-check.ts'
import { SteadyUsage, TrialFaults } from './steady-usage.ts'

/** What a client of either loop keeps of the plan that it plays, for all ports. */
export class LoadTrial {
  readonly plan: LoadPlan
  readonly warmUp: Trace
  readonly steady: Trace
  readonly texts: RequestTexts
  readonly usage = new SteadyUsage()
  readonly faults = new TrialFaults()
  /** Aborted when the client is closed while it plays. */
  readonly closing = new AbortController()

  /** Draws the traces: about 0.3 µs per request. */
  constructor(plan: LoadPlan) {
    const keySpace = keySpaceOf(plan.steady.workload)
    this.plan = plan
    this.warmUp = createTrace({ ...plan.warmUp, keySpace })
    this.steady = createTrace({ ...plan.steady, keySpace })
    this.texts = new RequestTexts(plan.steady.workload)
  }

  /** What came of it: what only the loop knows, and the rest. */
  result(own: Pick<LoadResult, 'ports' | 'lateness' | 'busySeconds' | 'drainNs'>): LoadResult {
    const { wrong, lost, connectionErrors, firstConnectionError } = this.faults
    return {
      ...own,
      warmUpHash: this.warmUp.hash,
      steadyHash: this.steady.hash,
      cpuSeconds: this.usage.cpuSeconds(),
      wrong,
      lost,
      connectionErrors,
      firstConnectionError,
    }
  }
}
