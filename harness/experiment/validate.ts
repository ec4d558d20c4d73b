import type { Validation } from '../results/validation.ts'
import { ARCHITECTURE_NAMES } from '../contract/architecture.ts'
import { identicalSeconds, validateIdentical } from './validate-identical.ts'
import { omissionSeconds, validateOmission } from './validate-omission.ts'
import { theoryPlan, validateTheory } from './validate-theory.ts'
import type { ValidationHooks, ValidationRequest } from './validation-request.ts'
import { ValidationState } from './validation-state.ts'

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
  const { parts } = request
  try {
    if (parts.includes('theory')) await validateTheory(state)
    if (parts.includes('omission')) await validateOmission(state)
    if (parts.includes('aa')) await validateIdentical(state)
    state.validation.complete = true
  } finally {
    state.save()
  }
  return state.validation
}

/** About how long a validation takes. */
export function validationSeconds({ parts, quick, identicalRuns }: ValidationRequest): number {
  const arms = ARCHITECTURE_NAMES.length
  const { servers, utilisations, seconds } = theoryPlan(quick)
  const theory = arms * servers.length * utilisations.length * (seconds + THEORY_OVERHEAD_SECONDS)
  const omission = arms * (omissionSeconds(quick) + PROCESS_OVERHEAD_SECONDS)
  const run = TRIALS_PER_IDENTICAL_RUN * (identicalSeconds(quick) + TRIAL_OVERHEAD_SECONDS)
  const aa = (quick ? 0 : CAPACITY_SECONDS) + arms * identicalRuns * run
  const of = { theory, omission, aa }
  return Math.round(parts.reduce((sum, part) => sum + of[part], 0))
}
