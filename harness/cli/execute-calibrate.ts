import { wallClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import type {
  CalibrationHooks,
  CalibrationRequest,
} from '../experiment/calibration/calibration-request.ts'
import { renderCalibration } from '../render/calibration.ts'
import type { Calibration } from '../results/calibration.ts'
import { CalibrationFolder } from '../results/save-calibration.ts'
import type { CalibrateFlags } from './calibrate-flags.ts'
import { watchInterruption } from './interruption.ts'
import { whereItIs, withCure } from './partial-result.ts'
import { ProgressLine } from './progress-line.ts'
import { stdoutOptions } from './stdout-options.ts'

/** What measures: `runCalibration`, or a test's stand-in. */
export type CalibrationRunner = (
  request: CalibrationRequest,
  hooks: CalibrationHooks,
) => Promise<Calibration>

/** Runs the calibration, keeps what it found whatever happens, and prints it. Throws when it is partial. */
export async function executeCalibrate(
  request: CalibrationRequest,
  flags: CalibrateFlags,
  runner: CalibrationRunner,
): Promise<void> {
  const folder = CalibrationFolder.create({ parentFolder: flags.out, startedAt: wallClock() })
  const { cpus, plan } = request
  console.error(`calibration: on processors ${cpus.join(', ')}, about ${plan.seconds} s`)
  const { calibration, failure } = await measure(request, folder, runner)
  if (calibration !== undefined) printResult(calibration, folder, flags)
  if (failure !== undefined) {
    throw calibration === undefined ? failure : withCure(failure, folder.path)
  }
  if (calibration?.complete !== true) {
    throw runError('incomplete', 'the calibration ended before it was done', whereItIs(folder.path))
  }
}

/** What a calibration came to: figures that may be partial, what broke it off, or both. */
interface Outcome {
  readonly calibration: Calibration | undefined
  readonly failure: unknown
}

async function measure(
  request: CalibrationRequest,
  folder: CalibrationFolder,
  runner: CalibrationRunner,
): Promise<Outcome> {
  const line = new ProgressLine(process.stderr)
  const interruption = watchInterruption((text) => {
    line.end()
    console.error(text)
  })
  let latest: Calibration | undefined
  const save = (calibration: Calibration): void => {
    latest = calibration
    folder.save(calibration)
  }
  try {
    const calibration = await runner(request, {
      onProgress: (what, doneFraction) =>
        line.draw(`${Math.floor(doneFraction * 100)} % done, ${what}`),
      save,
      signal: interruption.signal,
    })
    return { calibration, failure: undefined }
  } catch (failure) {
    return { calibration: latest, failure }
  } finally {
    line.end()
    interruption.stop()
  }
}

function printResult(
  calibration: Calibration,
  { path, calibrationPath }: CalibrationFolder,
  flags: CalibrateFlags,
): void {
  if (flags.json) {
    const { complete, rows, claims, warnings } = calibration
    console.log(JSON.stringify({ path, complete, rows, claims, warnings }))
  } else {
    const text = renderCalibration(calibration, stdoutOptions())
    console.log(`${text}\n\ncalibration: ${calibrationPath}`)
  }
}
