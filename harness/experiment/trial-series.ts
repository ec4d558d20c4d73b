import { combineSeeds } from '../base/random.ts'
import type { Arm } from '../contract/architecture.ts'
import { logTrace } from '../workload/log-trace.ts'
import { createTrace } from '../workload/trace.ts'
import type { Routing, Trace, TraceOrder } from '../workload/trace-layout.ts'
import type { TrialContext } from './run-trial.ts'

/** Requests of one cycle of a trace. */
const STEADY_CYCLE = 1 << 17
const WARM_UP_CYCLE = 1 << 15
/** Pairs and rounds draw their traces from the numbers 0, 1, …; everything else from numbers that none of them has. */
const WARM_UP_SEED = -1

/** The trace of this seed that every arm of the same routing plays; about 60 ms. */
export function traceOfSeed(
  context: TraceContext,
  routing: Routing,
  seed: number,
  count = STEADY_CYCLE,
): Trace {
  return drawTrace(context, { routing, seed, count, insertHalf: 'second' })
}

/** The trace that is played before a steady state. @param seed of the run's or round's traces. */
export function warmUpTrace(context: TraceContext, routing: Routing, seed: number): Trace {
  return drawTrace(context, {
    routing,
    seed: combineSeeds(seed, WARM_UP_SEED),
    count: WARM_UP_CYCLE,
    insertHalf: 'first',
  })
}

type TraceContext = Pick<TrialContext, 'loaded' | 'workload' | 'keySpace' | 'cores'>

function drawTrace(
  { loaded, workload, keySpace, cores }: TraceContext,
  how: Pick<TraceOrder, 'routing' | 'seed' | 'count' | 'insertHalf'>,
): Trace {
  const order = { workload, portCount: cores.length, ...how }
  if (loaded.log !== undefined)
    return logTrace(loaded.log, how.insertHalf === 'first' ? 'end' : 'whole', order, keySpace)
  return createTrace({ ...order, keySpace })
}

/** How an arm's clients choose a port. */
export function routingOf(arm: Arm): Routing {
  return arm.options['routing'] === 'shard-aware' ? 'shard-aware' : 'random'
}
