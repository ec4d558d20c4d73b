import type { TrialContext } from '../../trial/measured.ts'
import { ServerFactory } from '../../trial/server-factory.ts'
import { warningsBefore } from '../../trial/watch-machine.ts'
import type { AskedMeasurement } from './begun.ts'
import type { Experiment } from './experiment.ts'
import { measureByRounds } from './loop.ts'
import type { Pacing, Planned } from './pacing.ts'
import type { RoundOrders } from './round-orders.ts'

/** Where a measurement over traces in shared memory is made, on servers that are fresh in each of its deployments. */
interface Replayed {
  readonly request: Planned<AskedMeasurement>
  /** Servers of a deployment. */
  readonly armCount: number
  readonly orders: RoundOrders
  readonly pacing: Pacing
  /** Where the first trial is set up. */
  readonly first: TrialContext
  /** Where those at other values of a parameter are. @default none is varied */
  readonly contexts?: { at(value: number): Promise<TrialContext> }
}

/**
 * Measures all of it.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted; of kind `usage` when the scenario
 * cannot be run.
 */
export async function measureReplayed(experiment: Experiment, replayed: Replayed): Promise<void> {
  const { request, armCount, orders, pacing, first, contexts } = replayed
  const { environment, warnings } = experiment.result
  warnings.unshift(...warningsBefore(environment, request.cpus))
  if (first.blockFile?.warning) warnings.push(first.blockFile.warning)
  const servers = new ServerFactory()
  await measureByRounds(experiment, {
    servers,
    makeServer: async (arm, at) =>
      servers.make(at === undefined || contexts === undefined ? first : await contexts.at(at), {
        arm,
        transport: { kind: 'replay' },
        durationSeconds: request.durationSeconds,
        answersOnly: request.answersOnly === true,
        seed: orders.warmUpSeed(Math.floor(servers.count / armCount)),
        traceSeeds: [],
      }),
    expectations: request.plan.expectations,
    pacing,
    cpus: request.cpus,
    clock: first.clock,
  })
}
