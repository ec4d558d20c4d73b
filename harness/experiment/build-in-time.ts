import { Script } from 'node:vm'
import { MS_PER_SECOND } from '../base/units.ts'

/** What a scenario's `workload` and `stages` may take: a thousand times what they need. */
const LIMIT_SECONDS = 5

/** In a context of its own a script has a time limit, and what it calls has it, too, wherever that was made. */
const CALL = new Script('build()')

/**
 * What a scenario's builder returns, as it is. An endless loop in it is interrupted, one in what it promises is not. About
 * 2 ms besides the builder's own time.
 * @param limitSeconds above zero. @default 5
 * @throws Error that says so behind the limit; else what the builder throws.
 */
export function buildInTime<T>(build: () => T, limitSeconds = LIMIT_SECONDS): T {
  try {
    return CALL.runInNewContext({ build }, { timeout: limitSeconds * MS_PER_SECOND }) as T
  } catch (error) {
    if (!isTimeout(error)) throw error
    throw new Error(`it did not return within ${limitSeconds} s`, { cause: error })
  }
}

/** An error of the other context: it is no instance of ours. */
function isTimeout(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
