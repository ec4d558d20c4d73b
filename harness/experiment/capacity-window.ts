import { NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import { declaredNsOf } from './declared-work.ts'
import type { TrialContext } from './run-trial.ts'

/** Work that the closed window may hold per core: what is in flight at the end must be answered, too. */
const LONGEST_WINDOW_NS = 0.2 * NS_PER_SECOND
const SMALLEST_WINDOW = 8

/** Requests in flight per port at capacity: the permits, fewer when requests are long; the clients' over real sockets. */
export function capacityWindow(context: TrialContext, arm: Arm): number {
  const { loaded, workload, transport, cores } = context
  if (transport.kind === 'http')
    return Math.round((transport.connections * transport.pipelining) / cores.length)
  const permits = Number(arm.options['permits'])
  const perRequestNs = declaredNsOf(loaded.scenario.stages(loaded.params), workload)
  if (perRequestNs === 0) return permits
  const bounded = Math.floor(LONGEST_WINDOW_NS / perRequestNs)
  return Math.min(permits, Math.max(SMALLEST_WINDOW, bounded))
}
