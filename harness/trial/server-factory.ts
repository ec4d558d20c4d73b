import type { TransportRequest } from '../asked/requests.ts'
import type { TrialContext } from './measured.ts'
import type { ServerStart } from './serve-orders.ts'
import { ServerProcess } from './server-process.ts'
import type { ServerOrder, ServerUnderTest } from './server-under-test.ts'
import { CONTROLLED_SETTLE_SECONDS } from './player.ts'

/** What is known of a server before it starts, besides the context of its trials. */
export interface ServerPlan extends Pick<ServerOrder, 'arm' | 'seed' | 'traceSeeds'> {
  readonly transport: TransportRequest
  /** Times as long as they are declared services take. @default 1 */
  readonly burnFactor?: number
  /** Of the runtime, for its process. @default those of all servers */
  readonly flags?: readonly string[] | undefined
  readonly durationSeconds: number
  readonly answersOnly: boolean
}

/** Makes the servers of a measurement, and knows what their processes have used. */
export class ServerFactory {
  readonly #made: ServerUnderTest[] = []

  make(context: TrialContext, plan: ServerPlan): ServerUnderTest {
    const server = new ServerProcess(startOf(context, plan), context.signal, plan.flags)
    this.#made.push(server)
    return server
  }

  /** Servers so far. */
  get count(): number {
    return this.#made.length
  }

  /** CPU time of all processes so far, those that have ended included. */
  cpuSeconds(): number {
    return this.#made.reduce((sum, server) => sum + (server.usage().cpuSeconds ?? 0), 0)
  }
}

function startOf(context: TrialContext, plan: ServerPlan): ServerStart {
  const { loaded, cpus, cores, blockFile } = context
  return {
    order: {
      arm: plan.arm,
      longestSteadySeconds: plan.durationSeconds,
      longestSettleSeconds: CONTROLLED_SETTLE_SECONDS,
      seed: plan.seed,
      traceSeeds: plan.traceSeeds,
      familyProcesses: [process.pid],
      judgesRuntime: !plan.answersOnly,
    },
    scenarioUrl: loaded.url,
    params: loaded.params,
    log: loaded.log,
    cpus,
    virtualCores: cores.includes(null) ? cores.length : null,
    transport: plan.transport,
    originNs: context.originNs,
    burnIterationsPerMicro: context.burnIterationsPerMicro * (plan.burnFactor ?? 1),
    blockFile: blockFile && {
      spec: blockFile.spec,
      // By which another process finds what has no name.
      path: blockFile.path.replace('/self/', `/${process.pid}/`),
      direct: blockFile.direct,
    },
  }
}
