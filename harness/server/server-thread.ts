import { flushCompileCache } from 'node:module'
import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { attachOffLoadThread, attachReactor } from '../architectures/sharded/launch.ts'
import {
  attachBackgroundThread,
  attachNetworkThread,
  attachStageThread,
  attachTimerThread,
} from '../architectures/staged/launch.ts'
import { ThreadClock, clockErrorNs } from '../base/clock.ts'
import { runError, toSentError } from '../base/errors.ts'
import type { Port, PortThread } from '../contract/port.ts'
import type { Scenario } from '../contract/scenario.ts'
import { kernelThreadId, minimizeTimerSlack } from '../measure/affinity.ts'
import { shareBurn } from '../measure/burn.ts'
import { HttpCodec } from '../ports/http/http-codec.ts'
import { driveHttp } from '../ports/http/http-driver.ts'
import { HttpPort } from '../ports/http/http-port.ts'
import { Control, PHASE_CLOSED } from '../ports/replay/control.ts'
import { driveReplay } from '../ports/replay/replay-driver.ts'
import { ReplayPort } from '../ports/replay/replay-port.ts'
import { registerCrossoverName } from '../scenario/resolve-crossover.ts'
import { AwakeThreads } from '../shared-memory/awake-threads.ts'
import { BlockingWait } from '../shared-memory/blocking-wait.ts'
import type { Doorbell } from '../shared-memory/doorbell.ts'
import { IdleStrategy } from '../shared-memory/idle-strategy.ts'
import { PhaseStamps } from '../shared-memory/phase-stamps.ts'
import { ThreadCounters } from '../shared-memory/thread-counters.ts'
import { ThreadWork } from '../work/thread-work.ts'
import { type Codec, compileSteps, frameCodec } from './compile-steps.ts'
import {
  type FailedMessage,
  type ReadyMessage,
  stagesOf,
  type ThreadDeployment,
} from './deployment.ts'
import { HeapWatch } from './heap-watch.ts'
import { StallDetector } from './stall-detector.ts'
import { watchPromises } from './stage-promises.ts'

/** One thread of a server: builds what its plan says, reports ready, serves until the trial stops it. */
async function serve(deployment: ThreadDeployment): Promise<void> {
  registerCrossoverName()
  const scenario = ((await import(deployment.scenarioUrl)) as { default: Scenario }).default
  const { plan, server, slab, burnIterationsPerMicro } = deployment
  shareBurn(deployment.burnModule)
  const clock = new ThreadClock(deployment.originNs)
  const counters = new ThreadCounters(deployment.counters, deployment.thread)
  const awake = new AwakeThreads(deployment.awake, deployment.processors)
  const blockingWait = new BlockingWait(clock, awake, counters.waits)
  const work = new ThreadWork(deployment.work, clock, counters.locks)
  const stages = scenario.stages(deployment.params)
  const stalls =
    deployment.stalls === null
      ? undefined
      : new StallDetector(deployment.stalls, deployment.thread, clock)
  const steps = compileSteps(stages, {
    codec: codecOf(deployment),
    burnIterationsPerMicro,
    blockingWait,
    work,
    beacon: counters.beacon,
    promises: watchPromises(counters.beacon),
    stalls,
    legs: deployment.legs === undefined ? null : { ...deployment.legs, slab },
  })
  const inline = server.architecture === 'staged' && server.inline
  for (const stage of stagesOf(plan, { architecture: server.architecture, inline }, stages))
    work.prepare(stage)
  const stamps = new PhaseStamps(deployment.stamps, slab, clock)
  const context = { slab, steps, clock, awake, counters, stamps }

  const control = new Control(deployment.control)
  const heap = new HeapWatch(control, counters)
  const stopped = () => {
    heap.look()
    return control.stopped()
  }
  const { idle } = deployment

  /** A thread that owns no port. */
  const attachPoolThread = (): { run(): void } => {
    const strategy = new IdleStrategy(idle, awake, clock)
    if (server.architecture === 'sharded')
      return attachOffLoadThread(server, context, strategy, stopped)
    if (plan.duty === 'background')
      return attachBackgroundThread(server, context, burnIterationsPerMicro, stopped)
    if (plan.duty === 'timer') return attachTimerThread(server, context, stopped)
    if (!('stages' in plan)) throw runError('plan', `thread without a duty: name=${plan.name}`)
    return attachStageThread(server, context, plan, strategy, stopped)
  }

  let begin: () => void
  if (deployment.port === undefined) {
    const thread = attachPoolThread()
    begin = () => thread.run()
  } else {
    const { index, firstSlot, slotCount } = deployment.port
    const attach = (port: Port): { thread: PortThread; doorbell: Doorbell } =>
      server.architecture === 'staged'
        ? attachNetworkThread(server, context, index, port)
        : attachReactor(server, {
            ...context,
            shard: index,
            port,
            firstSlot,
            slotCount,
            burnIterationsPerMicro,
          })
    if (deployment.port.kind === 'http') {
      const port = new HttpPort(deployment.port, clock)
      const { thread, doorbell } = attach(port)
      await port.listen()
      const closing = () => control.phase() === PHASE_CLOSED
      const parts = { port, doorbell, idle, awake, clock, counters, stopped, closing }
      begin = () => driveHttp(thread, parts)
    } else {
      const port = new ReplayPort(deployment.port, clock)
      const { thread, doorbell } = attach(port)
      const parts = { port, idle, awake, clock, counters }
      begin = () => driveReplay(thread, { ...parts, doorbell, stopped })
    }
  }
  const threadId = kernelThreadId()
  // By the thread itself: for another one it would need a privilege.
  if (threadId !== null) minimizeTimerSlack(threadId)
  const heapBytes = getHeapStatistics().used_heap_size
  // A thread that is ended by force would leave nothing of what it compiled for those that come behind it.
  flushCompileCache()
  parentPort?.postMessage({
    kind: 'ready',
    threadId,
    heapBytes,
    clockErrorNs: clockErrorNs(clock, deployment.originNs),
  } satisfies ReadyMessage)
  awake.add()
  begin()
  // On an event loop it has only begun.
  if (deployment.port?.kind === 'http') return
  work.close()
  stalls?.close()
}

function codecOf({ transport, limits, document }: ThreadDeployment): Codec {
  return transport === 'http'
    ? new HttpCodec({ keyBytes: limits.keyBytes, document })
    : frameCodec(limits)
}

try {
  await serve(workerData as ThreadDeployment)
} catch (error) {
  parentPort?.postMessage({ kind: 'failed', ...toSentError(error) } satisfies FailedMessage)
}
