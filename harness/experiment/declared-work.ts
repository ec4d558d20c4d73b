import { NS_PER_US } from '../base/units.ts'
import { DRAWN, type Stage, type Workload } from '../contract/scenario.ts'

/** Seastar's task quota (`task-quota-ms`): nobody should wait longer for work that others put in front of theirs. */
const QUOTA_NS = 500_000

/** Mean time that a stage declares per request, burn and wait together, in nanoseconds. */
export function declaredNs(stage: Stage, workload: Workload): number {
  if (!('run' in stage)) return 0
  const micros = (declared: number | typeof DRAWN | undefined) =>
    declared === DRAWN ? (workload.serviceTimes?.meanMicros ?? 0) : (declared ?? 0)
  return (micros(stage.burn?.micros) + micros(stage.wait?.micros)) * NS_PER_US
}

/** The same over all stages. */
export function declaredNsOf(stages: readonly Stage[], workload: Workload): number {
  return stages.reduce((sum, stage) => sum + declaredNs(stage, workload), 0)
}

/**
 * The batch that a server may take at once: as many requests as the option says, but no more declared work than the
 * task quota, and at least one. A batch is answered as a whole, and in a pool it is taken away from idle threads: of
 * requests of 5 ms each, one at a time. The same rule for both architectures.
 */
export function boundedBatch(batch: number, perRequestNs: number): number {
  if (perRequestNs === 0) return batch
  return Math.max(1, Math.min(batch, Math.floor(QUOTA_NS / perRequestNs)))
}

/** Whether some stage blocks the thread that executes it: servers need no processors of their own then. */
export function waitsBlocking(stages: readonly Stage[]): boolean {
  return stages.some((stage) => 'run' in stage && stage.wait?.blocking === true)
}
