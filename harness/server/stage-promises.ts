import { promiseHooks } from 'node:v8'
import { inspect } from 'node:util'
import { type CrossoverError, runError } from '../base/errors.ts'
import { BEACON_STAGE } from '../shared-memory/thread-counters.ts'

/**
 * The first promise that a stage made in this thread; null while none has. Nothing behind a promise ever runs in a thread that
 * serves without a pause, so that a rejected one, and all that was to follow, would go unseen.
 */
export interface StagePromises {
  made: Promise<unknown> | null
}

/** Where nobody looks, as for a scenario that is only checked. */
export const UNSEEN_PROMISES: StagePromises = { made: null }

/**
 * Looks for promises that are made in this thread while its beacon says that a stage runs. Once per thread. Costs something
 * for each promise that anybody makes, and nothing else.
 * @param beacon of `ThreadCounters`
 */
export function watchPromises(beacon: Int32Array): StagePromises {
  const promises: StagePromises = { made: null }
  promiseHooks.onInit((promise) => {
    if (beacon[BEACON_STAGE] !== 0) promises.made ??= promise
  })
  // What a stage made is told with the stage's name; what anybody else left is as loud as ever.
  process.on('unhandledRejection', (reason) => {
    if (promises.made === null) throw reason
  })
  return promises
}

/** What ends a trial in which a stage made a promise. */
export function promiseFailure(stage: string, made: Promise<unknown>): CrossoverError {
  // The only way to look into a promise without waiting for it.
  const [, reason] =
    /<rejected> (?:Error: )?(.*?)(?: \})?$/m.exec(inspect(made, { depth: 0 })) ?? []
  if (reason !== undefined)
    return runError(
      'stage-failed',
      `a promise that a stage made was rejected: stage=${stage}: ${reason}`,
    )
  return promiseError(stage, 'made')
}

/**
 * For what a scenario's function returned, when that was something. A promise is refused: the request would have gone on
 * before the work is done. Anything else means nothing: an arrow function may return what its last call did.
 */
export function refusePromise(stage: string, result: unknown): void {
  if (typeof (result as { then?: unknown } | null)?.then !== 'function') return
  throw promiseError(stage, 'returned')
}

function promiseError(stage: string, how: 'made' | 'returned'): CrossoverError {
  return runError(
    'stage-promise',
    `a stage ${how} a promise: stage=${stage}: run must be synchronous; declare what it waits for, as wait or read`,
  )
}
