import { deploySharded } from '../architectures/sharded/launch.ts'
import { deployStaged, type PoolThreadPlan, resetSettings } from '../architectures/staged/launch.ts'
import { BYTES_PER_WORD, NS_PER_MS, NS_PER_US } from '../base/units.ts'
import type { Arm, ThreadPlan } from '../contract/architecture.ts'
import type { Stage } from '../contract/stage.ts'
import type { Workload } from '../contract/workload.ts'
import { wireBytesFor } from '../ports/http/http-codec.ts'
import type { HttpPortMemory } from '../ports/http/http-port.ts'
import { createPortFigures } from '../ports/http/port-figures.ts'
import { IDLE_MS, SLOW_MS } from '../ports/http/port-listener.ts'
import { type ControlMemory, createControl } from '../ports/replay/control.ts'
import { batchFor, offloadsIn } from '../scenario/declared-work.ts'
import { AWAKE_THREADS_WORDS } from '../shared-memory/awake-threads.ts'
import type { HashTableMemory } from '../shared-memory/hash-table-layout.ts'
import { type IdlePolicy, sharedPolicy } from '../shared-memory/idle-strategy.ts'
import type { KeyedLockKind } from '../shared-memory/keyed-lock.ts'
import { createPhaseMemory, SHARDED_WAITS } from '../shared-memory/phase-layout.ts'
import { createRequestSlab, type RequestSlabMemory } from '../shared-memory/request-slab-layout.ts'
import { createThreadCounters } from '../shared-memory/thread-counters.ts'
import type { OpenBlockFile } from '../work/block-file.ts'
import { createWorkMemory } from '../work/thread-work.ts'
import type { KeySpace } from '../workload/keys.ts'
import { knownRecords, slotRoom, VALUE_HEAD_BYTES } from '../workload/known-records.ts'
import {
  backgroundOf,
  idlePolicyOf,
  planThreads,
  stagePlansOf,
  type ThreadDeployment,
} from './deployment.ts'
import { createTables } from './records.ts'
import { createStallMemory, type StallMemory } from './stall-detector.ts'
import { createReplayPorts, type PlayedRoom, type ReplayPorts } from './replay-ports.ts'

/** Over many keys, too, a port has enough in flight to keep every core busy. */
const FEWEST_OVER_MANY_KEYS = 16

/**
 * Requests in flight per port: the permits; of requests over n keys n times fewer, so that as many legs are under way and the
 * memory for them stays small, but 16 where the permits allow. The same in both architectures.
 */
export function requestsInFlight(permits: number, { keysPerRequest }: Workload): number {
  if (keysPerRequest === undefined) return permits
  const fewer = Math.floor(permits / keysPerRequest.maximum)
  return Math.min(permits, Math.max(FEWEST_OVER_MANY_KEYS, fewer))
}

/** Where ports listen; null for ports that play the trace themselves. */
export interface ListenRequest {
  readonly host: string
  /** Of port 0; port i has the i-th after it, unless they share. */
  readonly firstTcpPort: number
  /** All ports share one TCP port. */
  readonly shared: boolean
}

/** What one trial, or a server by itself, is made from. */
interface TrialMemoryRequest {
  readonly arm: Arm
  /** Processors that the server may use. */
  readonly cpus: readonly number[]
  /** Cores of the server, each with its processor; null for a virtual one, which has none of its own. */
  readonly cores: readonly (number | null)[]
  readonly stages: readonly Stage[]
  readonly workload: Workload
  readonly keySpace: KeySpace
  /** The run's, where the workload has one. */
  readonly blockFile: OpenBlockFile | null
  /** Real sockets; null for ports that play traces, which need this room. */
  readonly listen: ListenRequest | null
  readonly room: PlayedRoom | null
  /** Processors on which a thread may spin: fewer than there are when a client shares them. */
  readonly spinners: number
  readonly sabotage: Sabotage
}

/** How a test breaks a server, to see the trial become void or fail. All off in a run. */
export interface Sabotage {
  /** Locks of the shared table that guard nothing. */
  readonly brokenLocks?: boolean
  /** The reply with this number is forgotten by port 0. */
  readonly dropReply?: number
}

/** All memory of a trial, and what each thread is given of it. */
export interface TrialMemory {
  readonly control: ControlMemory
  readonly tables: readonly HashTableMemory[]
  /** Null with real sockets. */
  readonly replay: ReplayPorts | null
  /** Figures of the http ports; null with replay ports. */
  readonly figures: SharedArrayBuffer | null
  readonly plans: readonly (ThreadPlan | PoolThreadPlan)[]
  readonly counters: SharedArrayBuffer
  /** Null where no arm looks for stalls. */
  readonly stalls: StallMemory | null
  readonly sharedBytes: number
  readonly server: ThreadDeployment['server']
  /** What the arm's threads do without work, and the word by which a trial sets it. */
  readonly idlePolicy: IdlePolicy
  readonly idleWord: Int32Array
  /** Words of the count of awake threads. */
  readonly awake: Int32Array<SharedArrayBuffer>
  /** Every record back at version 0 and every setting at its start; no thread may be at work. A few ms per 10 MB of tables. */
  beginAnew(): void
  deployment(thread: number, common: DeploymentCommon): ThreadDeployment
}

/** What a thread is given besides memory. */
type DeploymentCommon = Pick<
  ThreadDeployment,
  'originNs' | 'scenarioUrl' | 'params' | 'burnIterationsPerMicro' | 'burnModule'
>

