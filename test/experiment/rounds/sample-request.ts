import { chooseComparisons, parseArms } from '../../../harness/asked/arms.ts'
import type { RunRequest } from '../../../harness/experiment/run/request.ts'
import type { LoadedScenario } from '../../../harness/asked/requests.ts'

export const CPUS = [0, 1]

/** What a run with pretended servers asks for, unless the changes say otherwise. */
export function sampleRequest(
  loaded: LoadedScenario,
  armsText: string,
  changes: Partial<RunRequest>,
): RunRequest {
  const arms = parseArms(armsText)
  return {
    loaded,
    arms,
    comparisons: chooseComparisons(arms),
    loads: [],
    rounds: 2,
    metric: 'p99',
    level: 0.95,
    precision: null,
    objective: null,
    virtualCores: null,
    transport: { kind: 'replay' },
    machineFolder: '/nonexistent',
    durationSeconds: 1,
    budgetSeconds: null,
    cpus: CPUS,
    seed: 7,
    profile: 'test',
    command: '',
    ...changes,
  }
}
