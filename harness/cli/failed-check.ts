import { CrossoverError } from '../base/errors.ts'

/** Everything was measured, and a figure lies beyond the limit that it was held against. Exit code 1. */
export class FailedCheck extends CrossoverError {
  constructor(code: string, message: string, cure: string) {
    super('run', code, message, cure)
  }
}
