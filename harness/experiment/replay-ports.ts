import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import type { Workload } from '../contract/workload.ts'
import { createPhaseLog, type PhaseLogMemory } from '../measure/phase-log.ts'
import { createRecorder, type RecorderMemory } from '../measure/recorder-layout.ts'
import { createAnswerMemory, createLegVersions } from '../ports/replay/answer-check.ts'
import {
  type ControlMemory,
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WARM_UP,
  PLAYED_PHASES,
  type PlayedPhase,
} from '../ports/replay/control.ts'
import type { PlaybackMemory } from '../ports/replay/playback.ts'
import type { ReplayPortMemory } from '../ports/replay/replay-port.ts'
import { createPhaseMemory, sampleRun } from '../shared-memory/phase-layout.ts'
import type { RequestSlabMemory } from '../shared-memory/request-slab-layout.ts'
import type { KnownRecords } from '../workload/known-records.ts'
import type { Trace } from '../workload/trace-layout.ts'

/** Per port: what is sampled of two million requests. */
const MOST_SAMPLES = 1 << 16

/** What replay ports play, and how many windows of 100 ms they record. */
export interface PlayedTraces {
  readonly warmUp: Trace
  readonly steady: Trace
  readonly warmUpWindows: number
  readonly steadyWindows: number
  /** All ports; null for `max`. */
  readonly offeredPerSecond: number | null
}

/** What replay ports are made from. */
export interface PortPlan extends PlayedTraces {
  readonly portCount: number
  /** Slots of each. */
  readonly permits: number
  readonly deadlineMillis: number
  readonly workload: Workload
  readonly records: KnownRecords
  /** Mean work that the stages declare per request; 0 when they declare none. */
  readonly declaredNs: number
  /** Queues that a sampled request can wait in; null where none is sampled. */
  readonly waits: number | null
  readonly dropReply: number
}

/** Ports that play traces by themselves, and what they record. */
export interface ReplayPorts {
  readonly ports: readonly ReplayPortMemory[]
  /** Of the steady state, by port. */
  readonly recorders: readonly RecorderMemory[]
  /** Of the latter part of the warm-up. */
  readonly rehearsalRecorders: readonly RecorderMemory[]
  /** Of every port and phase. */
  readonly playbacks: readonly PlaybackMemory[]
}

/** A replay port per core, each with its part of the traces. */
export function createReplayPorts(
  plan: PortPlan,
  slab: RequestSlabMemory,
  control: ControlMemory,
): ReplayPorts {
  const { permits, records, waits } = plan
  const stamps = waits === null ? null : createPhaseMemory(slab.slotCount, waits)
  const offered = (plan.offeredPerSecond ?? Number.POSITIVE_INFINITY) / plan.portCount
  // At `max` no more are served than the declared work allows.
  const run = sampleRun(Math.min(offered, NS_PER_SECOND / plan.declaredNs))
  const parts = stamps === null ? 0 : stamps.cellCount - 1
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
    playbacks: createPlaybacks(plan, index, (most) => createPhaseLog(parts, most), samples),
    stamps,
    sampleRun: run,
    dropReply: index === 0 ? plan.dropReply : 0,
  }))
  const recordersOf = (phase: PlayedPhase) => ports.map((port) => port.playbacks[phase].recorder)
  return {
    ports,
    recorders: recordersOf(PHASE_STEADY_STATE),
    rehearsalRecorders: recordersOf(PHASE_REHEARSAL),
    playbacks: ports.flatMap((port) => PLAYED_PHASES.map((phase) => port.playbacks[phase])),
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
  const hasLegs = workload.keysPerRequest !== undefined
  const legVersions = createLegVersions(hasLegs ? records.hashes.length : 0)
  const playback = (trace: Trace, windows: number, most: number): PlaybackMemory => {
    const part = trace.ports[port]!
    return {
      trace: part,
      cycleGaps: trace.cycleGaps,
      answers: createAnswerMemory(part.count, legVersions),
      recorder: createRecorder(windows),
      document: workload.document,
      phases: phaseLog(most),
    }
  }
  return {
    [PHASE_WARM_UP]: playback(warmUp, warmUpWindows, 0),
    [PHASE_REHEARSAL]: playback(warmUp, warmUpWindows, 0),
    [PHASE_STEADY_STATE]: playback(steady, steadyWindows, samples),
  }
}
