import { CrossoverError } from '../../harness/base/errors.ts'

/** The error that `action` throws; fails when it throws none or one that the CLI could not explain. */
export function caughtFailure(action: () => unknown): CrossoverError {
  try {
    action()
  } catch (error) {
    if (error instanceof CrossoverError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
