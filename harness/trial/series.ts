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

/** The same with keys and clients that are alike: no shard and no port is busier than others, but by chance. */
export function evenly<Context extends Pick<TrialContext, 'workload'>>(context: Context): Context {
  const { heavyClients } = context.workload
  // They stay, since classes may be theirs, with the share of the requests that they are of the clients; at least one is heavy.
  const alike = heavyClients && {
    ...heavyClients,
    requestShare: Math.max(heavyClients.heavyShare, 1 / heavyClients.clients),
  }
  return {
    ...context,
    workload: {
      ...context.workload,
      keys: { kind: 'uniform' },
      ...(alike && { heavyClients: alike }),
    },
  }
}

/** The largest share of the requests that one of as many shards as cores gets, by keys where stages touch records, and by clients. */
export function busiestShare(context: TrialContext, arm: Arm, seed: number): number {
  const trace = traceOfSeed(context, routingOf(arm), seed)
  const { hottestShardShare = 0, busiestPortShare = 0 } = tellingShares(trace, context)
  return Math.max(hottestShardShare, busiestPortShare, 1 / context.cores.length)
}

type TraceContext = Pick<TrialContext, 'loaded' | 'workload' | 'keySpace' | 'cores'>

function drawTrace(
  { loaded, workload, keySpace, cores }: TraceContext,
  how: Pick<TraceOrder, 'routing' | 'seed' | 'count' | 'insertHalf'>,
): Trace {
  const order = { workload, portCount: cores.length, ...how }
  if (loaded.log !== undefined)
    return logTrace(loaded.log, how.insertHalf === 'first' ? 'end' : 'round', order, keySpace)
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
  context: Pick<TrialContext, 'loaded' | 'workload'>,
): void {
  for (const [name, share] of Object.entries(tellingShares(shares, context))) {
    const key = name as keyof TraceShares
    const before = load[key]
    load[key] = before === undefined ? share : before + (share - before) / sets
  }
}

/** Those that mean something. */
function tellingShares(
  { hottestShardShare, busiestPortShare }: TraceShares,
  { loaded, workload }: Pick<TrialContext, 'loaded' | 'workload'>,
): Partial<TraceShares> {
  const isKeyed = loaded.scenario
    .stages(loaded.params)
    .some((stage) => 'run' in stage && (stage.access ?? 'none') !== 'none')
  return {
    ...(isKeyed && { hottestShardShare }),
    ...(workload.heavyClients !== undefined && { busiestPortShare }),
  }
}
