import { wallClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { validationSeconds } from '../experiment/validate.ts'
import type { ValidationHooks, ValidationRequest } from '../experiment/validation-request.ts'
import { renderValidation } from '../render/validation.ts'
import { loadMachine } from '../results/machine.ts'
import { ValidationFolder } from '../results/save-validation.ts'
import type { Validation } from '../results/validation.ts'
import { FailedCheck } from './failed-check.ts'
import { watchInterruption } from './interruption.ts'
import { whereItIs, withCure } from './partial-result.ts'
import { stdoutOptions } from './stdout-options.ts'
import type { ValidateFlags } from './validate-flags.ts'
import { createValidationProgress } from './validation-progress.ts'

/** What measures: `runValidation`, or a test's stand-in. */
export type ValidationRunner = (
  request: ValidationRequest,
  hooks: ValidationHooks,
) => Promise<Validation>

/** Runs the validation, keeps what it found whatever happens, and prints it. Throws when it is partial or failed. */
export async function executeValidate(
  request: ValidationRequest,
  flags: ValidateFlags,
  runner: ValidationRunner,
): Promise<void> {
  // The A/A runs are judged by it: a damaged one fails at once, not after minutes.
  loadMachine(request.machineFolder)
  const folder = ValidationFolder.create({ parentFolder: flags.out, startedAt: wallClock() })
  const { parts, cpus, seed } = request
  console.error(
    `validation: ${parts.join(', ')}, on processors ${cpus.join(', ')}, seed ${seed}, about ${length(validationSeconds(request))}`,
  )
  const { validation, failure } = await measure(request, folder, runner)
  if (validation !== undefined) printResult(validation, folder, flags)
  if (failure !== undefined) {
    throw validation === undefined ? failure : withCure(failure, folder.path)
  }
  if (validation !== undefined) requirePassed(validation, folder)
}

function length(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

/** What a validation came to: figures that may be partial, what broke it off, or both. */
interface Outcome {
  readonly validation: Validation | undefined
  readonly failure: unknown
}

async function measure(
  request: ValidationRequest,
  folder: ValidationFolder,
  runner: ValidationRunner,
): Promise<Outcome> {
  const progress = createValidationProgress(process.stderr)
  const interruption = watchInterruption((text) => {
    progress.end()
    console.error(text)
  })
  let latest: Validation | undefined
  const save = (validation: Validation): void => {
    latest = validation
    folder.save(validation)
  }
  try {
    const validation = await runner(request, {
      onEvent: (event, doneFraction) => progress.onEvent(event, doneFraction),
      save,
      signal: interruption.signal,
    })
    save(validation)
    return { validation, failure: undefined }
  } catch (failure) {
    if (latest !== undefined) save({ ...latest, complete: false })
    return { validation: latest, failure }
  } finally {
    progress.end()
    interruption.stop()
  }
}

function printResult(validation: Validation, folder: ValidationFolder, flags: ValidateFlags): void {
  const { path, validationPath } = folder
  const { complete, summaries } = validation
  if (flags.json) {
    const passed = complete && summaries.every((summary) => summary.passed)
    console.log(JSON.stringify({ path, complete, passed, summaries }))
  } else {
    console.log(`${renderValidation(validation, stdoutOptions())}\n\nvalidation: ${validationPath}`)
  }
}

/** Throws when the validation was stopped or one of its parts failed: the exit code must say so. */
function requirePassed({ complete, summaries }: Validation, { path }: ValidationFolder): void {
  if (!complete) {
    throw runError('incomplete', 'the validation ended before it was done', whereItIs(path))
  }
  const failed = summaries.filter((summary) => !summary.passed)
  if (failed.length === 0) return
  throw new FailedCheck(
    'validation',
    `the validation failed: ${failed.map(({ part, sentence }) => `${part}: ${sentence}`).join('; ')}`,
    `end other programs and validate again; until it passes, trust no verdict of this machine; all figures are in ${path}`,
  )
}
