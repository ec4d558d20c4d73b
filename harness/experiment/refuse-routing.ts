import { usageError } from '../base/errors.ts'
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
