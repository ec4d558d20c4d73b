import { NS_PER_MS } from '../base/units.ts'
import type { Workload } from '../contract/workload.ts'
import { clearPhaseLog, createPhaseLog, type PhaseLogMemory } from '../measure/phase-log.ts'
import {
  clearRecorder,
  createRecorder,
  type RecorderMemory,
  TOTAL,
} from '../measure/recorder-layout.ts'
import {
  clearAnswers,
  createAnswerMemory,
  createLegVersions,
} from '../ports/replay/answer-check.ts'
import {
  type ControlMemory,
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WARM_UP,
  PLAYED_PHASES,
  type PlayedPhase,
} from '../ports/replay/control.ts'
import type { PlaybackMemory, ReplayPortMemory } from '../ports/replay/playback.ts'
import { createPhaseMemory } from '../shared-memory/phase-layout.ts'
import type { RequestSlabMemory } from '../shared-memory/request-slab-layout.ts'
import type { KnownRecords } from '../workload/known-records.ts'
import {
  createTraceMemory,
  loadTrace,
  type Trace,
  type TraceMemory,
} from '../workload/trace-layout.ts'
import type { PlayedAnswers } from './records.ts'

/** Per port: what is sampled of two million requests. */
const MOST_SAMPLES = 1 << 16

/** Traces of one trial. */
export interface PlayedTraces {
  readonly warmUp: Trace
  readonly steady: Trace
}

/** How much room replay ports have: for traces like these, and so many windows of 100 ms. */
export interface PlayedRoom extends PlayedTraces {
  readonly warmUpWindows: number
  readonly steadyWindows: number
}

/** What replay ports are made from. */
export interface PortPlan extends PlayedRoom {
  readonly portCount: number
  /** Slots of each. */
  readonly permits: number
  readonly deadlineMillis: number
  readonly workload: Workload
  readonly records: KnownRecords
  /** Queues that a sampled request can wait in; null where none is sampled. */
  readonly waits: number | null
  readonly stageCount: number
  readonly dropReply: number
}

/** Ports that play traces by themselves, and what they record. */
export interface ReplayPorts {
  readonly ports: readonly ReplayPortMemory[]
  /** Of the steady state, by port. */
  readonly recorders: readonly RecorderMemory[]
  /** Of the latter part of the warm-up. */
  readonly rehearsalRecorders: readonly RecorderMemory[]
  /** Of every port and phase, with the traces that were loaded last. */
  answers(): readonly PlayedAnswers[]
  /** Clears what was recorded and loads the traces of the next trial; the ports must be waiting. A few milliseconds. */
  load(traces: PlayedTraces): void
}

/** A replay port per core, each with its part of the traces. */
export function createReplayPorts(
  plan: PortPlan,
  slab: RequestSlabMemory,
  control: ControlMemory,
): ReplayPorts {
  const { permits, records, waits } = plan
  const stamps = waits === null ? null : createPhaseMemory(slab.slotCount, waits, plan.stageCount)
  const figures = stamps === null ? 0 : stamps.cellCount - 1
  const samples = stamps === null ? 0 : MOST_SAMPLES
  const ports = Array.from({ length: plan.portCount }, (_, index): ReplayPortMemory => ({
    kind: 'replay',
    index,
    control,
    slab,
    firstSlot: index * permits,
    slotCount: permits,
    records,
    deadlineNs: plan.deadlineMillis * NS_PER_MS,
    playbacks: createPlaybacks(plan, index, (most) => createPhaseLog(figures, most), samples),
    stamps,
    dropReply: index === 0 ? plan.dropReply : 0,
  }))
  let loaded: PlayedTraces = plan
  const traceOf = (phase: PlayedPhase) =>
    phase === PHASE_STEADY_STATE ? loaded.steady : loaded.warmUp
  const load = (traces: PlayedTraces) => {
    loaded = traces
    for (const { index, playbacks } of ports) {
      for (const phase of PLAYED_PHASES) {
        const { trace, answers, recorder, phases } = playbacks[phase]
        clearAnswers(answers)
        clearRecorder(recorder)
        clearPhaseLog(phases)
        // The two phases before the steady state share theirs.
        if (phase === PHASE_WARM_UP) continue
        const { ports: parts, cycleGaps } = traceOf(phase)
        loadTrace(trace, parts[index]!, cycleGaps)
      }
    }
  }
  load(plan)
  const recordersOf = (phase: PlayedPhase) => ports.map((port) => port.playbacks[phase].recorder)
  return {
    ports,
    recorders: recordersOf(PHASE_STEADY_STATE),
    rehearsalRecorders: recordersOf(PHASE_REHEARSAL),
    answers: () =>
      ports.flatMap(({ index, playbacks }) =>
        PLAYED_PHASES.map((phase) => {
          const { answers, recorder } = playbacks[phase]
          const played = recorder.totals[TOTAL.played]!
          return { trace: traceOf(phase).ports[index]!, ...answers, played }
        }),
      ),
    load,
  }
}

/** What one port plays, by phase. @param samples of the steady state; no other phase keeps any. */
function createPlaybacks(
  plan: PortPlan,
  port: number,
  phaseLog: (most: number) => PhaseLogMemory,
  samples: number,
): Readonly<Record<PlayedPhase, PlaybackMemory>> {
  const { warmUp, warmUpWindows, steady, steadyWindows, workload, records } = plan
  const classCount = workload.classes?.names.length ?? 0
  const hasLegs = workload.keysPerRequest !== undefined
  const legVersions = createLegVersions(hasLegs ? records.hashes.length : 0)
  const room = (trace: Trace) => createTraceMemory(trace.ports[port]!, trace.count)
  const [warmUpTrace, steadyTrace] = [room(warmUp), room(steady)]
  const playback = (trace: TraceMemory, windows: number, most: number): PlaybackMemory => {
    return {
      trace,
      answers: createAnswerMemory(trace.requests.length, legVersions),
      recorder: createRecorder(windows, classCount),
      document: workload.document,
      phases: phaseLog(most),
    }
  }
  return {
    [PHASE_WARM_UP]: playback(warmUpTrace, warmUpWindows, 0),
    [PHASE_REHEARSAL]: playback(warmUpTrace, warmUpWindows, 0),
    [PHASE_STEADY_STATE]: playback(steadyTrace, steadyWindows, samples),
  }
}
