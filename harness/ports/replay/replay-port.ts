import type { Clock } from '../../base/clock.ts'
import { NO_SLOT, type Port, type SlotIndex } from '../../contract/port.ts'
import { Recorder } from '../../measure/recorder.ts'
import type { RecorderMemory } from '../../measure/recorder-layout.ts'
import {
  type RequestSlabMemory,
  SLOT_PORT,
} from '../../shared-memory/request-slab-layout.ts'
import { RequestView } from '../../shared-memory/request-view.ts'
import type { PortTrace } from '../../workload/trace-layout.ts'
import { ANSWERED_TWICE, checkAnswer, WRONG_ANSWERS } from './answer-check.ts'
import { Control, type ControlMemory, PHASE_CLOSED, PHASE_STEADY_STATE, PHASE_WAITING, PHASE_WARM_UP } from './control.ts'
import { FrameWriter } from './frame-writer.ts'
import { Schedule } from './schedule.ts'

/** One port's part of a trace, and the log of its answers. */
export interface PlayedTrace {
  readonly trace: PortTrace
  readonly cycleGaps: number
  /** `ANSWER_WORDS` words per request. */
  readonly answers: Int32Array<SharedArrayBuffer>
}

/** What the owner of a replay port needs. */
export interface ReplayPortMemory {
  readonly index: number
  readonly control: ControlMemory
  readonly slab: RequestSlabMemory
  readonly firstSlot: number
  /** Slots of this port: the permits for requests in flight. */
  readonly slotCount: number
  /** A request that waited longer for a permit is refused; 0 for never. */
  readonly deadlineNs: number
  readonly warmUp: PlayedTrace
  readonly steady: PlayedTrace
  readonly recorder: RecorderMemory
  /** Windows of the warm-up in the recorder; the steady state's come after them. */
  readonly warmUpWindows: number
  /** For tests: the reply with this number is forgotten; 0 for none. */
  readonly dropReply: number
}

/** Backlog is counted again only when it got this much older: counting searches the trace. */
const BACKLOG_GROWTH = 1.05

/** Plays a trace into one thread: no generator exists that could fall behind. Protocol and costs: see `contract/port.ts`. */
export class ReplayPort implements Port {
  readonly #clock: Clock
  readonly #control: Control
  readonly #view: RequestView
  readonly #recorder: Recorder
  readonly #memory: ReplayPortMemory
  readonly #writer = new FrameWriter()

  readonly #free: Int32Array
  #freeCount: number
  readonly #replied: Int32Array
  #repliedCount = 0
  // Of each slot in flight, by its index within the port. Private to the owner: nothing of it travels.
  readonly #dueNs: Float64Array
  readonly #position: Int32Array
  readonly #id: Int32Array
  /** 0 free · 1 in flight, of the warm-up · 2 in flight, of the steady state */
  readonly #state: Uint8Array

  readonly #warmUp: Schedule
  readonly #steady: Schedule
  #schedule: Schedule
  #phase: number = PHASE_WAITING
  #endNs = Number.POSITIVE_INFINITY
  #maximum = false
  #closed = false
  #nextId = 0
  #replies = 0
  #received = 0

  constructor(memory: ReplayPortMemory, clock: Clock) {
    this.#memory = memory
    this.#clock = clock
    this.#control = new Control(memory.control)
    this.#view = new RequestView(memory.slab)
    this.#recorder = new Recorder(memory.recorder)
    this.#warmUp = new Schedule(memory.warmUp.trace, memory.warmUp.cycleGaps)
    this.#steady = new Schedule(memory.steady.trace, memory.steady.cycleGaps)
    this.#schedule = this.#warmUp
    const count = memory.slotCount
    this.#free = Int32Array.from({ length: count }, (_, slot) => count - 1 - slot)
    this.#freeCount = count
    this.#replied = new Int32Array(count)
    this.#dueNs = new Float64Array(count)
    this.#position = new Int32Array(count)
    this.#id = new Int32Array(count)
    this.#state = new Uint8Array(count)
  }

