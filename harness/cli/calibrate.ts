import type { Command } from 'commander'
import { runCalibration } from '../experiment/calibrate/calibrate.ts'
import { planCalibration } from '../experiment/calibrate/plan.ts'
import { parseCpus } from '../asked/cpus.ts'
import { calibrationView } from '../render/calibrate.ts'
import type { Calibration } from '../results/calibrate.ts'
import { shellCommand } from './command-line.ts'
import { execute } from './execute.ts'
import { cpusOption, jsonOption, outOption, seconds, waitQuietOption } from './options.ts'
import { createCalibrationProgress } from './progress/points.ts'
import type { MeasuringCommand } from './measuring.ts'

/** What commander makes of the flags of `crossover calibrate`. */
interface CalibrateFlags {
  readonly cpus?: string
  /** Seconds. */
  readonly waitQuiet?: number
  /** In all. */
  readonly seconds: number
  /** Folder that gets the calibration's folder. */
  readonly out: string
  readonly json?: true
}

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
function addCalibrateCommand(program: Command, args: readonly string[]): void {
  program
    .command('calibrate')
    .description('measure what locks, queues, handoffs, wake-ups and switches cost on this machine')
    .addOption(cpusOption())
    .addOption(waitQuietOption())
    .option(
      '--seconds <time>',
      'how long to measure in all',
      seconds('--seconds', { minimum: 2, maximum: 600 }),
      DEFAULT_SECONDS,
    )
    .addOption(outOption('where the folder of the calibration goes'))
    .addOption(jsonOption())
    .addHelpText('after', NOTES)
    .action(async (flags: CalibrateFlags) => {
      const cpus = parseCpus(flags.cpus)
      const plan = planCalibration(cpus, flags.seconds)
      await execute(calibrateExecution, { cpus, plan, command: shellCommand(args) }, flags)
    })
}

/** How a calibration is measured, and what is made of it. */
export const calibrateExecution = {
  kind: 'calibration',
  runner: runCalibration,
  createProgress: createCalibrationProgress,
  view: calibrationView,
  summary: summaryOf,
} as const

/** What `--json` prints: all but what the machine is. */
function summaryOf({ complete, rows, claims, warnings }: Calibration): object {
  return { complete, rows, claims, warnings }
}

/** What `measuring.ts` finds. @public it is loaded by name */
export const command: MeasuringCommand = { add: addCalibrateCommand, view: calibrationView }
