import { frameCodec } from '../../../harness/server/compile-steps.ts'
import type { PlayedAnswers } from '../../../harness/server/records.ts'
import { READ_OPERATION, STATUS_OK } from '../../../harness/contract/request.ts'
import type { ServiceTimes, Workload } from '../../../harness/contract/workload.ts'
import { valueChecksum } from '../../../harness/base/hash.ts'
import { clearPhaseLog, createPhaseLog } from '../../../harness/measure/phase-log.ts'
import {
  clearRecorder,
  createRecorder,
  TOTAL,
  type TotalName,
} from '../../../harness/measure/recorder-layout.ts'
import { Recorder } from '../../../harness/measure/recorder.ts'
import {
  clearAnswers,
  createAnswerMemory,
  createLegVersions,
} from '../../../harness/ports/replay/answer-check.ts'
import {
  Control,
  createControl,
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WARM_UP,
  PLAYED_PHASES,
  type PlayedPhase,
} from '../../../harness/ports/replay/control.ts'
import {
  decodeFrame,
  encodeFrame,
  PAYLOAD_STEP,
} from '../../../harness/ports/replay/frame-codec.ts'
import { ReplayPort } from '../../../harness/ports/replay/replay-port.ts'
import {
  createRequestSlab,
  SLOT_KEY,
  SLOT_REPLY_BYTES,
} from '../../../harness/shared-memory/request-slab-layout.ts'
import { createPhaseMemory } from '../../../harness/shared-memory/phase-layout.ts'
import { PhaseStamps } from '../../../harness/shared-memory/phase-stamps.ts'
import { RequestView } from '../../../harness/shared-memory/request-view.ts'
import { KEY_BYTES, KEY_WORDS } from '../../../harness/workload/keys.ts'
import { keySpaceOf, knownRecords, slotRoom } from '../../../harness/workload/known-records.ts'
import { createTrace } from '../../../harness/workload/trace.ts'
import {
  createTraceMemory,
  loadTrace,
  type Routing,
  type Trace,
} from '../../../harness/workload/trace-layout.ts'
import { ManualClock } from '../../base/manual-clock.ts'
import { written } from '../../base/written.ts'

/** What a bench of ports is made from. */
export interface BenchSettings {
  readonly portCount: number
  readonly keys: number
  /** Requests of a cycle over all ports; a power of two makes every due instant a whole number of gaps. */
  readonly cycle: number
  /** Slots per port. */
  readonly permits: number
  readonly deadlineNs: number
  readonly dropReply: number
  readonly updatePercent: number
  readonly routing: Routing
  readonly seed: number
  /** For requests that ask for a service time; null for none. */
  readonly serviceTimes: ServiceTimes | null
  /** Queues that a sampled request can wait in; null where none is sampled. */
  readonly waits: number | null
  /** What of the workload is not as in the other benches. */
  readonly workload: Partial<Workload>
}

const DEFAULTS: BenchSettings = {
  portCount: 1,
  keys: 16,
  cycle: 64,
  permits: 8,
  deadlineNs: 0,
  dropReply: 0,
  updatePercent: 50,
  routing: 'random',
  seed: 1,
  serviceTimes: null,
  waits: null,
  workload: {},
}
/** Stages that have room for their services: no bench has more. */
const BENCH_STAGES = 8
const VALUE_BYTES = 40
export const PAYLOAD_BYTES = VALUE_BYTES - 8
const WINDOWS = 2
/** Sampled requests that a port keeps. */
const SAMPLES = 64
/** One request is due per gap. */
export const GAP_NS = 1_000
/** When the clock starts; phases start here, too, unless a test says otherwise. */
export const START_NS = 10_000
const LIMITS = { keyBytes: KEY_BYTES, payloadBytes: PAYLOAD_BYTES }

/** For compiling steps whose waits take no time. */
export const STEP_CONTEXT = {
  codec: frameCodec(LIMITS),
  burnIterationsPerMicro: 1,
  blockingWait: { wait: (): void => {}, sleep: (): void => {} },
}

export type Bench = ReturnType<typeof createBench>

