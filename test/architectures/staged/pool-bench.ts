import {
  attachNetworkThread,
  attachStageThread,
  attachTimerThread,
  deployStaged,
  planStaged,
  type PoolThreadPlan,
} from '../../../harness/architectures/staged/launch.ts'
import { doorbellAt } from '../../../harness/architectures/staged/staged-memory.ts'
import type { StageThread } from '../../../harness/architectures/staged/stage-thread.ts'
import type { TimerThread } from '../../../harness/architectures/staged/timer-thread.ts'
import type { ThreadPlan } from '../../../harness/contract/architecture.ts'
import type { Stage } from '../../../harness/contract/stage.ts'
import {
  compileSteps,
  frameCodec,
  type StepContext,
} from '../../../harness/server/compile-steps.ts'
import { parseArms } from '../../../harness/asked/arms.ts'
import { collectTotals, createTables } from '../../../harness/server/records.ts'
import { stagePlansOf } from '../../../harness/server/deployment.ts'
import { PHASE_STEADY_STATE } from '../../../harness/ports/replay/control.ts'
import { BoundedQueue } from '../../../harness/shared-memory/bounded-queue.ts'
import { IdleStrategy, sharedPolicy } from '../../../harness/shared-memory/idle-strategy.ts'
import type { KeyedLockKind } from '../../../harness/shared-memory/keyed-lock.ts'
import type { ThreadCounters } from '../../../harness/shared-memory/thread-counters.ts'
import { KEY_BYTES } from '../../../harness/workload/keys.ts'
import { eachAnswerRight } from '../../../harness/workload/handlers.ts'
import {
  type BenchSettings,
  createBench,
  GAP_NS,
  PAYLOAD_BYTES,
  stampsOf,
  STEP_CONTEXT,
} from '../../ports/replay/bench.ts'
import { attachThreadParts, createThreadParts } from '../../shared-memory/thread-parts.ts'
import { COUNTER_STAGES } from '../counter-stages.ts'

const CPUS = 2

export interface PoolSettings {
  /** Options behind `staged`. */
  readonly options: string
  readonly bench: Partial<BenchSettings>
  readonly stages: readonly Stage[]
  readonly context: Partial<StepContext>
  /** Of one thread. */
  readonly contextOf: (counters: ThreadCounters) => Partial<StepContext>
  /** Called where a thread asks whether it must stop, before its first turn and within waits. */
  readonly onStopped: () => void
}

