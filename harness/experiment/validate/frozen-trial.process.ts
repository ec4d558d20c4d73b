import type { LoadedScenario, TransportRequest } from '../../asked/requests.ts'
import { prepareHttp, type TransportName } from '../../asked/transport.ts'
import { toSentError } from '../../base/errors.ts'
import type { ArchitectureName } from '../../contract/architecture.ts'
import { loadScenario } from '../../scenario/load.ts'
import { rankPercentile } from '../../stats/intervals.ts'
import type { Pause } from '../../stats/queueing.ts'
import { createTrialContext } from '../../trial/context.ts'
import { expectedResponses } from './played-requests.ts'
import { runTheoryTrial, THEORY_SCENARIO, theoryServer } from './theory.ts'

/** What the validation asks of the process. */
export interface FrozenTrialRequest {
  readonly architecture: ArchitectureName
  readonly servers: number
  readonly utilisation: number
  readonly seconds: number
  readonly seed: number
  readonly cpus: readonly number[]
  readonly transport: TransportName
}

export const FROZEN_PERCENTILES = ['p50', 'p90', 'p99', 'p99_9', 'max'] as const
const FRACTIONS = { p50: 0.5, p90: 0.9, p99: 0.99, p99_9: 0.999, max: 1 } as const

/** A percentile as the harness reports it and as the recursion on the trace gives it. */
export interface FrozenPercentile {
  readonly name: (typeof FROZEN_PERCENTILES)[number]
  readonly fraction: number
  readonly measuredNs: number
  /** It falls on requests that were never answered. */
  readonly atLeast: boolean
  readonly expectedNs: number
}

/** What the validation tells the process: what to run, and then when it was frozen, on the system's clock. */
export type FrozenTrialOrder =
  | { readonly kind: 'run'; readonly request: FrozenTrialRequest }
  | { readonly kind: 'frozen'; readonly fromNs: bigint; readonly untilNs: bigint }

/** What the process tells: when its steady state begins on the system's clock, and what came of it. */
export type FrozenTrialReply =
  | { readonly kind: 'steady'; readonly startNs: bigint }
  | {
      readonly kind: 'measured'
      readonly percentiles: readonly FrozenPercentile[]
      readonly wrong: string | null
      /** Share of the requests that were due while the servers stood still. */
      readonly affectedShare: number
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

/*
 * A process of its own, so that the validation can stop all threads of a server at once (SIGSTOP) and let them go on
 * (SIGCONT), without a line of code in the server that would know of it. Not the program's own process: the user's shell
 * would take a stopped one for a background job.
 */
const pauseTold = Promise.withResolvers<{ fromNs: bigint; untilNs: bigint }>()

function send(reply: FrozenTrialReply): void {
  process.send?.(reply)
}

async function run(request: FrozenTrialRequest): Promise<void> {
  const loaded = await loadScenario(THEORY_SCENARIO, {})
  const { arm, virtualCores } = theoryServer(request.architecture, request.servers)
  const { signal } = new AbortController()
  const context = createTrialContext({
    loaded,
    arms: [arm],
    cpus: request.cpus,
    virtualCores,
    transport: await transportOf(request.transport, loaded, virtualCores),
    signal,
  })
  let startNs = 0n
  const played = await runTheoryTrial(context, {
    ...request,
    arm,
    onSteadyState: (ns) => {
      startNs = context.originNs + BigInt(Math.round(ns))
      send({ kind: 'steady', startNs })
    },
  })
  const told = await pauseTold.promise
  const pause: Pause = {
    fromNs: Number(told.fromNs - startNs),
    untilNs: Number(told.untilNs - startNs),
  }
  const expected = expectedResponses(played, arm.architecture === 'staged', { pause })
  const { trial, steadyNs } = played
  if (context.transport.kind === 'http') await context.transport.client.close()
  send({
    kind: 'measured',
    wrong: trial.void,
    affectedShare: (pause.untilNs - pause.fromNs) / steadyNs,
    percentiles: FROZEN_PERCENTILES.map((name) => ({
      name,
      fraction: FRACTIONS[name],
      measuredNs: trial.percentiles[name].ns,
      atLeast: trial.percentiles[name].atLeast,
      expectedNs: rankPercentile(expected, FRACTIONS[name]),
    })),
  })
}

/** Connections of all ports: more than requests come while the servers stand still, so that none waits for one. */
const CONNECTIONS = 512

async function transportOf(
  name: TransportName,
  { scenario, params }: LoadedScenario,
  portCount: number,
): Promise<TransportRequest> {
  if (name === 'replay') return { kind: name }
  const flags = { connections: CONNECTIONS, pipelining: 1, tcpPort: undefined }
  return prepareHttp(scenario.workload(params), flags, { portCount, clientCpus: [] })
}

process.on('message', (order: FrozenTrialOrder) => {
  if (order.kind === 'frozen') return pauseTold.resolve(order)
  run(order.request)
    .catch((error: unknown) => send({ kind: 'failed', ...toSentError(error) }))
    .finally(() => process.disconnect?.())
})
