import type { Arm } from '../../contract/architecture.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { warningsBefore } from '../../trial/watch-machine.ts'
import { type Measurement, measureByRounds } from '../rounds/measure-by-rounds.ts'
import { Pacing } from '../rounds/pacing.ts'
import { RoundOrders } from '../rounds/round-orders.ts'
import { ServerFactory } from '../../trial/server-factory.ts'
import { pointExpectations } from './point-times.ts'
import { PairRounds, type PointPlan } from './pair-rounds.ts'
import { PointContexts, type PointRequest } from './contexts.ts'

/** What measuring at the values of a parameter needs besides its request. */
export interface PointMeasurement {
  readonly request: PointRequest & { readonly budgetSeconds: number | null }
  readonly signal: AbortSignal
  /** Made when it is known whether threads can be pinned. */
  readonly begin: (pinned: boolean, pacing: Pacing) => BegunMeasurement
}

/** A result that grows, and how. */
interface BegunMeasurement {
  readonly result: Measurement
  readonly plan: PointPlan
  /** Keeps the result with everything that follows from its trials. */
  readonly save: () => void
  /** Doubts that only the whole of it shows. */
  readonly conclude: () => void
}

/**
 * Measures pairs at the values of a parameter, as its plan says.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted; of kind `usage` when the scenario
 * cannot be run.
 */
export async function measurePoints({ request, signal, begin }: PointMeasurement): Promise<void> {
  const contexts = new PointContexts(request, signal)
  const first = await contexts.at(request.range.from)
  const { clock } = first
  const pacing = new Pacing(
    () => clock.nowNs() / NS_PER_SECOND,
    request.budgetSeconds ?? Number.POSITIVE_INFINITY,
  )
  const { result, plan, save, conclude } = begin(first.setAffinity !== null, pacing)
  const { environment, warnings } = result
  warnings.push(...warningsBefore(environment, request.cpus))
  if (first.blockFile?.warning) warnings.push(first.blockFile.warning)
  const orders = pointOrders(request)
  const servers = new ServerFactory()
  await measureByRounds({
    result,
    experiment: new PairRounds(request, plan, orders, pacing),
    servers,
    makeServer: async (arm: Arm, at = request.range.from) =>
      servers.make(await contexts.at(at), {
        arm,
        transport: { kind: 'replay' },
        durationSeconds: request.durationSeconds,
        answersOnly: request.answersOnly === true,
        seed: orders.warmUpSeed(Math.floor(servers.count / request.arms.length)),
        traceSeeds: [],
      }),
    expectations: pointExpectations(request),
    pacing,
    cpus: request.cpus,
    clock,
    save,
    close: () => contexts.close(),
    conclude,
  })
}

/** Of a sweep or a search: two with other scenarios or parameters have other arrivals. */
function pointOrders({ seed, scenario, fixed }: PointRequest): RoundOrders {
  return new RoundOrders(seed, `${scenario} ${JSON.stringify(fixed)}`)
}
