import type { Clock } from '../../base/clock.ts'
import type { Port } from '../../contract/port.ts'
import { Recorder } from '../../measure/recorder.ts'
import type { RecorderMemory } from '../../measure/recorder-layout.ts'
import {
  type RequestSlabMemory,
  SLOT_PORT,
} from '../../shared-memory/request-slab-layout.ts'
import { RequestView } from '../../shared-memory/request-view.ts'
import { keyOf, type PortTrace } from '../../workload/trace-layout.ts'
import { ANSWERED_TWICE, AnswerLog, type AnswerMemory, idOf, WRONG_ANSWERS } from './answer-check.ts'
import { Control, type ControlMemory, PHASE_CLOSED, PHASE_STEADY_STATE, PHASE_WAITING, PHASE_WARM_UP } from './control.ts'
import { FrameWriter } from './frame-writer.ts'
import { Schedule } from './schedule.ts'

/** One port's part of a trace, and the log of its answers. */
export interface PlayedTrace {
  readonly trace: PortTrace
  readonly cycleGaps: number
  readonly answers: AnswerMemory
}

/** What the owner of a replay port needs. */
export interface ReplayPortMemory {
  readonly index: number
  readonly control: ControlMemory
  readonly slab: RequestSlabMemory
  readonly firstSlot: number
  /** Slots of this port: the permits for requests in flight. */
  readonly slotCount: number
  /** Payload of every update. */
  readonly payloadBytes: number
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

const FREE = -1
const WARM_UP_BIT = 1 << 30
const POSITION_MASK = WARM_UP_BIT - 1

/** Plays a trace into one thread: no generator exists that could fall behind. Protocol and costs: see `contract/port.ts`. */
export class ReplayPort implements Port {
  readonly #clock: Clock
  readonly #control: Control
  readonly #view: RequestView
  readonly #recorder: Recorder
  readonly #memory: ReplayPortMemory
  readonly #writer: FrameWriter

  readonly #free: Int32Array
  #freeCount: number
  readonly #replied: Int32Array
  #repliedCount = 0
  // Of each slot in flight, by its index within the port. Private to the owner: nothing of it travels.
  readonly #dueNs: Float64Array
  /** Position in the trace, with `WARM_UP_BIT` if it is the warm-up's; `FREE` when the slot is not in flight. */
  readonly #position: Int32Array
  #phaseBit = WARM_UP_BIT

  readonly #warmUp: Schedule
  readonly #steady: Schedule
  readonly #warmUpAnswers: AnswerLog
  readonly #steadyAnswers: AnswerLog
  #schedule: Schedule
  #phase: number = PHASE_WAITING
  #endNs = Number.POSITIVE_INFINITY
  readonly #firstSlot: number
  readonly #deadlineNs: number
  readonly #dropReply: number
  #maximum = false
  #closed = false
  #nowNs = 0.5
  #turnNs = 0.5
  #repliedNs = 0.5
  #oldestBacklogNs = 0.5
  #replies = 0
  #received = 0
  #refused = 0
  #steadyFromNs = Number.POSITIVE_INFINITY

  constructor(memory: ReplayPortMemory, clock: Clock) {
    this.#memory = memory
    this.#clock = clock
    this.#control = new Control(memory.control)
    this.#view = new RequestView(memory.slab)
    this.#recorder = new Recorder(memory.recorder)
    this.#warmUp = new Schedule(memory.warmUp.trace, memory.warmUp.cycleGaps)
    this.#steady = new Schedule(memory.steady.trace, memory.steady.cycleGaps)
    this.#warmUpAnswers = new AnswerLog(memory.warmUp.trace, memory.warmUp.answers)
    this.#steadyAnswers = new AnswerLog(memory.steady.trace, memory.steady.answers)
    this.#firstSlot = memory.firstSlot
    this.#deadlineNs = memory.deadlineNs
    this.#dropReply = memory.dropReply
    this.#schedule = this.#warmUp
    this.#writer = new FrameWriter(memory.payloadBytes)
    const count = memory.slotCount
    this.#free = Int32Array.from({ length: count }, (_, slot) => count - 1 - slot)
    this.#freeCount = count
    this.#replied = new Int32Array(count)
    this.#dueNs = new Float64Array(count)
    this.#position = new Int32Array(count).fill(FREE)
    for (let slot = 0; slot < count; slot++) {
      this.#view.at(memory.firstSlot + slot)
      this.#view.set(SLOT_PORT, memory.index)
    }
  }

