import { NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import { declaredNsOf, occupiedNsOf } from '../scenario/declared-work.ts'
import type { TrialContext } from './measured.ts'

/** Work that the closed window may hold per core: what is in flight at the end must be answered, too. */
const LONGEST_WINDOW_NS = 0.2 * NS_PER_SECOND
const SMALLEST_WINDOW = 8
/** Threads of a stage that sleeps, where the arm does not say otherwise: so many requests sleep at once. */
const SLEEPERS = 32

/** Requests in flight per port at capacity: the permits, fewer when requests are long; the clients' over real sockets. */
export function capacityWindow(context: TrialContext, arm: Arm): number {
  const { loaded, workload, transport, cores } = context
  if (transport.kind === 'http')
    return Math.round((transport.connections * transport.pipelining) / cores.length)
  const permits = Number(arm.options['permits'])
  const stages = loaded.scenario.stages(loaded.params)
  const occupiedNs = occupiedNsOf(stages, workload)
  // Waits in which nobody needs a core overlap; of all ports' together, as many as there are threads for them.
  const asleepNs = Math.max(0, declaredNsOf(stages, workload) - occupiedNs)
  const perRequestNs = occupiedNs + (asleepNs * cores.length) / SLEEPERS
  if (perRequestNs === 0) return permits
  const bounded = Math.floor(LONGEST_WINDOW_NS / perRequestNs)
  return Math.min(permits, Math.max(SMALLEST_WINDOW, bounded))
}
