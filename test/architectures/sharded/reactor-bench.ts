import {
  attachOffLoadThread,
  attachReactor,
  deploySharded,
} from '../../../harness/architectures/sharded/launch.ts'
import type { Stage } from '../../../harness/contract/stage.ts'
import type { Workload } from '../../../harness/contract/workload.ts'
import {
  compileSteps,
  frameCodec,
  type StepContext,
} from '../../../harness/server/compile-steps.ts'
import { offloadsIn } from '../../../harness/scenario/declared-work.ts'
import { parseArms } from '../../../harness/asked/arms.ts'
import { collectTotals, createTables } from '../../../harness/server/records.ts'
import type { BackgroundPlan } from '../../../harness/measure/background-slices.ts'
import { IdleStrategy, sharedPolicy } from '../../../harness/shared-memory/idle-strategy.ts'
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

export const SHARDS = 2
export const GAPS = 200
const CYCLE = 256

/** Of a bench's frames. */
function codecFor({ keysPerRequest }: Workload): StepContext['codec'] {
  const keys = keysPerRequest?.maximum ?? 0
  return frameCodec({ keyBytes: KEY_BYTES, payloadBytes: PAYLOAD_BYTES, keys })
}

export interface ShardSettings {
  readonly options: string
  readonly bench: Partial<BenchSettings>
  /** Of each shard, and of the off-load thread, whose number is that behind the last shard; @default the same for all. */
  readonly stages: (thread: number) => readonly Stage[]
  readonly background: BackgroundPlan | null
  readonly context: Partial<StepContext>
}

/** Two reactors in one thread, each with its port, and an off-load thread, that a test turns as it likes. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- inferred: the list is at the end of the function
export function createReactors(settings: Partial<ShardSettings> = {}) {
  const bench = createBench({ portCount: SHARDS, cycle: CYCLE, ...settings.bench })
  const [arm] = parseArms(`sharded${settings.options ?? ''},staged`)
  const tables = createTables(bench.workload, bench.keySpace, SHARDS, 1)
  const stagesOf = settings.stages ?? (() => COUNTER_STAGES)
  const deployment = deploySharded(arm, tables, {
    batch: Number(arm.options['batch']),
    slotCount: bench.slab.slotCount,
    blocks: offloadsIn(stagesOf(0)),
    background: settings.background ?? null,
  })
  const parts = createThreadParts(SHARDS + 1)
  const { slab, clock, workload } = bench
  const { keysPerRequest, recordCount } = workload
  const legs = keysPerRequest ? { slab, spread: keysPerRequest.spread, recordCount } : null
  const contextOf = (thread: number) => {
    const { awake, counters } = attachThreadParts(parts, thread)
    const context = { ...STEP_CONTEXT, codec: codecFor(workload), legs, ...settings.context }
    const steps = compileSteps(stagesOf(thread), context)
    return { slab, steps, clock, awake, counters, stamps: stampsOf(bench) }
  }
  const reactors = bench.ports.map((port, shard) => {
    const { firstSlot, slotCount } = bench.memories[shard]!
    const thread = { ...contextOf(shard), burnIterationsPerMicro: 1 }
    const own = { ...thread, shard, port, firstSlot, slotCount }
    return { ...attachReactor(deployment, own), counters: thread.counters }
  })
  const offLoadContext = contextOf(SHARDS)
  const idle = new IdleStrategy(
    { policy: sharedPolicy('park'), spinNs: 0, moderationNs: 0, earlyNs: 0 },
    offLoadContext.awake,
    clock,
  )
  const offLoad =
    deployment.memory.offLoad === null
      ? null
      : attachOffLoadThread(deployment, offLoadContext, idle, () => true)
  const turn = (shard: number): boolean => {
    bench.ports[shard]!.begin()
    return reactors[shard]!.thread.turn()
  }
  const finished = () =>
    bench.ports.every((port, index) => {
      port.publish()
      return bench.total('finished', 3, index) === 1 && bench.total('inFlight', 3, index) === 0
    })
  return {
    bench,
    reactors,
    turn,
    /** One request by the off-load thread; false when there is none, or no such thread. */
    serveOffLoaded: (): boolean => offLoad?.serveOnce() ?? false,
    offLoadCounters: offLoadContext.counters,
    /** Turns all alternately until every request is answered, a gap of time each. */
    finish: (): boolean => {
      bench.clock.advance(GAPS * GAP_NS)
      for (let round = 0; round < 20_000 && !finished(); round++) {
        turn(round % SHARDS)
        offLoad?.serveOnce()
        bench.clock.advance(GAP_NS)
      }
      return finished()
    },
    /** The first wrong answer, or undefined. */
    verdict: (): string | undefined =>
      eachAnswerRight(collectTotals(bench.keySpace, tables, bench.answers())),
    total: (name: 'received' | 'refused' | 'wrong'): number =>
      bench.total(name, 3, 0) + bench.total(name, 3, 1),
  }
}
