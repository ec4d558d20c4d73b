import { closeSync, openSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import type { TransportRequest } from '../asked/requests.ts'
import { ThreadClock } from '../base/clock.ts'
import { CrossoverError, runError, toSentError } from '../base/errors.ts'
import type { ParameterSpecs, Scenario } from '../contract/scenario.ts'
import type { BlockFile } from '../contract/workload.ts'
import { registerCrossoverName } from '../scenario/resolve-crossover.ts'
import type { FailedMessage } from '../server/deployment.ts'
import type { OpenBlockFile } from '../work/block-file.ts'
import { FADVISE_DONTNEED, requireMemoryCalls } from '../work/memory-calls.ts'
import { logWorkload, type RequestLog } from '../workload/request-log.ts'
import { createTrialContext } from './context.ts'
import { HostedServer } from './hosted-server.ts'
import { endWithParent } from '../measure/own-process.ts'
import type {
  Capacity,
  CapacityPlan,
  ServerOrder,
  TracedTrial,
  TrialOrder,
  WarmUp,
  WarmUpPlan,
} from './server-under-test.ts'

/** Everything that a server's process must know to start. */
export interface ServerStart {
  readonly order: ServerOrder
  readonly scenarioUrl: string
  readonly params: Readonly<Record<string, number | string>>
  readonly log: RequestLog | undefined
  readonly cpus: readonly number[]
  readonly virtualCores: number | null
  readonly transport: TransportRequest
  /** Of the run, so that all its processes have one clock and burn the same work. */
  readonly originNs: bigint
  readonly burnIterationsPerMicro: number
  /** The run's file, where the workload has one: the run's process keeps it open. */
  readonly blockFile: {
    readonly spec: BlockFile
    readonly path: string
    readonly direct: boolean
  } | null
}

/** What the run tells a server's process; each is answered by one reply. */
export type ServerProcessOrder =
  | { readonly kind: 'start'; readonly start: ServerStart }
  | { readonly kind: 'warm-up'; readonly plan: WarmUpPlan }
  | { readonly kind: 'sustain'; readonly plan: CapacityPlan }
  | { readonly kind: 'play'; readonly order: TrialOrder }

/** What it answers. */
export type ServerProcessReply =
  | { readonly kind: 'started' }
  | { readonly kind: 'warm'; readonly warmUp: WarmUp }
  | { readonly kind: 'capacity'; readonly capacity: Capacity }
  | { readonly kind: 'played'; readonly traced: TracedTrial }
  | (FailedMessage & {
      readonly cure: string | undefined
      /** The user's mistake, or the run's failure. */
      readonly isUsage: boolean
    })

/** Executes the run's orders, one after the other; whatever fails is told, and the run ends this process. */
let server: HostedServer | undefined
/** Never aborted: who interrupts a run ends this process. */
const { signal } = new AbortController()

async function start(asked: ServerStart): Promise<HostedServer> {
  registerCrossoverName()
  const module = (await import(asked.scenarioUrl)) as { default: Scenario<ParameterSpecs> }
  const { scenarioUrl: url, params, log, originNs, order } = asked
  const scenario = module.default
  const played = log && logWorkload(log, scenario.workload(params))
  const context = createTrialContext({
    // As `playLog` makes it, whose parser no server needs: the file alone would store the scenario's own records.
    loaded:
      log && played
        ? { url, scenario: { ...scenario, workload: () => played }, params, log }
        : { url, scenario, params },
    arms: [order.arm],
    cpus: asked.cpus,
    virtualCores: asked.virtualCores,
    transport: asked.transport,
    like: {
      originNs,
      clock: new ThreadClock(originNs),
      burnIterationsPerMicro: asked.burnIterationsPerMicro,
    },
    blockFile: asked.blockFile && sharedBlockFile(asked.blockFile),
    signal,
  })
  return HostedServer.start(context, order)
}

/** The run's file as this process reads it. */
function sharedBlockFile(file: NonNullable<ServerStart['blockFile']>): OpenBlockFile {
  const calls = requireMemoryCalls('a file to read')
  return {
    ...file,
    warning: null,
    dropPages: () => {
      const descriptor = openSync(file.path, 'r')
      calls.adviseFile(descriptor, 0, 0, FADVISE_DONTNEED)
      closeSync(descriptor)
    },
    close: () => {},
  }
}

async function execute(order: ServerProcessOrder): Promise<ServerProcessReply> {
  if (order.kind === 'start') {
    server = await start(order.start)
    // Ended by force, it would leave nothing of what it compiled for those that come behind it.
    flushCompileCache()
    return { kind: 'started' }
  }
  if (server === undefined) throw runError('server', 'the server has not been started')
  if (order.kind === 'warm-up') return { kind: 'warm', warmUp: await server.warmUp(order.plan) }
  if (order.kind === 'sustain')
    return { kind: 'capacity', capacity: await server.sustains(order.plan) }
  return { kind: 'played', traced: await server.play(order.order) }
}

function failure(error: unknown): ServerProcessReply {
  const isOurs = error instanceof CrossoverError
  return {
    kind: 'failed',
    ...toSentError(error),
    cure: isOurs ? error.cure : undefined,
    isUsage: isOurs && error.kind === 'usage',
  }
}

process.on('message', (order: ServerProcessOrder) => {
  void execute(order)
    .catch(failure)
    .then((reply) => process.send?.(reply))
})
process.on('disconnect', () => process.exit())
// Terminals and service managers signal all processes: when this one ends is for the run to say.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
// A process that is stopped would not even notice that nobody is there any more.
endWithParent()
