import { combineSeeds } from '../base/random.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Load } from '../results/schema.ts'
import { logTrace } from '../workload/request-log.ts'
import type { Routing, Trace, TraceOrder } from '../workload/trace-layout.ts'
import { createTrace } from '../workload/trace.ts'
import type { TrialContext } from './measured.ts'

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

/** How unequally a trace treats shards and ports. */
export type TraceShares = Pick<Trace, 'hottestShardShare' | 'busiestPortShare'>

/**
 * Puts the shares of one more set's trace into its load, as the mean over rounds: that of the hottest shard where a stage
 * touches records by their key, that of the busiest port where the workload's clients are unequal.
 * @param sets with this one.
 */
export function addTraceShares(
  load: Load,
  sets: number,
  shares: TraceShares,
  { loaded, workload }: Pick<TrialContext, 'loaded' | 'workload'>,
): void {
  const mean = (before: number | undefined, share: number) =>
    before === undefined ? share : before + (share - before) / sets
  const isKeyed = loaded.scenario
    .stages(loaded.params)
    .some((stage) => 'run' in stage && (stage.access ?? 'none') !== 'none')
  if (isKeyed) load.hottestShardShare = mean(load.hottestShardShare, shares.hottestShardShare)
  if (workload.heavyClients !== undefined)
    load.busiestPortShare = mean(load.busiestPortShare, shares.busiestPortShare)
}
