import { combineSeeds } from '../base/random.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Trial } from '../results/schema.ts'
import { logTrace } from '../workload/log-trace.ts'
import { createTrace } from '../workload/trace.ts'
import type { Routing, Trace } from '../workload/trace-layout.ts'
import { runTrial, type TrialContext } from './run-trial.ts'
import type { TraceShares } from './trace-shares.ts'
import type { TrialTimes } from './trial-plan.ts'

/** Requests of one cycle of a trace. */
const STEADY_CYCLE = 1 << 17
const WARM_UP_CYCLE = 1 << 15
/** Pairs and rounds draw their traces from the numbers 0, 1, …; everything else from numbers that none of them has. */
const WARM_UP_SEED = -1
export const CAPACITY_SEED = -2

/** A trial, and of the trace that it played what the report tells. */
export interface TracedTrial extends TraceShares {
  readonly trial: Trial
  readonly traceHash: string
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
    const { loaded, workload, keySpace, cores } = this.#context
    const seed = combineSeeds(this.#seed, number)
    const isWarmUp = number === WARM_UP_SEED
    const insertHalf = isWarmUp ? 'first' : 'second'
    const order = { workload, portCount: cores.length, routing, seed, count, insertHalf } as const
    if (loaded.log !== undefined)
      return logTrace(loaded.log, isWarmUp ? 'end' : 'whole', order, keySpace)
    return createTrace({ ...order, keySpace })
  }

  #warmUp(routing: Routing): Trace {
    const known = this.#warmUps.get(routing)
    if (known) return known
    const trace = this.trace(routing, WARM_UP_SEED, WARM_UP_CYCLE)
    this.#warmUps.set(routing, trace)
    return trace
  }
}

function routingOf(arm: Arm): Routing {
  return arm.options['routing'] === 'shard-aware' ? 'shard-aware' : 'random'
}
