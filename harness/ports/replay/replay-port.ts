import type { Clock } from '../../base/clock.ts'
import type { Port } from '../../contract/port.ts'
import { LONGEST_PARK_MS } from '../../shared-memory/idle-strategy.ts'
import { type RequestSlabMemory, SLOT_PORT } from '../../shared-memory/request-slab-layout.ts'
import { type PhaseMemory, SAMPLED } from '../../shared-memory/phase-layout.ts'
import { RequestView } from '../../shared-memory/request-view.ts'
import type { KnownRecords } from '../../workload/known-records.ts'
import { keyOf } from '../../workload/trace-layout.ts'
import { ANSWERED_TWICE, idOf } from './answer-check.ts'
import {
  Control,
  type ControlMemory,
  PHASE_CLOSED,
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WAITING,
  PHASE_WARM_UP,
  type PlayedPhase,
} from './control.ts'
import { FrameWriter } from './frame-writer.ts'
import { Playback, type PlaybackMemory } from './playback.ts'
import { RequestSampler } from './request-sampler.ts'

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
  /** A request that waited longer for a permit is refused; 0 for never. */
  readonly deadlineNs: number
  /** By phase. The steady state's recorder also holds the port's own totals. */
  readonly playbacks: Readonly<Record<PlayedPhase, PlaybackMemory>>
  /** Stamps of sampled requests; null where none is sampled. */
  readonly stamps: PhaseMemory | null
  /** Requests in a row that are sampled. */
  readonly sampleRun: number
  /** For tests: the reply with this number is forgotten; 0 for none. */
  readonly dropReply: number
}

