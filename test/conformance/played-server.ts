import { parseArms } from '../../harness/asked/arms.ts'
import { controlsBatch, controlsThreads } from '../../harness/architectures/staged/launch.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../../harness/base/units.ts'
import type { PhaseLogMemory } from '../../harness/measure/phase-log.ts'
import { PHASE_STEADY_STATE } from '../../harness/ports/replay/control.ts'
import type { Trial } from '../../harness/results/schema.ts'
import { bearableLoad } from '../../harness/scenario/declared-work.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { lostWakeUpsOf, ThreadCounters } from '../../harness/shared-memory/thread-counters.ts'
import { createTrialContext } from '../../harness/trial/context.ts'
import type { TrialContext } from '../../harness/trial/measured.ts'
import { routingOf, traceOfSeed } from '../../harness/trial/series.ts'
import { ThreadedServer } from '../../harness/trial/threaded-server.ts'
import { CPUS } from './bench.ts'
import { type DrawnServer, runCommand } from './drawn-server.ts'

const CYCLE = 1 << 13
const WARM_UP_NS = 100 * NS_PER_MS
/** Controllers take a step per window of 100 ms. */
const CONTROLLED_WARM_UP_NS = 400 * NS_PER_MS
/** A busy machine may take long; what waits is answered all the same. */
const LONGEST_DRAIN_NS = 15 * NS_PER_SECOND
const TRIAL_NS = 200 * NS_PER_MS

/** What a server is offered: so many requests a second, or at `max` so many in flight per port. */
type Offered = { readonly perSecond: number } | { readonly window: number }

/** A drawn server on real threads. */
export interface PlayedServer {
  /** Far below what it serves, however slow it is drawn. */
  readonly bearablePerSecond: number
  /** Plays one trial; tells what was wrong with its answers, null when every request was answered right. */
  play(offered: Offered): Promise<string | null>
  /** Sleeps beside work so far that only their time-out ended. */
  lostWakeUps(): number
  /** By port: what was sampled of the latest trial. */
  phaseLogs(): readonly PhaseLogMemory[]
}

/** The first one's clock and calibration are everybody's. */
let first: TrialContext | undefined

/** Starts a drawn server for trials of the given length, and ends it. */
export async function withServer<Result>(
  drawn: DrawnServer,
  steadyNs: number,
  use: (server: PlayedServer) => Promise<Result>,
): Promise<Result> {
  const loaded = await loadScenario(drawn.scenario, drawn.parameters)
  const [arm] = parseArms(`${drawn.arm},sharded`)
  const { signal } = new AbortController()
  const place = { loaded, arms: [arm], cpus: CPUS, virtualCores: null, signal }
  const context: TrialContext = {
    ...createTrialContext(first === undefined ? place : { ...place, like: first }),
    // As many as processors are pinned to them, others float.
    cores: Array.from({ length: drawn.cores }, (_, core) =>
      drawn.cores === CPUS.length ? CPUS[core]! : null,
    ),
  }
  first ??= context
  const isControlled = controlsBatch(arm) || controlsThreads(arm)
  const warmUpNs = isControlled ? CONTROLLED_WARM_UP_NS : WARM_UP_NS
  const times = {
    rehearsalAfterNs: 0,
    leastWarmUpNs: warmUpNs,
    longestWarmUpNs: warmUpNs,
    steadyNs,
    longestDrainNs: LONGEST_DRAIN_NS,
    restNs: 0,
  }
  const trace = traceOfSeed(context, routingOf(arm), drawn.seed, CYCLE)
  const mayRefuse = arm.options['deadlineMillis'] !== 0
  const common = { arm, warmUp: trace, steady: trace, times }
  const stages = loaded.scenario.stages(loaded.params)
  try {
    const server = await ThreadedServer.start(context, {
      arm,
      longestWarmUpNs: warmUpNs,
      longestSteadyNs: steadyNs,
      traces: { warmUp: trace, steady: trace },
    })
    const { plans, counters, replay } = server.memory
    try {
      return await use({
        bearablePerSecond: bearableLoad(stages, context.workload, drawn.cores).perSecond,
        play: async (offered) => {
          const load =
            'perSecond' in offered
              ? { offeredPerSecond: offered.perSecond }
              : { offeredPerSecond: null, window: offered.window }
          return faultOf(await server.play({ ...common, ...load }), mayRefuse)
        },
        lostWakeUps: () =>
          plans.reduce((sum, _, thread) => {
            const counts = new ThreadCounters(counters, thread).read()
            return sum + lostWakeUpsOf(counts)
          }, 0),
        phaseLogs: () =>
          (replay?.ports ?? []).map(({ playbacks }) => playbacks[PHASE_STEADY_STATE].phases),
      })
    } finally {
      await server.stop()
    }
  } finally {
    context.blockFile?.close()
  }
}

/** @param mayRefuse those whose deadline is over are refused in place of an answer */
function faultOf(trial: Trial, mayRefuse: boolean): string | null {
  if (trial.void !== null) return trial.void
  const { due, completed, refused, unanswered } = trial.counts
  const isAllowed = refused === 0 || mayRefuse
  if (completed + refused === due && isAllowed && unanswered === 0) return null
  return `of ${due} due requests ${completed} were answered, ${refused} refused, ${unanswered} never answered`
}

/**
 * What one server did wrong in three short trials, as a sentence that says how to see it again; null when all was right: every
 * request answered, every answer right, no sleep beside work ended by its time-out.
 */
export async function faultWhenPlayed(drawn: DrawnServer): Promise<string | null> {
  let load = 'max'
  let at = 'at its start'
  const told = (fault: string) =>
    `${at}: ${fault}\n  STRESS_SEED=${drawn.seed} STRESS_SECONDS=1 npm run test:stress -- whole-server\n  ${runCommand(drawn, load)}\n`
  try {
    return await withServer(drawn, TRIAL_NS, async (server) => {
      const play = async (offered: Offered) => {
        const lostBefore = server.lostWakeUps()
        const fault = await server.play(offered)
        const lost = server.lostWakeUps() - lostBefore
        if (fault !== null) return told(fault)
        return lost === 0
          ? null
          : told(`${lost} sleeps beside work were ended by their time-out only`)
      }
      const perSecond = Math.ceil(server.bearablePerSecond * drawn.loadShare)
      load = `${perSecond}/s`
      at = `at ${load}`
      const fault = await play({ perSecond })
      if (fault !== null) return fault
      load = 'max'
      // Alone, a request that somebody sleeps beside gets no help from those behind it.
      for (const window of [1, drawn.window]) {
        at = `at max, ${window} in flight per port`
        const atMaximum = await play({ window })
        if (atMaximum !== null) return atMaximum
      }
      return null
    })
  } catch (error) {
    return told(String(error))
  }
}
