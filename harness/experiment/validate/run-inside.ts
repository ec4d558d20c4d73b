import type { Report } from '../../results/schema.ts'
import { planRun } from '../run/plan.ts'
import type { RunRequest } from '../run/request.ts'
import { runExperiment } from '../run/run.ts'
import type { ValidationState } from './state.ts'

/** What a part of a validation decides about a run. */
type RunInside = Pick<
  RunRequest,
  'loaded' | 'arms' | 'comparisons' | 'loads' | 'rounds' | 'metric' | 'durationSeconds' | 'seed'
> &
  Partial<Pick<RunRequest, 'budgetSeconds' | 'planted' | 'flags'>>

/** Confidence of all verdicts of a validation. */
export const LEVEL = 0.95

/** A run over a trace on the processors of the validation, of which nothing is told or saved but its report, returned whole. */
export async function runInside(state: ValidationState, run: RunInside): Promise<Report> {
  const { machineFolder, cpus, command } = state.request
  const request: RunRequest = {
    budgetSeconds: null,
    level: LEVEL,
    precision: null,
    objective: null,
    virtualCores: null,
    transport: { kind: 'replay' },
    machineFolder,
    cpus,
    command,
    profile: 'validate',
    ...run,
  }
  const hooks = { onEvent: () => {}, save: () => {}, signal: state.signal }
  return runExperiment({ ...request, plan: planRun(request) }, hooks)
}