/** A staged server in one thread: a test turns its threads one after another. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- inferred: the list is at the end of the function
export function createPool(settings: Partial<PoolSettings> = {}) {
  const bench = createBench({ portCount: CPUS, cycle: 256, ...settings.bench })
  const stages = settings.stages ?? COUNTER_STAGES
  const [arm] = parseArms(`staged${settings.options ?? ''},sharded`)
  const stripes = Number(arm.options['stripes'])
  const tables = createTables(bench.workload, bench.keySpace, 1, stripes)
  const sizes = {
    cpuCount: CPUS,
    stages: stagePlansOf({ arm, stages, workload: bench.workload }),
    slotCount: bench.slab.slotCount,
    background: null,
  }
  const locks = arm.options['locks'] as KeyedLockKind
  const deployment = deployStaged(arm, sizes, tables[0]!, locks)
  const plans = planStaged(arm, CPUS, sizes.stages, null)
  const memory = createThreadParts(plans.length)
  const { clock, slab, workload } = bench
  const { keysPerRequest, recordCount } = workload
  const legs = keysPerRequest ? { slab, spread: keysPerRequest.spread, recordCount } : null
  const keys = keysPerRequest?.maximum ?? 0
  const codec = frameCodec({ keyBytes: KEY_BYTES, payloadBytes: PAYLOAD_BYTES, keys })
  const contextOf = (thread: number) => {
    const { awake, counters } = attachThreadParts(memory, thread, plans.length)
    const own = { ...settings.context, ...settings.contextOf?.(counters) }
    const steps = compileSteps(stages, { ...STEP_CONTEXT, codec, legs, ...own })
    return { slab, steps, clock, awake, counters, stamps: stampsOf(bench) }
  }
  const networks = bench.ports.map((port, index) => {
    const context = contextOf(index)
    const { counters } = context
    return { counters, ...attachNetworkThread(deployment, context, index, port) }
  })
  let turnsLeft = 0
  const stopped = () => {
    settings.onStopped?.()
    return turnsLeft-- <= 0
  }
  const isTimer = ({ duty }: ThreadPlan) => duty === 'timer'
  const timer = plans.some(isTimer)
    ? attachTimerThread(deployment, contextOf(plans.findIndex(isTimer)), stopped)
    : null
  const pooled = plans.slice(CPUS).filter((plan) => !isTimer(plan))
  const pool = pooled.map((plan, index) => {
    const context = contextOf(CPUS + index)
    const policy = { policy: sharedPolicy('poll'), spinNs: 0, moderationNs: 0, earlyNs: 0 } as const
    const idle = new IdleStrategy(policy, context.awake, clock)
    const poolPlan = plan as PoolThreadPlan
    return {
      plan: poolPlan,
      counters: context.counters,
      thread: attachStageThread(deployment, context, poolPlan, idle, stopped),
    }
  })
  const { awake, counters } = contextOf(0)
  const queues = deployment.memory.queues.map(
    (queue) => new BoundedQueue(queue, clock, awake, counters),
  )
  const replyQueues = deployment.memory.replyQueues.map(
    (queue) => new BoundedQueue(queue, clock, awake, counters),
  )
  const words = new Int32Array(deployment.memory.buffer)
  const turnNetwork = (port: number): boolean => {
    bench.ports[port]!.begin()
    return networks[port]!.thread.turn()
  }
  /** One round of the loop of a pool thread, or of the timer thread. */
  const turnPool = (thread: StageThread | TimerThread, turns = 1): void => {
    turnsLeft = turns
    thread.run()
  }
  const finished = () =>
    bench.ports.every((port, index) => {
      port.publish()
      const total = (name: 'finished' | 'inFlight') => bench.total(name, PHASE_STEADY_STATE, index)
      return total('finished') === 1 && total('inFlight') === 0
    })
  return {
    bench,
    deployment,
    queues,
    replyQueues,
    timer,
    networks,
    pool,
    /** What the ports’ owners sleep on. */
    doorbells: networks.map(({ doorbell }) => doorbell),
    /** Whether each owner’s doorbell says that it sleeps. */
    asleep: (): boolean[] => networks.map((_, port) => words[doorbellAt(port)] === 1),
    turnNetwork,
    turnPool,
    lengths: (): number[] => queues.map((queue) => queue.length()),
    /** Requests whose wait in a stage is over. */
    returned: (stage: number): number =>
      new BoundedQueue(deployment.memory.timers!.returned[stage]!, clock, awake, counters).length(),
    /** The threads of one stage’s pool. */
    threadsOf: (stage: number): typeof pool =>
      pool.filter(({ plan }) => plan.stages.includes(stage)),
    /** Turns all threads until every request is answered; answers whether they were. */
    finish: (gaps: number): boolean => {
      bench.clock.advance(gaps * GAP_NS)
      for (let round = 0; round < 1_000 && !finished(); round++) {
        bench.ports.forEach((_, port) => turnNetwork(port))
        for (const { thread } of pool) if (thread.hasWork()) turnPool(thread)
        if (timer !== null) {
          bench.clock.advance(GAP_NS)
          timer.serveOnce()
        }
      }
      return finished()
    },
    /** The first wrong answer, or undefined. */
    verdict: (): string | undefined =>
      eachAnswerRight(collectTotals(bench.keySpace, tables, bench.answers())),
  }
}
