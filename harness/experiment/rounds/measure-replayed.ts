import { NS_PER_SECOND } from '../../base/units.ts'
import type { TrialContext } from '../../trial/measured.ts'
import { ServerFactory } from '../../trial/server-factory.ts'
import { warningsBefore } from '../../trial/watch-machine.ts'
import type { AskedMeasurement } from './begun.ts'
import type { Experiment } from './experiment.ts'
import { type Measurement, measureByRounds } from './measure-by-rounds.ts'
import { Pacing, type Planned } from './pacing.ts'
import type { RoundOrders } from './round-orders.ts'

/** An experiment that keeps its result itself. */
interface KeptExperiment extends Experiment {
  readonly result: Measurement
  save(): void
}

/** A measurement over traces in shared memory, on servers that are fresh in each of its deployments. */
interface Replayed<Rounds> {
  readonly request: Planned<AskedMeasurement>
  /** Servers of a deployment. */
  readonly armCount: number
  readonly orders: RoundOrders
  /** Where a trial is set up. @param at value of the parameter that is varied; undefined when none is, or of the first one */
  readonly contextAt: (at: number | undefined) => Promise<TrialContext>
  readonly begin: (first: TrialContext, pacing: Pacing) => Rounds
  /** Gives back what contexts hold. */
  readonly close: () => void | Promise<void>
  /** Doubts that only the whole of it shows. @default none */
  readonly conclude?: (rounds: Rounds) => void
}

/**
 * Measures all of it.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted; of kind `usage` when the scenario
 * cannot be run.
 */
export async function measureReplayed<Rounds extends KeptExperiment>(
  replayed: Replayed<Rounds>,
): Promise<Rounds['result']> {
  const { request, armCount, orders, contextAt, close } = replayed
  const first = await contextAt(undefined)
  const { clock } = first
  const pacing = new Pacing(
    () => clock.nowNs() / NS_PER_SECOND,
    request.budgetSeconds ?? Number.POSITIVE_INFINITY,
  )
  const rounds = replayed.begin(first, pacing)
  const { environment, warnings } = rounds.result
  warnings.unshift(...warningsBefore(environment, request.cpus))
  if (first.blockFile?.warning) warnings.push(first.blockFile.warning)
  const servers = new ServerFactory()
  await measureByRounds({
    result: rounds.result,
    experiment: rounds,
    servers,
    makeServer: async (arm, at) =>
      servers.make(await contextAt(at), {
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
    clock,
    save: () => rounds.save(),
    close,
    conclude: () => replayed.conclude?.(rounds),
  })
  return rounds.result
}
