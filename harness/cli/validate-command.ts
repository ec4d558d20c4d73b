import type { Command } from 'commander'
import { runValidation } from '../experiment/validate.ts'
import { VALIDATION_PARTS } from '../results/validation.ts'
import { buildValidation } from './build-validation.ts'
import { executeValidate } from './execute-validate.ts'
import { wholeNumber } from './quantities.ts'
import type { ValidateFlags } from './validate-flags.ts'

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
export function addValidateCommand(program: Command, args: readonly string[]): void {
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
    .option('--cpus <list>', 'processors to use: 0-1 or 0,2 (default: all this process may use)')
    .option(
      '--seed <number>',
      'seed of every trace (default: drawn)',
      wholeNumber('--seed', { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    )
    .option('--out <folder>', 'where the folder of the validation and machine.json go', 'reports')
    .option('--json', 'print nothing but the path and the summaries, as JSON')
    .addHelpText('after', NOTES)
    .action(async (flags: ValidateFlags) => {
      await executeValidate(buildValidation(flags, args), flags, runValidation)
    })
}
