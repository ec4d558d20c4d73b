import { deploySharded, planSharded } from '../architectures/sharded/launch.ts'
import { deployStaged, type PoolThreadPlan, planStaged } from '../architectures/staged/launch.ts'
import { BYTES_PER_WORD, NS_PER_MS, NS_PER_US } from '../base/units.ts'
import type { Arm, ThreadPlan } from '../contract/architecture.ts'
import type { Stage, Workload } from '../contract/scenario.ts'
import { createRecorder, type RecorderMemory } from '../measure/recorder-layout.ts'
import { createAnswerMemory } from '../ports/replay/answer-check.ts'
import {
  type ControlMemory,
  createControl,
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WARM_UP,
  PLAYED_PHASES,
  type PlayedPhase,
} from '../ports/replay/control.ts'
import type { PlaybackMemory } from '../ports/replay/playback.ts'
import type { ReplayPortMemory } from '../ports/replay/replay-port.ts'
import { AWAKE_THREADS_WORDS } from '../shared-memory/awake-threads.ts'
import type { HashTableMemory } from '../shared-memory/hash-table-layout.ts'
import type { IdlePolicy } from '../shared-memory/idle-strategy.ts'
import type { KeyedLockKind } from '../shared-memory/keyed-lock.ts'
import { createRequestSlab } from '../shared-memory/request-slab-layout.ts'
import { createThreadCounters } from '../shared-memory/thread-counters.ts'
import { KEY_BYTES, type KeySpace } from '../workload/keys.ts'
import type { Trace } from '../workload/trace-layout.ts'
import type { ThreadDeployment } from './deployment.ts'
import { boundedBatch, declaredNs, declaredNsOf } from './declared-work.ts'
import { createTables } from './records.ts'

/** What one trial is made from. */
export interface TrialMemoryRequest {
  readonly arm: Arm
  /** Processors that the server may use. */
  readonly cpus: readonly number[]
  /** Cores of the server, each with its processor; null for a virtual one, which has none of its own. */
  readonly cores: readonly (number | null)[]
  readonly stages: readonly Stage[]
  readonly workload: Workload
  readonly keySpace: KeySpace
  readonly warmUp: Trace
  readonly steady: Trace
  readonly warmUpWindows: number
  readonly steadyWindows: number
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
  /** Of the steady state, by port. */
  readonly recorders: readonly RecorderMemory[]
  /** Of the latter part of the warm-up. */
  readonly rehearsalRecorders: readonly RecorderMemory[]
  readonly tables: readonly HashTableMemory[]
  /** Of every port and phase. */
  readonly playbacks: readonly PlaybackMemory[]
  readonly plans: readonly (ThreadPlan | PoolThreadPlan)[]
  readonly counters: SharedArrayBuffer
  readonly sharedBytes: number
  readonly server: ThreadDeployment['server']
  deployment(thread: number, common: DeploymentCommon): ThreadDeployment
}

/** What a thread is given besides memory. */
type DeploymentCommon = Pick<
  ThreadDeployment,
  'originNs' | 'scenarioUrl' | 'params' | 'burnIterationsPerMicro'
>

const VALUE_HEAD_BYTES = 8

/** Allocates and fills everything before the trial's threads start. Tens of milliseconds for 100,000 records. */
export function createTrialMemory(request: TrialMemoryRequest): TrialMemory {
  const { arm, cores, stages, workload } = request
  const { options } = arm
  const permits = Number(options['permits'])
  const slab = createRequestSlab(cores.length * permits, KEY_BYTES, workload.valueBytes)
  const control = createControl()
  const staged = arm.architecture === 'staged'
  const stripes = staged ? Number(options['stripes']) : 1
  const tables = createTables(workload, request.keySpace, staged ? 1 : cores.length, stripes)
  const plans = staged
    ? planStaged(
        arm,
        cores.length,
        stages.map((stage) => stage.name),
      )
    : planSharded(cores)
  const locks = request.sabotage.brokenLocks ? 'broken' : (options['locks'] as KeyedLockKind)
  const batch = Number(options['batch'])
  const sizes = {
    cpuCount: cores.length,
    stageBatches: stages.map((stage) => boundedBatch(batch, declaredNs(stage, workload))),
    slotCount: slab.slotCount,
  }
  const server = staged
    ? deployStaged(arm, sizes, tables[0]!, locks)
    : deploySharded(arm, tables, boundedBatch(batch, declaredNsOf(stages, workload)))
  const ports = cores.map((_, index): ReplayPortMemory => ({
    index,
    control,
    slab,
    firstSlot: index * permits,
    slotCount: permits,
    payloadBytes: workload.valueBytes - VALUE_HEAD_BYTES,
    deadlineNs: Number(options['deadlineMillis']) * NS_PER_MS,
    playbacks: {
      [PHASE_WARM_UP]: createPlayback(request.warmUp, index, request.warmUpWindows),
      [PHASE_REHEARSAL]: createPlayback(request.warmUp, index, request.warmUpWindows),
      [PHASE_STEADY_STATE]: createPlayback(request.steady, index, request.steadyWindows),
    },
    dropReply: index === 0 ? (request.sabotage.dropReply ?? 0) : 0,
  }))
  const recordersOf = (phase: PlayedPhase) => ports.map((port) => port.playbacks[phase].recorder)
  const counters = createThreadCounters(plans.length)
  const awake = new Int32Array(new SharedArrayBuffer(AWAKE_THREADS_WORDS * BYTES_PER_WORD))
  const idle = {
    policy: options['idle'] as IdlePolicy,
    spinNs: Number(options['spinMicros']) * NS_PER_US,
    moderationNs: Number(options['moderationMicros']) * NS_PER_US,
    earlyNs: Number(options['earlyMicros']) * NS_PER_US,
  }
  return {
    control,
    recorders: recordersOf(PHASE_STEADY_STATE),
    rehearsalRecorders: recordersOf(PHASE_REHEARSAL),
    tables,
    playbacks: ports.flatMap((port) => PLAYED_PHASES.map((phase) => port.playbacks[phase])),
    plans,
    counters,
    server,
    sharedBytes:
      slab.buffer.byteLength +
      sum(tables.map((table) => table.buffer.byteLength)) +
      serverBytes(server),
    deployment: (thread, common) => ({
      ...common,
      thread,
      plan: plans[thread]!,
      limits: { keyBytes: KEY_BYTES, payloadBytes: workload.valueBytes - VALUE_HEAD_BYTES },
      server,
      slab,
      control,
      port: plans[thread]!.port === undefined ? undefined : ports[plans[thread]!.port],
      counters,
      awake,
      processors: request.cpus.length,
      idle,
    }),
  }
}

function createPlayback(trace: Trace, port: number, windows: number): PlaybackMemory {
  const part = trace.ports[port]!
  const recorder = createRecorder(windows)
  return {
    trace: part,
    cycleGaps: trace.cycleGaps,
    answers: createAnswerMemory(part.count),
    recorder,
  }
}

/** Memory of the server's own structures: mailboxes, or queues and locks. The trace and the recorders are the client's. */
function serverBytes(server: ThreadDeployment['server']): number {
  if (server.architecture === 'sharded') return server.memory.buffer.byteLength
  const { queues, replyQueues, locks, buffer } = server.memory
  const queueBytes = [...queues, ...replyQueues].map((queue) => queue.buffer.byteLength)
  return sum(queueBytes) + locks.buffer.byteLength + buffer.byteLength
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
