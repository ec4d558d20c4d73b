import { runError } from '../base/errors.ts'
import { combineSeeds } from '../base/random.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Trial } from '../results/schema.ts'
import { bearableLoad } from '../scenario/declared-work.ts'
import type { Sabotage } from '../server/server-memory.ts'
import type { TrialContext, TrialRequest } from './measured.ts'
import { trialTimes } from './player.ts'
import { routingOf, traceOfSeed, warmUpTrace } from './series.ts'
import { ThreadedServer } from './threaded-server.ts'

/** A trial on fresh threads, and how a test breaks their server. */
export interface FreshTrialRequest extends TrialRequest {
  readonly sabotage?: Sabotage
}

/**
 * Runs one trial on fresh threads: warm-up on its own trace until latencies stop falling, steady state, drain, check of
 * the answers. @throws when a thread fails or the run is interrupted; wrong answers do not throw, they void the trial.
 */
export async function runTrial(context: TrialContext, request: FreshTrialRequest): Promise<Trial> {
  const { arm, times, warmUp, steady, sabotage = {} } = request
  const server = await ThreadedServer.start(context, {
    arm,
    longestWarmUpNs: times.longestWarmUpNs,
    longestSteadyNs: times.steadyNs,
    traces: { warmUp, steady },
    sabotage,
  })
  try {
    return await server.play(request)
  } finally {
    await server.stop()
  }
}

const STEADY_SECONDS = 0.2
/** The steady state is as much longer as it takes to have so many. */
const FEWEST_REQUESTS = 20

/**
 * Two trials of about half a second on one server, for their answers alone: at a load at which any machine keeps up, so that
 * every request that is due must be answered. Their figures mean nothing. Both play the same trace: a scenario that keeps
 * something from one trial to the next shows by the second one.
 * @param seed of the traces.
 * @throws CrossoverError of kind `run` when a thread fails, an answer is wrong, or requests were not answered.
 */
export async function tinyTrials(
  context: TrialContext,
  seed: number,
  arm: Arm,
): Promise<readonly [Trial, Trial]> {
  const { loaded, workload, cores } = context
  const stages = loaded.scenario.stages(loaded.params)
  const { perSecond } = bearableLoad(stages, workload, cores.length)
  const steadySeconds = Math.max(STEADY_SECONDS, FEWEST_REQUESTS / perSecond)
  const times = {
    ...trialTimes(steadySeconds),
    rehearsalAfterNs: 50 * NS_PER_MS,
    leastWarmUpNs: 150 * NS_PER_MS,
    longestWarmUpNs: 150 * NS_PER_MS,
    longestDrainNs: 10 * NS_PER_SECOND,
  }
  const routing = routingOf(arm)
  const warmUp = warmUpTrace(context, routing, seed)
  const steady = traceOfSeed(context, routing, combineSeeds(seed, 0))
  const server = await ThreadedServer.start(context, {
    arm,
    longestWarmUpNs: times.longestWarmUpNs,
    longestSteadyNs: times.steadyNs,
    traces: { warmUp, steady },
  })
  const where = `scenario=${loaded.scenario.name} arm=${arm.label}`
  const play = () => server.play({ arm, offeredPerSecond: perSecond, warmUp, steady, times })
  try {
    const first = await play()
    refuseFaults(
      first,
      where,
      'mend run and verify: scenarios/README.md says how answers are checked',
    )
    if (loaded.scenario.fresh === true) return [first, first]
    const second = await play()
    refuseFaults(
      second,
      `${where} in the second trial of a server, after the first was right`,
      'let nothing in the module keep what one trial left, or say fresh: true in the scenario: each trial gets a server of its own then',
    )
    return [first, second]
  } finally {
    await server.stop()
  }
}

function refuseFaults(trial: Trial, where: string, cure: string): void {
  if (trial.void !== null)
    throw runError('void', `answers are wrong: ${where}: ${trial.void}`, cure)
  const { due, completed } = trial.counts
  if (completed === due && due > 0) return
  throw runError(
    'unanswered',
    `of ${due} requests ${completed} were answered: ${where}`,
    'declare the work and waits of each stage (burn, wait), or let the machine rest and try again',
  )
}
