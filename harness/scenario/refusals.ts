import { runError, usageError } from '../base/errors.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Workload } from '../contract/workload.ts'

/** The first arm whose clients would choose their port by the key, where the workload's clients cannot; undefined without one. */
export function unroutedArm(arms: readonly Arm[], { heavyClients }: Workload): Arm | undefined {
  if (heavyClients === undefined) return undefined
  return arms.find(({ options }) => options['routing'] === 'shard-aware')
}

/**
 * @param where scenario whose workload it is.
 * @throws CrossoverError of kind `usage` when clients that stay with one port are to choose it by the key.
 */
export function refuseRouting(arms: readonly Arm[], workload: Workload, where: string): void {
  const arm = unroutedArm(arms, workload)
  if (arm === undefined) return
  throw usageError(
    'routing',
    `${where}: arm ${arm.label}: routing=shard-aware has no effect: workload has heavyClients, each of which stays with the port that it is connected to`,
    'leave routing=shard-aware out, or choose a scenario without heavyClients',
  )
}

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