  receive(nowNs: number): SlotIndex {
    if (this.#control.phase() !== this.#phase) this.#enterPhase(nowNs)
    const schedule = this.#schedule
    let dueNs = schedule.nextDueNs
    if (dueNs > nowNs) return dueNs < this.#endNs ? NO_SLOT : this.#finish()
    if (this.#maximum) dueNs = nowNs
    if (dueNs >= this.#endNs || this.#closed) return this.#finish()
    if (this.#freeCount === 0 || this.#isLate(dueNs, nowNs)) return this.#admit(nowNs)

    const local = this.#free[--this.#freeCount]!
    const position = schedule.position
    const id = (this.#nextId = (this.#nextId + 1) | 0)
    this.#dueNs[local] = dueNs
    this.#position[local] = position
    this.#id[local] = id
    this.#state[local] = this.#phase
    const slot = this.#memory.firstSlot + local
    const view = this.#view
    view.at(slot)
    view.set(SLOT_PORT, this.#memory.index)
    this.#writer.write(view, id, schedule.trace.entries, position)
    this.#received++
    schedule.advance()
    return slot
  }

  /** Whether a request waited beyond its deadline. */
  #isLate(dueNs: number, nowNs: number): boolean {
    const deadlineNs = this.#memory.deadlineNs
    return deadlineNs !== 0 && nowNs - dueNs > deadlineNs
  }

  /** Refuses what is beyond its deadline, then tries again; counts the backlog when no slot is free. */
  #admit(nowNs: number): SlotIndex {
    const schedule = this.#schedule
    while (schedule.nextDueNs < this.#endNs && !this.#maximum && this.#isLate(schedule.nextDueNs, nowNs)) {
      if (this.#phase === PHASE_STEADY_STATE) this.#recorder.set('refused', this.#recorder.get('refused') + 1)
      schedule.advance()
    }
    if (this.#freeCount > 0) return schedule.nextDueNs <= nowNs ? this.receive(nowNs) : NO_SLOT
    if (!this.#maximum && this.#phase === PHASE_STEADY_STATE) this.#countBacklog(nowNs)
    return NO_SLOT
  }

  #countBacklog(nowNs: number): void {
    const ageNs = nowNs - this.#schedule.nextDueNs
    if (ageNs <= this.#recorder.get('largestBacklogAgeNs') * BACKLOG_GROWTH) return
    this.#recorder.set('largestBacklogAgeNs', ageNs)
    const count = this.#schedule.dueCount(Math.min(nowNs, this.#endNs))
    if (count > this.#recorder.get('largestBacklog')) this.#recorder.set('largestBacklog', count)
  }

  reply(slot: SlotIndex): void {
    this.#replied[this.#repliedCount++] = slot - this.#memory.firstSlot
  }

  flush(): void {
    const count = this.#repliedCount
    if (count === 0) return
    const nowNs = this.#clock.nowNs()
    for (let i = 0; i < count; i++) this.#complete(this.#replied[i]!, nowNs)
    this.#repliedCount = 0
  }

  #complete(local: number, nowNs: number): void {
    const state = this.#state[local]!
    if (state === 0) return this.#wrong(ANSWERED_TWICE, local)
    if (this.#memory.dropReply !== 0 && ++this.#replies === this.#memory.dropReply) return
    const steady = state === PHASE_STEADY_STATE
    const played = steady ? this.#memory.steady : this.#memory.warmUp
    this.#view.at(this.#memory.firstSlot + local)
    const wrong = checkAnswer(this.#view, this.#id[local]!, played.trace, this.#position[local]!, played.answers)
    if (wrong !== 0) this.#wrong(wrong, local)
    const dueNs = this.#dueNs[local]!
    if (steady) this.#recorder.record(dueNs, nowNs - dueNs)
    else this.#recorder.recordWarmUp(dueNs, nowNs - dueNs)
    this.#state[local] = 0
    this.#free[this.#freeCount++] = local
  }

  #wrong(kind: number, local: number): void {
    const recorder = this.#recorder
    recorder.set('wrong', recorder.get('wrong') + 1)
    if (recorder.get('firstWrongKind') !== 0 || kind >= WRONG_ANSWERS.length) return
    const played = this.#phase >= PHASE_STEADY_STATE ? this.#memory.steady : this.#memory.warmUp
    recorder.set('firstWrongKey', played.trace.keys[this.#position[local]!]!)
    recorder.set('firstWrongKind', kind)
  }

  inFlight(): number {
    return this.#memory.slotCount - this.#freeCount
  }

  nextDueNs(): number {
    if (this.#freeCount === 0) return Number.POSITIVE_INFINITY
    const dueNs = this.#schedule.nextDueNs
    return dueNs >= this.#endNs || this.#closed ? Number.POSITIVE_INFINITY : dueNs
  }

  /** Copies out what changes too often to be written each time; the driver calls it when idle and now and then. */
  publish(nowNs: number): void {
    this.#recorder.set('inFlight', this.inFlight())
    if (this.#phase !== PHASE_STEADY_STATE) return
    let oldestNs = this.#schedule.nextDueNs < this.#endNs && !this.#maximum ? this.#schedule.nextDueNs : nowNs
    for (let local = 0; local < this.#state.length; local++) {
      if (this.#state[local] === PHASE_STEADY_STATE) oldestNs = Math.min(oldestNs, this.#dueNs[local]!)
    }
    this.#recorder.set('received', this.#received)
    this.#recorder.set('neverReceived', this.#maximum ? 0 : this.#schedule.dueCount(Math.min(nowNs, this.#endNs)))
    this.#recorder.set('oldestUnansweredNs', Math.max(0, nowNs - oldestNs))
  }

  #enterPhase(nowNs: number): void {
    const control = this.#control
    const next = control.phase()
    if (next === PHASE_CLOSED) return this.#close(nowNs)
    const nsPerGap = control.time('nsPerGap')
    this.#maximum = nsPerGap === 0
    if (this.#phase === PHASE_WAITING) {
      this.#phase = PHASE_WARM_UP
      const startNs = control.time('warmUpStartNs')
      this.#recorder.begin(startNs, 0)
      this.#schedule.start(startNs, nsPerGap)
    }
    if (next !== PHASE_STEADY_STATE) return
    const startNs = control.time('steadyStartNs')
    if (nowNs < startNs) return
    this.#phase = PHASE_STEADY_STATE
    this.#endNs = control.time('steadyEndNs')
    this.#schedule = this.#steady
    this.#received = 0
    this.#recorder.begin(startNs, this.#memory.warmUpWindows)
    this.#schedule.start(startNs, nsPerGap)
    this.#recorder.set('progress', 1)
  }

  #close(nowNs: number): void {
    this.publish(nowNs)
    this.#phase = PHASE_CLOSED
    this.#closed = true
  }

  #finish(): SlotIndex {
    this.#recorder.set('progress', 2)
    return NO_SLOT
  }
}
