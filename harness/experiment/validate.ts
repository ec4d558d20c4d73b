import type { Validation } from '../results/validation.ts'
import { ARCHITECTURE_NAMES } from '../contract/architecture.ts'
import { warningsBefore } from './environment-warnings.ts'
import {
  identicalArchitectures,
  identicalSeconds,
  validateIdentical,
} from './validate-identical.ts'
import { omissionSeconds, omissionTransports, validateOmission } from './validate-omission.ts'
import { theoryPlan, validateTheory } from './validate-theory.ts'
import type { ValidationHooks, ValidationRequest } from './validation-request.ts'
import { ValidationState } from './validation-state.ts'
import { watchMachine } from './watch-machine.ts'

/** Spawning, warm-up, rest and drain of a theory trial; of a trial of an A/A run; of a frozen trial's process. */
const THEORY_OVERHEAD_SECONDS = 2.6
const TRIAL_OVERHEAD_SECONDS = 1.6
const PROCESS_OVERHEAD_SECONDS = 3.3
const TRIALS_PER_IDENTICAL_RUN = 12
const CAPACITY_SECONDS = 13

/**
 * Shows on this machine that the harness reproduces what is known: queueing theory, no difference where there is none,
 * and a freeze that everybody had to wait for. Saves after every row.
 * @throws CrossoverError of kind `run` when a trial fails or the validation is interrupted; a check that does not pass
 * does not throw.
 */
export async function runValidation(
  request: ValidationRequest,
  hooks: ValidationHooks,
): Promise<Validation> {
  const state = new ValidationState(request, hooks, validationSeconds(request))
  const { environment, warnings } = state.validation
  warnings.push(...warningsBefore(environment, request.cpus))
  try {
    await measureWatched(state)
    if (request.parts.includes('omission')) await validateOmission(state)
    state.validation.complete = true
  } finally {
    state.save()
  }
  return state.validation
}

/**
 * The parts whose servers are threads of this process, while the machine is watched. Child processes count as others:
 * the frozen server of the omission part would be taken for another program, so that part comes last, unwatched.
 */
async function measureWatched(state: ValidationState): Promise<void> {
  const { parts, cpus } = state.request
  if (!parts.includes('theory') && !parts.includes('aa')) return
  const { environment, warnings } = state.validation
  const watch = watchMachine({ environment, warnings, cpus, clock: state.clock })
  try {
    if (parts.includes('theory')) await validateTheory(state)
    if (parts.includes('aa')) await validateIdentical(state)
  } finally {
    watch.end()
  }
}

/** About how long a validation takes. */
export function validationSeconds({ parts, quick, identicalRuns }: ValidationRequest): number {
  const arms = ARCHITECTURE_NAMES.length
  const { servers, utilisations, seconds } = theoryPlan(quick)
  const theory = arms * servers.length * utilisations.length * (seconds + THEORY_OVERHEAD_SECONDS)
  const omission =
    arms * omissionTransports(quick).length * (omissionSeconds(quick) + PROCESS_OVERHEAD_SECONDS)
  const run = TRIALS_PER_IDENTICAL_RUN * (identicalSeconds(quick) + TRIAL_OVERHEAD_SECONDS)
  const aa =
    (quick ? 0 : CAPACITY_SECONDS) + identicalArchitectures(quick).length * identicalRuns * run
  const of = { theory, omission, aa }
  return Math.round(parts.reduce((sum, part) => sum + of[part], 0))
}
