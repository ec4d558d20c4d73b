import { ARCHITECTURE_NAMES } from '../../contract/architecture.ts'
import type { Validation } from '../../results/validate.ts'
import { formatSpan } from '../../words/format.ts'
import { warningsBefore, watchMachine } from '../../trial/watch-machine.ts'
import { ENGINE_SECONDS, validateEngine } from './engine.ts'
import {
  identicalArchitectures,
  identicalPlan,
  identicalSeconds,
  validateIdentical,
} from './identical.ts'
import { omissionSeconds, omissionTransports, validateOmission } from './omission.ts'
import { plantedPlan, validatePlanted } from './planted.ts'
import {
  type PlannedValidation,
  type ValidationHooks,
  type ValidationPlan,
  type ValidationRequest,
  ValidationState,
} from './state.ts'
import { theoryPlan, theorySeconds, validateTheory } from './theory.ts'

/** Of a trial of an A/A run; of a frozen trial's process. */
const TRIAL_OVERHEAD_SECONDS = 0.3
/** Of a round: both servers start and are made warm, at two loads for longer. */
const READY_SECONDS = { aa: 7.2, planted: 3.4 }
const ARMS_PER_RUN = 2
const PROCESS_OVERHEAD_SECONDS = 3.3
const CAPACITY_SECONDS = 13

/**
 * Shows on this machine that the harness reproduces what is known: queueing theory, no difference where there is none,
 * and a freeze that everybody had to wait for. Saves after every row.
 * @throws CrossoverError of kind `run` when a trial fails or the validation is interrupted; a check that does not pass
 * does not throw.
 */
export async function runValidation(
  request: PlannedValidation,
  hooks: ValidationHooks,
): Promise<Validation> {
  const state = new ValidationState(request, hooks)
  const { environment, warnings } = state.validation
  warnings.push(...warningsBefore(environment, request.cpus))
  try {
    const { parts } = request
    if (parts.includes('theory')) await watchedTheory(state)
    if (parts.includes('aa')) await validateIdentical(state)
    if (parts.includes('planted')) await validatePlanted(state)
    if (parts.includes('omission')) await validateOmission(state)
    if (parts.includes('engine')) await validateEngine(state)
    state.validation.complete = true
  } finally {
    state.save()
  }
  return state.validation
}

/** Theory's servers are threads of this process; those of other parts are processes, which their own runs watch. */
async function watchedTheory(state: ValidationState): Promise<void> {
  const { environment, warnings } = state.validation
  const watch = watchMachine({
    environment,
    warnings,
    cpus: state.request.cpus,
    clock: state.clock,
  })
  try {
    await validateTheory(state)
  } finally {
    watch.end()
  }
}

/** What a validation will do, and about how long it takes. */
export function planValidation(request: ValidationRequest): ValidationPlan {
  const { parts, cpus, seed } = request
  const seconds = wholeSeconds(request)
  const line = `validation: ${parts.join(', ')}, on processors ${cpus.join(', ')}, seed ${seed}, about ${formatSpan(seconds)}`
  return { lines: [line], seconds }
}

function wholeSeconds({ parts, quick, identicalRuns, plantedRuns }: ValidationRequest): number {
  const arms = ARCHITECTURE_NAMES.length
  const theory = theorySeconds(theoryPlan(quick))
  const omission =
    arms * omissionTransports(quick).length * (omissionSeconds(quick) + PROCESS_OVERHEAD_SECONDS)
  const { rounds, loads } = identicalPlan(quick)
  const trials = loads * ARMS_PER_RUN * (identicalSeconds(quick) + TRIAL_OVERHEAD_SECONDS)
  const run = rounds * (READY_SECONDS.aa + trials)
  const aa =
    (quick ? 0 : CAPACITY_SECONDS) + identicalArchitectures(quick).length * identicalRuns * run
  const pairs = plantedPlan(plantedRuns)
  const planted =
    pairs.rounds *
    (READY_SECONDS.planted + ARMS_PER_RUN * (pairs.trialSeconds + TRIAL_OVERHEAD_SECONDS))
  const of = { theory, omission, aa, planted, engine: ENGINE_SECONDS }
  return Math.round(parts.reduce((sum, part) => sum + of[part], 0))
}
