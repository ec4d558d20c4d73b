import type { Arm } from '../../contract/architecture.ts'
import type { RunState } from '../run-state.ts'
import type { TransportRequest } from '../run-request.ts'
import { ordersOf } from './round-orders.ts'
import { CONTROLLED_SETTLE_SECONDS } from '../trial-plan.ts'
import { ServerProcess } from './server-process.ts'
import type { ServerUnderTest } from './server-under-test.ts'

/** Makes the servers of a run, and knows what their processes have used. */
export interface ServerFactory {
  make(arm: Arm): ServerUnderTest
  /** CPU time of all processes so far, those that have ended included. */
  cpuSeconds(): number
}

/** Servers in processes of their own, for each arm its own TCP ports where there are any. */
export function serverFactory(run: RunState): ServerFactory {
  const { request, context } = run
  const orders = ordersOf(request)
  const made: ServerUnderTest[] = []
  return {
    make: (arm) => {
      const round = Math.floor(made.length / request.arms.length)
      const server = new ServerProcess(
        {
          arm,
          scenarioUrl: request.loaded.url,
          params: request.loaded.params,
          log: request.loaded.log,
          cpus: request.cpus,
          virtualCores: request.virtualCores,
          transport: transportOf(
            request.transport,
            request.arms.indexOf(arm),
            context.cores.length,
          ),
          originNs: context.originNs,
          burnIterationsPerMicro: context.burnIterationsPerMicro,
          blockFile: context.blockFile && {
            spec: context.blockFile.spec,
            // By which another process finds what has no name.
            path: context.blockFile.path.replace('/self/', `/${process.pid}/`),
            direct: context.blockFile.direct,
          },
          longestSteadySeconds: request.durationSeconds,
          longestSettleSeconds: CONTROLLED_SETTLE_SECONDS,
          seed: orders.warmUpSeed(round),
          traceSeeds: request.loads.map(({ label }) => orders.traceSeed(round, label)),
          runProcessId: process.pid,
          judgesRuntime: request.answersOnly !== true,
        },
        context.signal,
      )
      made.push(server)
      return server
    },
    cpuSeconds: () => made.reduce((sum, server) => sum + (server.usage().cpuSeconds ?? 0), 0),
  }
}

/** All arms of a round listen at once. */
function transportOf(
  transport: TransportRequest,
  place: number,
  portCount: number,
): TransportRequest {
  if (transport.kind === 'replay') return transport
  return { ...transport, firstTcpPort: transport.firstTcpPort + place * portCount }
}
