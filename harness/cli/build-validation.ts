import { usageError } from '../base/errors.ts'
import { drawSeed } from '../base/random.ts'
import { parseCpus } from '../experiment/parse-cpus.ts'
import { parseValidationParts } from '../experiment/parse-validation-parts.ts'
import type { ValidationRequest } from '../experiment/validation-request.ts'
import { commandLine } from './command-line.ts'
import type { ValidateFlags } from './validate-flags.ts'

/** A/A runs of each architecture, at two loads each: 10 are the fewest that make a band. */
const IDENTICAL_RUNS = { whole: 10, quick: 1 }

/** Everything that decides what a validation does, from its flags and the defaults. */
export function buildValidation(flags: ValidateFlags, args: readonly string[]): ValidationRequest {
  const quick = flags.quick === true
  const only = parseValidationParts(flags.only)
  const named = flags.engine && !only.includes('engine') ? [...only, 'engine' as const] : only
  // Too long for a quick one, unless it is asked for by name.
  const parts = named.filter((part) => part !== 'planted' || !quick || flags.only !== undefined)
  if (flags.aaRuns !== undefined && !parts.includes('aa')) {
    throw usageError(
      'conflict',
      `--aa-runs ${flags.aaRuns} and --only ${parts.join(',')} exclude each other`,
      'leave out --aa-runs, or add aa to --only',
    )
  }
  if (flags.plantedRuns !== undefined && !parts.includes('planted')) {
    throw usageError(
      'conflict',
      `--planted-runs ${flags.plantedRuns} and ${flags.only === undefined ? '--quick' : `--only ${parts.join(',')}`} exclude each other`,
      'leave out --planted-runs, or add planted to --only',
    )
  }
  const seed = flags.seed ?? drawSeed()
  return {
    parts,
    quick,
    cpus: parseCpus(flags.cpus),
    seed,
    identicalRuns: flags.aaRuns ?? (quick ? IDENTICAL_RUNS.quick : IDENTICAL_RUNS.whole),
    plantedRuns: flags.plantedRuns ?? 1,
    machineFolder: flags.out,
    command: commandLine(args, flags, seed),
  }
}