  begin(): void {
    const beganNs = this.#nowNs
    // Between a flush and the next turn nothing happens: its reading is still good.
    if (this.#repliedNs > beganNs) this.#nowNs = this.#repliedNs
    else this.#nowNs = this.#clock.nowNs()
    this.#turnNs = this.#nowNs - beganNs
    if (this.#control.phase() !== this.#phase) this.#enterPhase(this.#nowNs)
  }

  nowNs(): number {
    return this.#nowNs
  }

  // Measured path: `receive`, `reply` and `flush`. No number with a fraction is passed to a function that might not be
  // inlined, since that would allocate.
  receive(target: Int32Array, limit: number): number {
    if (this.#closed) return this.#finish()
    const schedule = this.#schedule
    const view = this.#view
    const nowNs = this.#nowNs
    const endNs = this.#endNs
    if (this.#deadlineNs !== 0) this.#refuseLate()
    let count = 0
    while (count < limit) {
      const dueNs = this.#maximum ? nowNs : schedule.nextDueNs
      if (dueNs >= endNs) {
        this.#finish()
        break
      }
      if (dueNs > nowNs) break
      if (this.#freeCount === 0) {
        this.#countBacklog()
        break
      }
      const local = this.#free[--this.#freeCount]!
      const position = schedule.position
      this.#dueNs[local] = dueNs
      this.#position[local] = position | this.#phaseBit
      const slot = this.#firstSlot + local
      view.at(slot)
      this.#writer.write(view, idOf(position), schedule.requests[position]!)
      schedule.advance()
      target[count++] = slot
    }
    this.#received += count
    return count
  }

  /** Refuses the requests that waited for a permit beyond their deadline. */
  #refuseLate(): void {
    const schedule = this.#schedule
    const latestNs = Math.min(this.#nowNs - this.#deadlineNs, this.#endNs)
    if (this.#maximum) return
    for (; schedule.nextDueNs < latestNs; schedule.advance()) {
      this.#answersOf(this.#phaseBit).refuse(schedule.position)
      this.#refused++
    }
  }

  /** No slot is free: what is due waits. Counts it when it has become older than any before. */
  #countBacklog(): void {
    if (this.#maximum || this.#phase !== PHASE_STEADY_STATE) return
    const ageNs = this.#nowNs - this.#schedule.nextDueNs
    if (ageNs <= this.#oldestBacklogNs * BACKLOG_GROWTH) return
    this.#oldestBacklogNs = ageNs
    this.#recorder.set('largestBacklogAgeNs', ageNs)
    const count = this.#schedule.dueCount(Math.min(this.#nowNs, this.#endNs))
    if (count > this.#recorder.get('largestBacklog')) this.#recorder.set('largestBacklog', count)
  }

  reply(slots: Int32Array, from: number, to: number): void {
    const replied = this.#replied
    const first = this.#firstSlot
    let count = this.#repliedCount
    for (let i = from; i < to; i++) replied[count++] = slots[i]! - first
    this.#repliedCount = count
  }

  flush(): void {
    const count = this.#repliedCount
    if (count === 0) return
    this.#repliedCount = 0
    this.#repliedNs = this.#clock.nowNs()
    const kept = this.#checkReplies(count)
    this.#recorder.record(this.#dueNs, this.#replied, kept, this.#repliedNs, this.#steadyFromNs)
    for (let i = 0; i < kept; i++) {
      const local = this.#replied[i]!
      this.#position[local] = FREE
      this.#free[this.#freeCount++] = local
    }
  }

  /** Checks the first `count` replies; moves those that answer a request to the front and tells how many they are. */
  #checkReplies(count: number): number {
    const replied = this.#replied
    const view = this.#view
    const words = view.words
    let kept = 0
    for (let i = 0; i < count; i++) {
      const local = replied[i]!
      const entry = this.#position[local]!
      if (entry === FREE) {
        this.#wrong(ANSWERED_TWICE, local)
        continue
      }
      if (this.#dropReply !== 0 && ++this.#replies === this.#dropReply) continue
      view.at(this.#firstSlot + local)
      const wrong = this.#answersOf(entry).check(words, view.base, entry & POSITION_MASK)
      if (wrong !== 0) this.#wrong(wrong, local)
      replied[kept++] = local
    }
    return kept
  }

  #answersOf(entry: number): AnswerLog {
    return (entry & WARM_UP_BIT) === 0 ? this.#steadyAnswers : this.#warmUpAnswers
  }

  #wrong(kind: number, local: number): void {
    const recorder = this.#recorder
    recorder.set('wrong', recorder.get('wrong') + 1)
    if (recorder.get('firstWrongKind') !== 0 || kind >= WRONG_ANSWERS.length) return
    const entry = this.#position[local]!
    const played = entry === FREE || (entry & WARM_UP_BIT) === 0 ? this.#memory.steady : this.#memory.warmUp
    recorder.set('firstWrongKey', entry === FREE ? -1 : keyOf(played.trace.requests[entry & POSITION_MASK]!))
    recorder.set('firstWrongKind', kind)
  }

  turnNs(): number {
    return this.#turnNs
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
    for (let local = 0; local < this.#position.length; local++) {
      const entry = this.#position[local]!
      if (entry !== FREE && (entry & WARM_UP_BIT) === 0) oldestNs = Math.min(oldestNs, this.#dueNs[local]!)
    }
    this.#recorder.set('received', this.#received)
    this.#recorder.set('refused', this.#refused)
    this.#recorder.set('steadyPlayed', this.#steady.played())
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
    this.#phaseBit = 0
    this.#endNs = control.time('steadyEndNs')
    this.#schedule = this.#steady
    this.#received = 0
    this.#refused = 0
    this.#steadyFromNs = startNs
    this.#recorder.set('warmUpPlayed', this.#warmUp.played())
    this.#recorder.begin(startNs, this.#memory.warmUpWindows)
    this.#schedule.start(startNs, nsPerGap)
    this.#recorder.set('progress', 1)
  }

  #close(nowNs: number): void {
    this.publish(nowNs)
    this.#phase = PHASE_CLOSED
    this.#closed = true
  }

  #finish(): number {
    this.#recorder.set('progress', 2)
    return 0
  }
}