/** Ports over one slab with equal gaps between their requests, on a clock that a test moves. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- inferred: the list is at the end of the function
export function createBench(changes: Partial<BenchSettings> = {}) {
  const settings = { ...DEFAULTS, ...changes }
  const { portCount, permits } = settings
  const workload: Workload = {
    recordCount: settings.keys,
    valueBytes: VALUE_BYTES,
    operations: { read: 100 - settings.updatePercent, update: settings.updatePercent },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'constant' },
    ...(settings.serviceTimes && { serviceTimes: settings.serviceTimes }),
    ...settings.workload,
  }
  const keySpace = keySpaceOf(workload)
  const { routing, seed, cycle } = settings
  const draw = (ofSeed: number, count: number) =>
    createTrace({ workload, keySpace, portCount, routing, seed: ofSeed, count })
  const trace = draw(seed, cycle)
  let played = trace
  const records = knownRecords(workload, keySpace)
  const room = slotRoom(workload, records)
  const legsPerSlot = workload.keysPerRequest?.maximum ?? 0
  const slab = createRequestSlab(
    portCount * permits,
    room.keyBytes,
    room.valueBytes,
    0,
    legsPerSlot,
  )
  const stamps =
    settings.waits === null ? null : createPhaseMemory(slab.slotCount, settings.waits, BENCH_STAGES)
  const controlMemory = createControl()
  const control = new Control(controlMemory)
  const clock = new ManualClock(START_NS)
  const legVersions = trace.ports.map(() =>
    createLegVersions(workload.keysPerRequest === undefined ? 0 : keySpace.count),
  )
  const playback = (port: number) => ({
    trace: createTraceMemory(trace.ports[port]!, cycle),
    answers: createAnswerMemory(cycle, legVersions[port]),
    recorder: createRecorder(WINDOWS, workload.classes?.names.length),
    phases: createPhaseLog(stamps === null ? 0 : stamps.cellCount - 1, SAMPLES),
  })
  const memories = trace.ports.map((_, index) => ({
    kind: 'replay' as const,
    index,
    control: controlMemory,
    slab,
    firstSlot: index * permits,
    slotCount: permits,
    records,
    deadlineNs: settings.deadlineNs,
    playbacks: {
      [PHASE_WARM_UP]: playback(index),
      [PHASE_REHEARSAL]: playback(index),
      [PHASE_STEADY_STATE]: playback(index),
    },
    stamps,
    dropReply: index === 0 ? settings.dropReply : 0,
  }))
  const load = (next: Trace) => {
    played = next
    for (const { index, playbacks } of memories) {
      for (const phase of PLAYED_PHASES) {
        const { trace: place, answers, recorder, phases } = playbacks[phase]
        clearAnswers(answers)
        clearRecorder(recorder)
        clearPhaseLog(phases)
        loadTrace(place, next.ports[index]!, next.cycleGaps)
      }
    }
  }
  load(trace)
  const ports = memories.map((memory) => new ReplayPort(memory, clock))
  const view = new RequestView(slab)
  const recorder = (port: number, phase: PlayedPhase) =>
    new Recorder(memories[port]!.playbacks[phase].recorder)
  return {
    workload,
    keySpace,
    records,
    trace,
    slab,
    stamps,
    control,
    clock,
    memories,
    ports,
    view,
    /** A trace of the same workload. @param count requests of its cycle: no more than of the bench's. */
    draw,
    /** As between two trials: clears what was recorded and loads another trace; the ports must be waiting. */
    load,
    /** Starts the steady state now. @param gaps how many of them it lasts. */
    startSteady(gaps = Number.POSITIVE_INFINITY, gapNs = GAP_NS): void {
      control.setLoad(gapNs, clock.nowNs() + gaps * GAP_NS)
      control.startPhase(PHASE_STEADY_STATE, clock.nowNs())
    },
    /** Begins a turn of a port and receives. */
    receive(limit = permits, port = 0): number[] {
      const slots = new Int32Array(limit)
      ports[port]!.begin()
      return [...slots.subarray(0, ports[port]!.receive(slots, limit))]
    },
    /** Writes into each slot what a server would: success, with a checksum that fits. */
    serve(slots: readonly number[], version = 1): void {
      for (const slot of slots) {
        view.at(slot)
        decodeFrame(view, LIMITS)
        view.hashKey()
        view.reply(STATUS_OK, version, valueChecksum(view.hash, version))
        if (view.operation === READ_OPERATION) {
          view.set(SLOT_REPLY_BYTES, PAYLOAD_BYTES)
          for (let word = 0; word < PAYLOAD_BYTES / 4; word++)
            view.set(SLOT_KEY + KEY_WORDS + word, Math.imul(word, PAYLOAD_STEP))
        }
        encodeFrame(view)
      }
    },
    /** Hands answered requests to a port and lets it record them. */
    reply(slots: readonly number[], port = 0): void {
      ports[port]!.reply(Int32Array.from(slots), 0, slots.length)
      ports[port]!.flush()
    },
    /** When a port says that its next request is due. */
    nextDueNs(port = 0): number {
      return written((target, at) => ports[port]!.nextDueNs(target, at))
    },
    /** What was answered, of every port and phase. */
    answers(): PlayedAnswers[] {
      return memories.flatMap(({ index, playbacks }) =>
        PLAYED_PHASES.map((phase) => {
          const { answers, recorder: recorded } = playbacks[phase]
          const count = recorded.totals[TOTAL.played]!
          return { trace: played.ports[index]!, ...answers, played: count }
        }),
      )
    },
    /** A figure of a port, as of its last publication. */
    total(name: TotalName, phase: PlayedPhase = PHASE_STEADY_STATE, port = 0): number {
      return recorder(port, phase).totals[TOTAL[name]]!
    },
    /** Requests recorded in a phase. */
    completed(phase: PlayedPhase = PHASE_STEADY_STATE, port = 0): number {
      return memories[port]!.playbacks[phase].recorder.fine.reduce((sum, n) => sum + n, 0)
    },
  }
}

/** One thread's stamps on the requests of a bench; of one without samples they are never used. */
export function stampsOf(bench: Bench): PhaseStamps {
  return new PhaseStamps(bench.stamps ?? createPhaseMemory(0, 0, 0), bench.slab, bench.clock)
}
