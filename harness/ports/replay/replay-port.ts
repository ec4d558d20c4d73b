import type { Clock } from '../../base/clock.ts'
import { type Port, type SlotIndex, TURN_CELLS, TURN_NOW, TURN_TOOK } from '../../contract/port.ts'
import { RepliesByHalf } from '../../measure/recorder.ts'
import { TOTAL } from '../../measure/recorder-layout.ts'
import { LONGEST_PARK_MS } from '../../shared-memory/idle-strategy.ts'
import { SLOT_PORT } from '../../shared-memory/request-slab-layout.ts'
import { SAMPLED } from '../../shared-memory/phase-layout.ts'
import { RequestView } from '../../shared-memory/request-view.ts'
import { keyOf } from '../../workload/trace-layout.ts'
import { ANSWERED_TWICE, idOf } from './answer-check.ts'
import {
  Control,
  PHASE_CLOSED,
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WAITING,
  PHASE_WARM_UP,
  type PlayedPhase,
} from './control.ts'
import { FrameWriter } from './frame-codec.ts'
import { Playback, type ReplayPortMemory } from './playback.ts'
import { RequestSampler } from './request-sampler.ts'

/** Less than half of the lead with which a phase is announced. */
const LONGEST_PARK_IN_BETWEEN_MS = 2

/** Backlog is counted again only when it got this much older: counting searches the trace. */
const BACKLOG_GROWTH = 1.05

/** Of a slot that is not in flight. */
const FREE = -1

/** In front of the position of a slot in flight: the phase whose request it is. */
const PHASE_SHIFT = 28
const POSITION_MASK = (1 << PHASE_SHIFT) - 1
/** In a position's place once the request is answered; no trace is so long. `FREE` has it, too. */
const ANSWERED = POSITION_MASK

/** Plays a trace into one thread: no generator exists that could fall behind. See `contract/port.ts`. */
export class ReplayPort implements Port {
  readonly #clock: Clock
  readonly #control: Control
  readonly #view: RequestView
  readonly #writer: FrameWriter
  readonly #firstSlot: number
  readonly #slotCount: number
  /** Slots that stay free: those beyond the trial's window. */
  #spare = 0
  readonly #deadlineNs: number
  readonly #dropReply: number
  readonly #sampler: RequestSampler

  readonly #free: Int32Array
  #freeCount: number
  readonly #replied: Int32Array
  #repliedCount = 0
  // Of each slot in flight, by its index within the port. Private to the owner: nothing of it travels.
  readonly #dueNs: Float64Array
  /** Position in the trace with the phase above it; `FREE` when the slot is not in flight. */
  readonly #position: Int32Array

  /** By phase; no request is played before the first. */
  readonly #playbacks: readonly Playback[]
  readonly #steady: Playback
  #phase: number = PHASE_WAITING
  #maximum = false
  #closed = false
  /** Nothing more will be received in this trial. */
  #isFinished = false
  readonly cell = new Float64Array(TURN_CELLS)
  /** Cell 0: when the latest batch of replies was taken as sent. */
  readonly #replyCell = new Float64Array(1)
  // Initialised with fractions, so that the fields hold doubles from the start.
  #oldestBacklogNs = 0.5
  /** When an announced phase begins; infinite when none is. */
  #announcedNs = Number.POSITIVE_INFINITY
  readonly #repliesByHalf = new RepliesByHalf()
  #replies = 0

  constructor(memory: ReplayPortMemory, clock: Clock) {
    const count = memory.slotCount
    this.#clock = clock
    this.#control = new Control(memory.control)
    this.#view = new RequestView(memory.slab)
    this.#writer = new FrameWriter(memory.records)
    this.#firstSlot = memory.firstSlot
    this.#slotCount = count
    this.#deadlineNs = memory.deadlineNs
    this.#dropReply = memory.dropReply
    const { playbacks } = memory
    const playback = (phase: PlayedPhase) =>
      new Playback(playbacks[phase], memory.records, memory.deadlineNs, count)
    this.#steady = playback(PHASE_STEADY_STATE)
    const warmUp = playback(PHASE_WARM_UP)
    this.#playbacks = [warmUp, warmUp, playback(PHASE_REHEARSAL), this.#steady, this.#steady]
    // The slot freed last is taken first: its lines are still in the cache.
    this.#free = Int32Array.from({ length: count }, (_, slot) => count - 1 - slot)
    this.#freeCount = count
    this.#replied = new Int32Array(count)
    this.#dueNs = new Float64Array(count)
    this.#position = new Int32Array(count).fill(FREE)
    this.#sampler = new RequestSampler(memory, this.#view, this.#dueNs, clock)
  }

