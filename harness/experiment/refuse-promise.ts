import { runError } from '../base/errors.ts'

/**
 * For what a scenario's function returned, when that was something. A promise is refused: the request would have gone on
 * before the work is done. Anything else means nothing: an arrow function may return what its last call did.
 */
export function refusePromise(stage: string, result: unknown): void {
  if (typeof (result as { then?: unknown } | null)?.then !== 'function') return
  throw runError(
    'stage-promise',
    `a stage returned a promise: stage=${stage}: run must be synchronous; declare what it waits for, as wait or read`,
  )
}