/** Allocates and fills everything before the trial's threads start. Tens of milliseconds for 100,000 records. */
export function createTrialMemory(request: TrialMemoryRequest): TrialMemory {
  const { arm, cores, stages, workload } = request
  const { options } = arm
  const permits = requestsInFlight(Number(options['permits']), workload)
  const records = knownRecords(workload, request.keySpace)
  const payloadBytes = workload.valueBytes - VALUE_HEAD_BYTES
  const room = slotRoom(workload, records)
  const slab = createRequestSlab(
    cores.length * permits,
    room.keyBytes,
    room.valueBytes,
    request.listen === null ? 0 : wireBytesFor(payloadBytes),
    workload.keysPerRequest?.maximum ?? 0,
  )
  const control = createControl()
  const staged = arm.architecture === 'staged'
  const stripes = staged ? Number(options['stripes']) : 1
  const tables = createTables(workload, request.keySpace, staged ? 1 : cores.length, stripes)
  const pristine = tables.map((table) => new Uint8Array(table.buffer).slice())
  const background = backgroundOf(workload)
  const plans = planThreads(request)
  const locks = request.sabotage.brokenLocks ? 'broken' : (options['locks'] as KeyedLockKind)
  const { slotCount } = slab
  const server = staged
    ? deployStaged(
        arm,
        { cpuCount: cores.length, stages: stagePlansOf(request), slotCount, background },
        tables[0]!,
        locks,
      )
    : deploySharded(arm, tables, {
        batch: batchFor(Number(options['batch']), stages, workload, options['offload'] === 'on'),
        slotCount,
        blocks: offloadsIn(stages),
        background,
      })
  const waits = staged ? stages.length : SHARDED_WAITS
  const replay =
    request.room &&
    createReplayPorts(
      {
        ...request.room,
        portCount: cores.length,
        permits,
        deadlineMillis: Number(options['deadlineMillis']),
        workload,
        records,
        waits: options['attribution'] === 'on' ? waits : null,
        stageCount: stages.length,
        dropReply: request.sabotage.dropReply ?? 0,
      },
      slab,
      control,
    )
  // Nothing is sampled over real sockets.
  const unusedStamps = createPhaseMemory(0, waits, stages.length)
  const figures = request.listen && createPortFigures(cores.length)
  const http = figures && createHttpPorts(request, request.listen!, slab, figures)
  const ports = http ?? replay?.ports ?? []
  const counters = createThreadCounters(plans.length)
  const stallNs = Number(options['stallMillis']) * NS_PER_MS
  const stalls = stallNs === 0 ? null : createStallMemory(plans.length, stages.length, stallNs)
  const work = createWorkMemory(workload, request.blockFile)
  const awake = new Int32Array(new SharedArrayBuffer(AWAKE_THREADS_WORDS * BYTES_PER_WORD))
  const idlePolicy = idlePolicyOf(arm, plans, request.spinners)
  const idle = {
    policy: sharedPolicy(idlePolicy),
    spinNs: Number(options['spinMicros']) * NS_PER_US,
    moderationNs: Number(options['moderationMicros']) * NS_PER_US,
    earlyNs: Number(options['earlyMicros']) * NS_PER_US,
  }
  return {
    control,
    tables,
    replay,
    figures,
    plans,
    counters,
    stalls,
    server,
    awake,
    idlePolicy,
    idleWord: idle.policy,
    beginAnew: () => {
      for (const [table, initial] of pristine.entries())
        new Uint8Array(tables[table]!.buffer).set(initial)
      if (server.architecture === 'staged')
        resetSettings(arm, { cpuCount: cores.length, stages: stagePlansOf(request) }, server.memory)
    },
    // Without traces and recorders, which are the client's.
    sharedBytes: bytesIn([slab, tables, server.memory, work]),
    deployment: (thread, common) => ({
      ...common,
      thread,
      plan: plans[thread]!,
      limits: {
        keyBytes: room.keyBytes,
        payloadBytes,
        keys: workload.keysPerRequest?.maximum ?? 0,
      },
      document: workload.document,
      legs: workload.keysPerRequest && {
        spread: workload.keysPerRequest.spread,
        recordCount: workload.recordCount,
      },
      work,
      server,
      slab,
      control,
      port: plans[thread]!.port === undefined ? undefined : ports[plans[thread]!.port],
      counters,
      stalls,
      awake,
      processors: request.spinners,
      transport: http === null ? 'replay' : 'http',
      idle,
      stamps: replay?.ports[0]?.stamps ?? unusedStamps,
    }),
  }
}

/** A listening port per core. */
function createHttpPorts(
  { arm, cores, workload }: TrialMemoryRequest,
  listen: ListenRequest,
  slab: RequestSlabMemory,
  figures: SharedArrayBuffer,
): HttpPortMemory[] {
  const permits = requestsInFlight(Number(arm.options['permits']), workload)
  return cores.map((_, index) => ({
    kind: 'http',
    index,
    slab,
    firstSlot: index * permits,
    slotCount: permits,
    deadlineNs: Number(arm.options['deadlineMillis']) * NS_PER_MS,
    longestBodyBytes: workload.valueBytes - VALUE_HEAD_BYTES,
    address: {
      host: listen.host,
      tcpPort: listen.shared ? listen.firstTcpPort : listen.firstTcpPort + index,
      reusePort: listen.shared,
      slowMs: SLOW_MS,
      idleMs: IDLE_MS,
    },
    figures,
    serverName: arm.label,
  }))
}

/** All shared memory in a structure: views and buffers, wherever they are in it. */
function bytesIn(memory: unknown): number {
  if (memory instanceof SharedArrayBuffer || ArrayBuffer.isView(memory)) return memory.byteLength
  if (typeof memory !== 'object' || memory === null) return 0
  return Object.values(memory).reduce<number>((sum, part) => sum + bytesIn(part), 0)
}
