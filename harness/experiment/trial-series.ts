import { combineSeeds } from '../base/random.ts'
import type { Arm } from '../contract/architecture.ts'
import { logTrace } from '../workload/log-trace.ts'
import { createTrace } from '../workload/trace.ts'
import type { Routing, Trace, TraceOrder } from '../workload/trace-layout.ts'
import { runTrial, type TrialContext } from './run-trial.ts'
import type { TracedTrial } from './rounds/server-under-test.ts'
import type { TrialTimes } from './trial-plan.ts'

/** Requests of one cycle of a trace. */
const STEADY_CYCLE = 1 << 17
const WARM_UP_CYCLE = 1 << 15
/** Pairs and rounds draw their traces from the numbers 0, 1, …; everything else from numbers that none of them has. */
const WARM_UP_SEED = -1
export const CAPACITY_SEED = -2

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

/** Trials of one context on numbered traces, all drawn from one seed. */
export class TrialSeries {
  readonly #context: TrialContext
  readonly #seed: number
  readonly #warmUps = new Map<Routing, Trace>()

  constructor(context: TrialContext, seed: number) {
    this.#context = context
    this.#seed = seed
  }

  /** Runs one trial on the trace of this number. */
  async trial(
    arm: Arm,
    offeredPerSecond: number | null,
    number: number,
    times: TrialTimes,
  ): Promise<TracedTrial> {
    const steady = this.trace(routingOf(arm), number)
    const warmUp = this.#warmUp(routingOf(arm))
    const trial = await runTrial(this.#context, { arm, offeredPerSecond, warmUp, steady, times })
    const { hash: traceHash, hottestShardShare, busiestPortShare } = steady
    return { trial, traceHash, hottestShardShare, busiestPortShare }
  }

  /** The trace of this number: the same for all arms of the same routing. */
  trace(routing: Routing, number: number, count = STEADY_CYCLE): Trace {
    return traceOfSeed(this.#context, routing, combineSeeds(this.#seed, number), count)
  }

  #warmUp(routing: Routing): Trace {
    const known = this.#warmUps.get(routing)
    if (known) return known
    const trace = warmUpTrace(this.#context, routing, this.#seed)
    this.#warmUps.set(routing, trace)
    return trace
  }
}

/** How an arm's clients choose a port. */
export function routingOf(arm: Arm): Routing {
  return arm.options['routing'] === 'shard-aware' ? 'shard-aware' : 'random'
}