/** Less than half of the lead with which a phase is announced. */
const LONGEST_PARK_BEFORE_STEADY_MS = 2

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
  // Initialised with fractions, so that the fields hold doubles from the start.
  #nowNs = 0.5
  #turnNs = 0.5
  #repliedNs = 0.5
  #oldestBacklogNs = 0.5
  /** When an announced phase begins; infinite when none is. */
  #announcedNs = Number.POSITIVE_INFINITY
  // The steady state's start, middle and end; infinite before it.
  #startNs = Number.POSITIVE_INFINITY
  #middleNs = Number.POSITIVE_INFINITY
  #endNs = Number.POSITIVE_INFINITY
  /** Replies, to requests of any phase, before the steady state, in its halves, and after it. */
  readonly #repliesBy = new Float64Array(4)
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
    const playback = (phase: PlayedPhase) => new Playback(playbacks[phase], memory.records)
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
    const beganNs = this.#nowNs
    // A turn that ended with a flush has just read the clock.
    if (this.#repliedNs > beganNs) this.#nowNs = this.#repliedNs
    else this.#nowNs = this.#clock.nowNs()
    this.#turnNs = this.#nowNs - beganNs
    if (this.#control.phase() !== this.#phase) this.#enterPhase()
  }

  nowNs(): number {
    return this.#nowNs
  }

  turnNs(): number {
    return this.#turnNs
  }

  receive(target: Int32Array, limit: number): number {
    this.#sampler.reset()
    const playback = this.#playbacks[this.#phase]!
    if (this.#closed || this.#phase === PHASE_WAITING || playback.trace.count === 0)
      return this.#finish()
    const schedule = playback.schedule
    const tag = this.#phase << PHASE_SHIFT
    const view = this.#view
    const nowNs = this.#nowNs
    const endNs = playback.endNs
    if (this.#deadlineNs !== 0) this.#refuseLate(playback)
    const sampler = this.#sampler
    let count = 0
    while (count < limit) {
      const dueNs = this.#maximum ? nowNs : schedule.nextDueNs
      if (dueNs >= endNs) {
        this.#finish()
        break
      }
      if (dueNs > nowNs) break
      if (this.#freeCount === 0) {
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
    sampler.begin(target, count)
    // Whoever replies first and receives then has used up time since the reading of the flush.
    if (count !== 0) this.#repliedNs = 0.5
    return count
  }

  hasSampled(): boolean {
    return this.#sampler.hasSampled()
  }

  /** Refuses the requests that waited for a permit beyond their deadline. */
  #refuseLate(playback: Playback): void {
    if (this.#maximum) return
    const { schedule, answers } = playback
    const latestNs = Math.min(this.#nowNs - this.#deadlineNs, playback.endNs)
    for (; schedule.nextDueNs < latestNs; schedule.advance()) {
      answers.refuse(schedule.position)
      playback.refused++
    }
  }

  /** No slot is free: what is due waits. Counts it when it has become older than any before. */
  #countBacklog(playback: Playback): void {
    if (this.#maximum) return
    const { schedule, recorder } = playback
    const ageNs = this.#nowNs - schedule.nextDueNs
    if (ageNs <= this.#oldestBacklogNs * BACKLOG_GROWTH) return
    this.#oldestBacklogNs = ageNs
    recorder.set('largestBacklogAgeNs', ageNs)
    const count = schedule.dueCount(Math.min(this.#nowNs, playback.endNs))
    if (count > recorder.get('largestBacklog')) recorder.set('largestBacklog', count)
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
    const replied = this.#replied
    const kept = this.#keepAnswers(count)
    // Most often one run; two when the phase has just changed.
    for (let from = 0; from < kept;) {
      const number = this.#position[replied[from]!]! >>> PHASE_SHIFT
      let to = from + 1
      while (to < kept && this.#position[replied[to]!]! >>> PHASE_SHIFT === number) to++
      const playback = this.#playbacks[number]!
      playback.recorder.record(this.#dueNs, replied, from, to, this.#repliedNs)
      from = to
    }
    const atNs = this.#repliedNs
    // No branch whose other side would be executed in the steady state for the first time.
    const part =
      (atNs >= this.#startNs ? 1 : 0) +
      (atNs >= this.#middleNs ? 1 : 0) +
      (atNs > this.#endNs ? 1 : 0)
    this.#repliesBy[part]! += kept
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
      if (wrong !== 0) this.#wrong(wrong, keyOf(playback.trace.requests[position]!))
      if ((words[view.base + SLOT_PORT]! & SAMPLED) !== 0)
        this.#sampler.end(local, this.#repliedNs, playback.phases)
      replied[kept++] = local
    }
    return kept
  }

  /** Remembers the first wrong answer: the trial is void. */
  #wrong(kind: number, key: number): void {
    const { recorder } = this.#steady
    recorder.set('wrong', recorder.get('wrong') + 1)
    if (recorder.get('firstWrongKind') !== 0) return
    recorder.set('firstWrongKey', key)
    recorder.set('firstWrongKind', kind)
  }

  inFlight(): number {
    return this.#slotCount - this.#freeCount
  }

  nextDueNs(): number {
    if (this.#freeCount === 0 || this.#closed || this.#phase === PHASE_WAITING)
      return this.#announcedNs
    const { schedule, endNs } = this.#playbacks[this.#phase]!
    return schedule.nextDueNs >= endNs ? this.#announcedNs : schedule.nextDueNs
  }

  /**
   * How long the owner may sleep at most: nobody rings for a phase that is announced, and one that begins 5 ms after its
   * announcement must not find its port's thread asleep.
   */
  longestParkMs(): number {
    return this.#phase < PHASE_STEADY_STATE ? LONGEST_PARK_BEFORE_STEADY_MS : LONGEST_PARK_MS
  }

  /** Copies out what changes too often to be written each time; the driver calls it when idle and now and then. */
  publish(): void {
    for (const playback of this.#playbacks)
      playback.recorder.set('played', playback.schedule.played())
    if (!this.#closed) this.#publishPhase()
    this.#steady.recorder.set('repliesFirstHalf', this.#repliesBy[1]!)
    this.#steady.recorder.set('repliesSecondHalf', this.#repliesBy[2]!)
    // Last: when nothing is in flight the trial relies on all of the above.
    this.#steady.recorder.set('inFlight', this.inFlight())
  }

  /** The same for every phase, so that it is compiled when the steady state begins. */
  #publishPhase(): void {
    const playback = this.#playbacks[this.#phase]!
    const { recorder, schedule, endNs } = playback
    recorder.set('received', playback.received)
    recorder.set('refused', playback.refused)
    const noneLeft = this.#maximum || schedule.nextDueNs >= endNs
    recorder.set('neverReceived', noneLeft ? 0 : schedule.dueCount(Math.min(this.#nowNs, endNs)))
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
    if (next === PHASE_CLOSED) {
      const ageNs = this.#nowNs - this.#oldestDueNs()
      this.#steady.recorder.set('oldestUnansweredNs', Math.max(0, ageNs))
      this.publish()
      this.#closed = true
      this.#phase = PHASE_CLOSED
      return
    }
    const startNs = control.startNs(next)
    if (this.#nowNs < startNs) return this.#awaitPhase(startNs - control.restNs(next), startNs)
    this.#announcedNs = Number.POSITIVE_INFINITY
    const nsPerGap = control.nsPerGap()
    const endNs = next === PHASE_STEADY_STATE ? control.steadyEndNs() : Number.POSITIVE_INFINITY
    this.#maximum = nsPerGap === 0
    this.#playbacks[next]!.start(startNs, endNs, nsPerGap)
    this.#oldestBacklogNs = 0.5
    const isSteady = next === PHASE_STEADY_STATE
    this.#startNs = isSteady ? startNs : Number.POSITIVE_INFINITY
    this.#middleNs = isSteady ? (startNs + endNs) / 2 : Number.POSITIVE_INFINITY
    this.#endNs = endNs
    this.#phase = next
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
    if (this.#phase < PHASE_STEADY_STATE || recorder.get('finished') !== 0) return 0
    // The trial must not see this beside a count of requests in flight from before the last ones came.
    this.publish()
    recorder.set('finished', 1)
    return 0
  }
}
