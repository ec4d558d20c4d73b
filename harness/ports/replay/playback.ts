import { TURN_NOW } from '../../contract/port.ts'
import type { Document } from '../../contract/workload.ts'
import { PhaseLog, type PhaseLogMemory } from '../../measure/phase-log.ts'
import { ClassRecorder, Recorder } from '../../measure/recorder.ts'
import type { RecorderMemory } from '../../measure/recorder-layout.ts'
import type { PhaseMemory } from '../../shared-memory/phase-layout.ts'
import type { RequestSlabMemory } from '../../shared-memory/request-slab-layout.ts'
import type { KnownRecords } from '../../workload/known-records.ts'
import { TRACE_COUNT, TRACE_CYCLE_GAPS, type TraceMemory } from '../../workload/trace-layout.ts'
import { AnswerLog, type AnswerMemory } from './answer-check.ts'
import { Schedule } from '../../workload/schedule.ts'
import type { ControlMemory, PlayedPhase } from './control.ts'

/** One port's part of the traces of a phase, one after the other, and where its answers and latencies go. */
export interface PlaybackMemory {
  readonly trace: TraceMemory
  readonly answers: AnswerMemory
  readonly recorder: RecorderMemory
  /** Of sampled requests. */
  readonly phases: PhaseLogMemory
  /** What every request is answered with in place of a record, if so. */
  readonly document?: Document | undefined
}

/**
 * One trace as one port plays it. The phases are objects of this one class, and the port's code does the same for
 * all: code that ran for the first time in the steady state would be thrown back to the interpreter there
 * (measured: 20–40 ms during which a quarter of its capacity was too much for it).
 */
export class Playback {
  readonly #size: Float64Array
  readonly schedule: Schedule
  readonly answers: AnswerLog
  readonly recorder: Recorder
  /** Null where no class of requests is named. */
  readonly classRecorder: ClassRecorder | null
  readonly phases: PhaseLog
  /** Requests due from this instant on are not received. */
  endNs = Number.POSITIVE_INFINITY
  received = 0
  refused = 0
  readonly #deadlineNs: number

  /** @param deadlineNs a request that waited longer is refused; 0 for never. @param slotCount of the port. */
  constructor(
    memory: PlaybackMemory,
    records: KnownRecords,
    deadlineNs: number,
    slotCount: number,
  ) {
    this.#deadlineNs = deadlineNs
    this.#size = memory.trace.size
    this.schedule = new Schedule({ ...memory.trace, count: 0 }, 0)
    this.answers = new AnswerLog(memory.trace, memory.answers, records, memory.document)
    this.recorder = new Recorder(memory.recorder)
    const { classes } = memory.recorder
    this.classRecorder = classes && new ClassRecorder(classes, memory.trace.classes, slotCount)
    this.phases = new PhaseLog(memory.phases)
  }

  start(startNs: number, endNs: number, nsPerGap: number): void {
    this.endNs = endNs
    this.received = 0
    this.refused = 0
    this.schedule.resize(this.#size[TRACE_COUNT]!, this.#size[TRACE_CYCLE_GAPS]!)
    this.recorder.begin(startNs)
    this.schedule.start(startNs, nsPerGap)
  }

  /** As before the first start: a trial that leaves this phase out has played nothing of it. */
  forget(): void {
    this.endNs = Number.POSITIVE_INFINITY
    this.received = 0
    this.refused = 0
    this.schedule.resize(0, 0)
    this.schedule.start(0, 0)
  }

  // Measured path.
  /**
   * Refuses the requests that were not received by their deadline at the instant in `cell[TURN_NOW]`. Those due at the
   * phase's end or later are none of it: however long that is over, they are neither received nor refused.
   */
  refuseLate(cell: Float64Array): void {
    const { schedule } = this
    const latestNs = Math.min(cell[TURN_NOW]! - this.#deadlineNs, this.endNs)
    for (; schedule.nextDueNs < latestNs; schedule.advance()) this.#refuse(schedule.position)
  }

  /** Refuses a request that was received. */
  refuseReceived(position: number): void {
    this.#refuse(position)
    this.received--
  }

  #refuse(position: number): void {
    this.answers.refuse(position)
    this.refused++
    if (this.classRecorder !== null) this.classRecorder.refuse(position)
  }
}

/** What the owner of a replay port needs. */
export interface ReplayPortMemory {
  readonly kind: 'replay'
  readonly index: number
  readonly control: ControlMemory
  readonly slab: RequestSlabMemory
  readonly firstSlot: number
  /** Slots of this port: the permits for requests in flight. */
  readonly slotCount: number
  readonly records: KnownRecords
  /** A request that waited longer, for a permit or for one that works on it, is refused; 0 for never. */
  readonly deadlineNs: number
  /** By phase. The steady state's recorder also holds the port's own totals. */
  readonly playbacks: Readonly<Record<PlayedPhase, PlaybackMemory>>
  /** Stamps of sampled requests; null where none is sampled. */
  readonly stamps: PhaseMemory | null
  /** For tests: the reply with this number is forgotten; 0 for none. */
  readonly dropReply: number
}