  // Measured path: `begin`, `receive`, `reply` and `flush`. No number with a fraction is passed to a function that might
  // not be inlined, since that would allocate.
  begin(): void {
    const cell = this.cell
    const beganNs = cell[TURN_NOW]!
    // A turn that ended with a flush has just read the clock.
    const repliedNs = this.#replyCell[0]!
    if (repliedNs > beganNs) cell[TURN_NOW] = repliedNs
    else {
      this.#clock.read()
      cell[TURN_NOW] = this.#clock.cell[0]!
    }
    cell[TURN_TOOK] = cell[TURN_NOW]! - beganNs
    if (this.#control.phase() !== this.#phase) this.#enterPhase()
  }

  read(): void {}

  receive(target: Int32Array, limit: number): number {
    this.#sampler.reset()
    const playback = this.#playbacks[this.#phase]!
    if (this.#closed || this.#phase === PHASE_WAITING || playback.schedule.count === 0)
      return this.#finish()
    const schedule = playback.schedule
    const tag = this.#phase << PHASE_SHIFT
    const view = this.#view
    const nowNs = this.cell[TURN_NOW]!
    const endNs = playback.endNs
    if (this.#deadlineNs !== 0 && !this.#maximum) playback.refuseLate(this.cell)
    const sampler = this.#sampler
    let count = 0
    while (count < limit) {
      const dueNs = this.#maximum ? nowNs : schedule.nextDueNs
      if (dueNs >= endNs) {
        this.#finish()
        break
      }
      if (dueNs > nowNs) break
      if (this.#freeCount === this.#spare) {
        this.#countBacklog(playback)
        break
      }
      const local = this.#free[--this.#freeCount]!
      const position = schedule.position
      this.#dueNs[local] = dueNs
      this.#position[local] = position | tag
      const slot = this.#firstSlot + local
      view.at(slot)
      const serviceNs = schedule.serviceNs()
      const keyCount = schedule.keyCount()
      sampler.mark(position)
      this.#writer.write(view, idOf(position), schedule.requests[position]!, serviceNs, keyCount)
      schedule.advance()
      target[count++] = slot
    }
    playback.received += count
    const { classRecorder } = playback
    for (let i = 0; classRecorder !== null && i < count; i++) {
      const local = target[i]! - this.#firstSlot
      classRecorder.take(local, this.#position[local]! & POSITION_MASK)
    }
    sampler.begin(target, count)
    // Whoever replies first and receives then has used up time since the reading of the flush.
    if (count !== 0) this.#replyCell[0] = 0
    return count
  }

  hasSampled(): boolean {
    return this.#sampler.hasSampled()
  }

  /** No slot is free: what is due waits. Counts it when it has become older than any before. */
  #countBacklog(playback: Playback): void {
    if (this.#maximum) return
    const { schedule, recorder } = playback
    const ageNs = this.cell[TURN_NOW]! - schedule.nextDueNs
    if (ageNs <= this.#oldestBacklogNs * BACKLOG_GROWTH) return
    this.#oldestBacklogNs = ageNs
    recorder.totals[TOTAL.largestBacklogAgeNs] = ageNs
    const count = schedule.dueCount(Math.min(this.cell[TURN_NOW]!, playback.endNs))
    if (count > recorder.totals[TOTAL.largestBacklog]!)
      recorder.totals[TOTAL.largestBacklog] = count
  }

  isLate(slot: SlotIndex): boolean {
    if (this.#deadlineNs === 0 || this.#maximum) return false
    return this.cell[TURN_NOW]! - this.#dueNs[slot - this.#firstSlot]! >= this.#deadlineNs
  }

  lateFromNs(slot: SlotIndex, target: Float64Array, at: number): void {
    if (this.#deadlineNs === 0 || this.#maximum) target[at] = Number.POSITIVE_INFINITY
    else target[at] = this.#dueNs[slot - this.#firstSlot]! + this.#deadlineNs
  }

  refuse(slots: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const local = slots[i]! - this.#firstSlot
      const entry = this.#position[local]!
      this.#playbacks[entry >>> PHASE_SHIFT]!.refuseReceived(entry & POSITION_MASK)
      this.#position[local] = FREE
      this.#free[this.#freeCount++] = local
    }
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
    this.#clock.read()
    this.#replyCell[0] = this.#clock.cell[0]!
    const replied = this.#replied
    const kept = this.#keepAnswers(count)
    // Most often one run; two when the phase has just changed.
    for (let from = 0; from < kept;) {
      const number = this.#position[replied[from]!]! >>> PHASE_SHIFT
      let to = from + 1
      while (to < kept && this.#position[replied[to]!]! >>> PHASE_SHIFT === number) to++
      const playback = this.#playbacks[number]!
      playback.recorder.record(this.#dueNs, replied, from, to, this.#replyCell)
      if (playback.classRecorder !== null)
        playback.classRecorder.record(this.#dueNs, replied, from, to, this.#replyCell)
      from = to
    }
    this.#repliesByHalf.add(kept, this.#replyCell)
    for (let i = 0; i < kept; i++) {
      const local = replied[i]!
      this.#position[local] = FREE
      this.#free[this.#freeCount++] = local
    }
  }

  /** Checks the first `count` replies; moves those that answer a request to the front and tells how many they are. */
  #keepAnswers(count: number): number {
    const replied = this.#replied
    const view = this.#view
    const words = view.words
    let kept = 0
    for (let i = 0; i < count; i++) {
      const local = replied[i]!
      const entry = this.#position[local]!
      const position = entry & POSITION_MASK
      if (position === ANSWERED) {
        this.#wrong(ANSWERED_TWICE, -1)
        continue
      }
      if (this.#dropReply !== 0 && ++this.#replies === this.#dropReply) continue
      view.at(this.#firstSlot + local)
      const playback = this.#playbacks[entry >>> PHASE_SHIFT]!
      this.#position[local] = entry | ANSWERED
      const wrong = playback.answers.check(words, view.base, position)
      if (wrong !== 0) this.#wrong(wrong, keyOf(playback.schedule.requests[position]!))
      if ((words[view.base + SLOT_PORT]! & SAMPLED) !== 0)
        this.#sampler.end(local, this.#replyCell, playback.phases)
      replied[kept++] = local
    }
    return kept
  }

  /** Remembers the first wrong answer: the trial is void. */
  #wrong(kind: number, key: number): void {
    const { recorder } = this.#steady
    recorder.totals[TOTAL.wrong] = recorder.totals[TOTAL.wrong]! + 1
    if (recorder.totals[TOTAL.firstWrongKind]! !== 0) return
    recorder.totals[TOTAL.firstWrongKey] = key
    recorder.totals[TOTAL.firstWrongKind] = kind
  }

  inFlight(): number {
    return this.#slotCount - this.#freeCount
  }

  nextDueNs(target: Float64Array, at: number): void {
    target[at] = this.#announcedNs
    if (this.#freeCount === this.#spare || this.#closed || this.#phase === PHASE_WAITING) return
    const { schedule, endNs } = this.#playbacks[this.#phase]!
    if (schedule.nextDueNs < endNs) target[at] = schedule.nextDueNs
  }

  /**
   * How long the owner may sleep at most: nobody rings for a phase that is announced, and one that begins 5 ms after its
   * announcement must not find its port's thread asleep. With requests to come or in flight nothing is announced.
   */
  longestParkMs(): number {
    const isBusy = this.#phase === PHASE_STEADY_STATE && !this.#isFinished
    return isBusy ? LONGEST_PARK_MS : LONGEST_PARK_IN_BETWEEN_MS
  }

  /** Copies out what changes too often to be written each time; the driver calls it when idle and now and then. */
  publish(): void {
    // Between two trials the memory is not the port's.
    if (this.#phase === PHASE_WAITING) return
    const playbacks = this.#playbacks
    for (let phase = PHASE_WARM_UP; phase < playbacks.length; phase++) {
      const playback = playbacks[phase]!
      playback.recorder.totals[TOTAL.played] = playback.schedule.played()
    }
    this.#publishPhase()
    this.#repliesByHalf.writeTo(this.#steady.recorder.totals)
    // Last: when nothing is in flight the trial relies on all of the above.
    this.#steady.recorder.totals[TOTAL.inFlight] = this.inFlight()
  }

  /** The same for every phase, so that it is compiled when the steady state begins. */
  #publishPhase(): void {
    const playback = this.#playbacks[this.#phase]!
    const { recorder, schedule, endNs } = playback
    recorder.totals[TOTAL.received] = playback.received
    recorder.totals[TOTAL.refused] = playback.refused
    // What was never received is what was not when the port was closed.
    if (this.#closed) return
    const noneLeft = this.#maximum || schedule.nextDueNs >= endNs
    recorder.totals[TOTAL.neverReceived] = noneLeft
      ? 0
      : schedule.dueCount(Math.min(this.cell[TURN_NOW]!, endNs))
  }

  /** When the oldest request of the steady state was due that is not answered; a scan of all slots. */
  #oldestDueNs(): number {
    const { schedule, endNs } = this.#steady
    let oldestNs =
      this.#maximum || schedule.nextDueNs >= endNs ? Number.POSITIVE_INFINITY : schedule.nextDueNs
    for (let local = 0; local < this.#slotCount; local++) {
      const entry = this.#position[local]!
      if (entry === FREE || entry >>> PHASE_SHIFT !== PHASE_STEADY_STATE) continue
      if (this.#dueNs[local]! < oldestNs) oldestNs = this.#dueNs[local]!
    }
    return oldestNs
  }

  #enterPhase(): void {
    const control = this.#control
    const next = control.phase()
    if (next === PHASE_WAITING) return this.#forget()
    if (next === PHASE_CLOSED) {
      const ageNs = this.cell[TURN_NOW]! - this.#oldestDueNs()
      this.#steady.recorder.totals[TOTAL.oldestUnansweredNs] = Math.max(0, ageNs)
      this.publish()
      this.#closed = true
      this.#phase = PHASE_CLOSED
      return
    }
    this.#spare = Math.max(0, this.#slotCount - control.window())
    this.#sampler.setRun(control.sampleRun())
    const startNs = control.startNs(next)
    if (this.cell[TURN_NOW]! < startNs)
      return this.#awaitPhase(startNs - control.restNs(next), startNs)
    this.#announcedNs = Number.POSITIVE_INFINITY
    const nsPerGap = control.nsPerGap()
    const endNs = next === PHASE_STEADY_STATE ? control.steadyEndNs() : Number.POSITIVE_INFINITY
    this.#maximum = nsPerGap === 0
    this.#playbacks[next]!.start(startNs, endNs, nsPerGap)
    this.#oldestBacklogNs = 0.5
    if (next === PHASE_STEADY_STATE) this.#repliesByHalf.begin(startNs, endNs)
    this.#phase = next
  }

  /** The trial is over and nothing is in flight: begins anew. */
  #forget(): void {
    for (const playback of this.#playbacks) playback.forget()
    this.#phase = PHASE_WAITING
    this.#closed = false
    this.#isFinished = false
    this.#maximum = false
    this.#announcedNs = Number.POSITIVE_INFINITY
    this.#repliesByHalf.forget()
    this.#control.addReady()
  }

  /** Until an announced phase begins the present one goes on, but for the rest before it. */
  #awaitPhase(restFromNs: number, startNs: number): void {
    this.#announcedNs = startNs
    this.#playbacks[this.#phase]!.endNs = restFromNs
  }

  /** Nothing more will be received. */
  #finish(): number {
    const { recorder } = this.#steady
    // A port whose trace is empty comes here in the warm-up, too.
    if (this.#phase < PHASE_STEADY_STATE || this.#isFinished) return 0
    this.#isFinished = true
    // The trial must not see this beside a count of requests in flight from before the last ones came.
    this.publish()
    recorder.totals[TOTAL.finished] = 1
    return 0
  }
}
