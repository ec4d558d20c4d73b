import type { Trial } from '../results/schema.ts'
import type { Sabotage } from '../server/server-memory.ts'
import type { TrialContext, TrialRequest } from './measured.ts'
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
