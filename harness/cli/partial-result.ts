import { CrossoverError, runError } from '../base/errors.ts'

/** The failure that left a partial result in the folder: it says where that is, unless it has a cure of its own. */
export function withCure(failure: unknown, path: string): unknown {
  const needsCure = failure instanceof CrossoverError && failure.cure === undefined
  return needsCure ? runError(failure.code, failure.message, whereItIs(path), failure) : failure
}

/** The cure of a measurement that ended early. */
export function whereItIs(path: string): string {
  return `what was measured until then is in ${path}`
}
