import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { attachReactor } from '../architectures/sharded/launch.ts'
import { attachNetworkThread, attachStageThread } from '../architectures/staged/launch.ts'
import { ThreadClock } from '../base/clock.ts'
import { runError, toSentError } from '../base/errors.ts'
import type { PortThread } from '../contract/port.ts'
import type { Scenario } from '../contract/scenario.ts'
import { minimizeTimerSlack } from '../measure/affinity.ts'
import { clockErrorNs } from '../measure/clock-check.ts'
import { kernelThreadId } from '../measure/thread-id.ts'
import { Control } from '../ports/replay/control.ts'
import { driveReplay } from '../ports/replay/replay-driver.ts'
import { ReplayPort } from '../ports/replay/replay-port.ts'
import { AwakeThreads } from '../shared-memory/awake-threads.ts'
import { BlockingWait } from '../shared-memory/blocking-wait.ts'
import type { Doorbell } from '../shared-memory/doorbell.ts'
import { IdleStrategy } from '../shared-memory/idle-strategy.ts'
import { ThreadCounters } from '../shared-memory/thread-counters.ts'
import { compileSteps } from './compile-steps.ts'
import type { FailedMessage, ReadyMessage, ThreadDeployment } from './deployment.ts'
import { registerCrossoverName } from './resolve-crossover.ts'

/** One thread of a server: builds what its plan says, reports ready, serves until the trial stops it. */
async function serve(deployment: ThreadDeployment): Promise<void> {
  registerCrossoverName()
  const scenario = ((await import(deployment.scenarioUrl)) as { default: Scenario }).default
  const { plan, server, slab, limits, burnIterationsPerMicro } = deployment
  const clock = new ThreadClock(deployment.originNs)
  const counters = new ThreadCounters(deployment.counters, deployment.thread)
  const awake = new AwakeThreads(deployment.awake, deployment.processors)
  const blockingWait = new BlockingWait(clock, awake)
  const steps = compileSteps(scenario.stages(deployment.params), {
    limits,
    burnIterationsPerMicro,
    blockingWait,
  })
  const context = { slab, steps, clock, awake, counters }

  let begin: () => void
  if (deployment.port === undefined) {
    if (server.architecture !== 'staged' || !('stages' in plan))
      throw runError('plan', `thread without a port: name=${plan.name}`)
    const control = new Control(deployment.control)
    const idle = new IdleStrategy(deployment.idle, awake, clock)
    const thread = attachStageThread(server, context, plan, idle, () => control.stopped())
    begin = () => thread.run()
  } else {
    const { index } = deployment.port
    const port = new ReplayPort(deployment.port, clock)
    const attached: { thread: PortThread; doorbell: Doorbell } =
      server.architecture === 'staged'
        ? attachNetworkThread(server, context, index, port)
        : attachReactor(server, { ...context, shard: index, port })
    const parts = {
      control: deployment.control,
      port,
      idle: deployment.idle,
      awake,
      clock,
      counters,
    }
    begin = () => driveReplay(attached.thread, { ...parts, doorbell: attached.doorbell })
  }
  const threadId = kernelThreadId()
  // By the thread itself: for another one it would need a privilege.
  if (threadId !== null) minimizeTimerSlack(threadId)
  const heapBytes = getHeapStatistics().used_heap_size
  parentPort?.postMessage({
    kind: 'ready',
    threadId,
    heapBytes,
    clockErrorNs: clockErrorNs(clock, deployment.originNs),
  } satisfies ReadyMessage)
  awake.add()
  begin()
}

try {
  await serve(workerData as ThreadDeployment)
} catch (error) {
  parentPort?.postMessage({ kind: 'failed', ...toSentError(error) } satisfies FailedMessage)
}
