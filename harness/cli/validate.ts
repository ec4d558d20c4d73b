import type { Command } from 'commander'
import { usageError } from '../base/errors.ts'
import { drawSeed } from '../base/random.ts'
import { parseCpus } from '../asked/cpus.ts'
import { parseValidationParts } from '../asked/quantities.ts'
import { planValidation, runValidation } from '../experiment/validate/validate.ts'
import type { PlannedValidation, ValidationRequest } from '../experiment/validate/state.ts'
import { validationView } from '../render/validate.ts'
import { loadMachine } from '../results/machine.ts'
import { type Validation, VALIDATION_PARTS } from '../results/validate.ts'
import { commandLine } from './command-line.ts'
import { execute } from './execute.ts'
import { FailedCheck } from './failure.ts'
import {
  cpusOption,
  jsonOption,
  outOption,
  seedOption,
  waitQuietOption,
  wholeNumber,
} from './options.ts'
import { createValidationProgress } from './progress/points.ts'
import type { MeasuringCommand } from './measuring.ts'

/** What commander makes of the flags of `crossover validate`. */
export interface ValidateFlags {
  readonly quick?: true
  /** Parts, separated by commas. */
  readonly only?: string
  /** Also whether verdicts depend on flags of the runtime. */
  readonly engine?: true
  readonly aaRuns?: number
  readonly plantedRuns?: number
  readonly cpus?: string
  /** Seconds. */
  readonly waitQuiet?: number
  readonly seed?: number
  /** Folder that gets the validation's folder and `machine.json`. */
  readonly out: string
  readonly json?: true
}

/** A/A runs of each architecture, at two loads each: 10 are the fewest that make a band. */
const IDENTICAL_RUNS = { whole: 10, quick: 1 }

const NOTES = `
Parts:
  theory    the servers' waiting times against queueing theory on the same trace
  aa        each architecture against itself: who names a winner is wrong; makes this machine's band
  planted   an architecture against itself with services that are 10 % and 20 % longer: it must be found
  omission  percentiles of a server that is frozen for a known time
  engine    whether the default comparison's verdict depends on flags of the runtime; only with --engine or --only engine

Exit codes: 0 every part passed; 1 a part failed: trust no verdict of this machine until it passes; 2 wrong usage;
3 interrupted or not completed: what was measured is kept.

Examples:
  crossover validate --quick
  crossover validate
  crossover validate --only theory,omission --json`

/** `crossover validate`: the harness against figures that are known beforehand. `args` is the command line. */
function addValidateCommand(program: Command, args: readonly string[]): void {
  program
    .command('validate')
    .description('check the harness on this machine against theory and against itself')
    .option('--quick', 'fewer and shorter trials, under a minute, and no band')
    .option(
      '--only <parts>',
      `parts to measure: ${VALIDATION_PARTS.join(',')} (default: all but engine)`,
    )
    .option('--engine', 'also the default comparison under other flags of the runtime, 4 minutes')
    .option(
      '--aa-runs <count>',
      'runs of each architecture against itself, each at two loads; fewer than 10 make no band (default: 10, quick: 1)',
      wholeNumber('--aa-runs', { minimum: 1, maximum: 1_000 }),
    )
    .option(
      '--planted-runs <count>',
      'runs of each planted difference (default: 1; not part of --quick unless named by --only)',
      wholeNumber('--planted-runs', { minimum: 1, maximum: 1_000 }),
    )
    .addOption(cpusOption())
    .addOption(waitQuietOption())
    .addOption(seedOption('every trace'))
    .addOption(outOption('where the folder of the validation and machine.json go'))
    .addOption(jsonOption('the path and the summaries'))
    .addHelpText('after', NOTES)
    .action(async (flags: ValidateFlags) => {
      await execute(validateExecution, buildValidation(flags, args), flags)
    })
}

/** How a validation is measured, and what is made of it. */
export const validateExecution = {
  kind: 'validation',
  runner: runValidation,
  createProgress: createValidationProgress,
  view: validationView,
  summary: summaryOf,
  check: requirePassed,
} as const

/** What `--json` prints; the rows behind it are in `validation.json`. */
function summaryOf({ complete, summaries }: Validation): object {
  const passed = complete && summaries.every((summary) => summary.passed)
  return { complete, passed, summaries }
}

/** Throws when one of its parts failed: the exit code must say so. */
function requirePassed({ summaries }: Validation, path: string): void {
  const failed = summaries.filter((summary) => !summary.passed)
  if (failed.length === 0) return
  throw new FailedCheck(
    'validation',
    `the validation failed: ${failed.map(({ part, sentence }) => `${part}: ${sentence}`).join('; ')}`,
    `end other programs and validate again; until it passes, trust no verdict of this machine; all figures are in ${path}`,
  )
}

/** Everything that decides what a validation does, from its flags and the defaults. */
export function buildValidation(flags: ValidateFlags, args: readonly string[]): PlannedValidation {
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
  // The A/A runs are judged by it: a damaged one fails at once, not after minutes.
  loadMachine(flags.out)
  const request: ValidationRequest = {
    parts,
    quick,
    cpus: parseCpus(flags.cpus),
    seed,
    identicalRuns: flags.aaRuns ?? (quick ? IDENTICAL_RUNS.quick : IDENTICAL_RUNS.whole),
    plantedRuns: flags.plantedRuns ?? 1,
    machineFolder: flags.out,
    command: commandLine(args, flags, seed),
  }
  return { ...request, plan: planValidation(request) }
}

/** What `measuring.ts` finds. @public it is loaded by name */
export const command: MeasuringCommand = { add: addValidateCommand, view: validationView }
