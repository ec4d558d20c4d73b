import type { Command } from 'commander'
import { runCalibration } from '../experiment/calibration/calibrate.ts'
import { planCalibration } from '../experiment/calibration/calibration-plan.ts'
import { parseCpus } from '../experiment/parse-cpus.ts'
import type { CalibrateFlags } from './calibrate-flags.ts'
import { shellCommand } from './command-line.ts'
import { executeCalibrate } from './execute-calibrate.ts'
import { seconds } from './quantities.ts'

const DEFAULT_SECONDS = 20

const NOTES = `
The first processor of --cpus runs what needs one thread, the first two what needs two. With one processor nothing
spins: those rows are not available.

Exit codes: 0 measured; 2 wrong usage; 3 interrupted or not completed: what was measured is kept.

Examples:
  crossover calibrate
  crossover calibrate --cpus 2,3 --seconds 60
  crossover calibrate --json`

/** `crossover calibrate`: what the building blocks cost on this machine. `args` is the command line. */
export function addCalibrateCommand(program: Command, args: readonly string[]): void {
  program
    .command('calibrate')
    .description('measure what locks, queues, handoffs, wake-ups and switches cost on this machine')
    .option('--cpus <list>', 'processors to use: 0-1 or 0,2 (default: all this process may use)')
    .option(
      '--seconds <time>',
      'how long to measure in all',
      seconds('--seconds', { minimum: 2, maximum: 600 }),
      DEFAULT_SECONDS,
    )
    .option('--out <folder>', 'where the folder of the calibration goes', 'reports')
    .option('--json', 'print nothing but the path and the figures, as JSON')
    .addHelpText('after', NOTES)
    .action(async (flags: CalibrateFlags) => {
      const request = {
        cpus: parseCpus(flags.cpus),
        plan: planCalibration(flags.seconds),
        command: shellCommand(args),
      }
      await executeCalibrate(request, flags, runCalibration)
    })
}
