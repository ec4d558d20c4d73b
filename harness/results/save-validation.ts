import { join } from 'node:path'
import { makeNewFolder } from './new-folder.ts'
import { replaceFile } from './replace-file.ts'
import type { Validation } from './validation.ts'

const VALIDATION_FILE = 'validation.json'

/** Where a validation goes. */
export interface ValidationPlace {
  /** Made if it is missing. @default 'reports' in the CLI */
  readonly parentFolder: string
  /** The validation's start, from `base/clock`. */
  readonly startedAt: Date
}

/** The folder of one validation: `<parent>/<UTC start>-validate/`, always a new one. */
export class ValidationFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Makes the folder, before anything is measured. Throws a usage error when it cannot be written. */
  static create(place: ValidationPlace): ValidationFolder {
    return new ValidationFolder(makeNewFolder(place.parentFolder, place.startedAt, 'validate'))
  }

  /** Path of `validation.json`, for the CLI to print. */
  get validationPath(): string {
    return join(this.path, VALIDATION_FILE)
  }

  /**
   * Saves the validation, replacing an earlier state of it. Synchronous, milliseconds: call it between trials only.
   * Throws a run error, e.g. when the disk is full; the previous file is kept then.
   */
  save(validation: Validation): void {
    replaceFile('validation', this.validationPath, `${JSON.stringify(validation, undefined, 1)}\n`)
  }
}
