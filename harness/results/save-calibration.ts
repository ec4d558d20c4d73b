import { join } from 'node:path'
import type { Calibration } from './calibration.ts'
import { makeNewFolder } from './new-folder.ts'
import { replaceFile } from './replace-file.ts'

const CALIBRATION_FILE = 'calibration.json'

/** Where a calibration goes. */
export interface CalibrationPlace {
  /** Made if it is missing. @default 'reports' in the CLI */
  readonly parentFolder: string
  /** The calibration's start, from `base/clock`. */
  readonly startedAt: Date
}

/** The folder of one calibration: `<parent>/<UTC start>-calibrate/`, always a new one. */
export class CalibrationFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Makes the folder, before anything is measured. Throws a usage error when it cannot be written. */
  static create(place: CalibrationPlace): CalibrationFolder {
    return new CalibrationFolder(makeNewFolder(place.parentFolder, place.startedAt, 'calibrate'))
  }

  /** Path of `calibration.json`, for the CLI to print. */
  get calibrationPath(): string {
    return join(this.path, CALIBRATION_FILE)
  }

  /**
   * Saves the calibration, replacing an earlier state of it. Synchronous, milliseconds: call it between rounds only.
   * Throws a run error, e.g. when the disk is full; the previous file is kept then.
   */
  save(calibration: Calibration): void {
    replaceFile(
      'calibration',
      this.calibrationPath,
      `${JSON.stringify(calibration, undefined, 1)}\n`,
    )
  }
}
