import type { Dispatcher } from 'undici'
import { RepliesByHalf } from '../measure/recorder.ts'
import { TOTAL } from '../measure/recorder-layout.ts'
import type { Clock } from '../base/clock.ts'
import { Flight, type FlightOwner, Permits } from './flight.ts'
import type { PortLoad } from './load-plan.ts'
import type { PlayedTrace } from './load-trial.ts'
import { REFUSED, type ReplyCheck, type RequestTexts } from './reply-check.ts'
import type { SendLatenessCounts, TrialFaults } from './steady-usage.ts'

/** What a turn did. */
export const SENT = 1
export const REPLIED = 2

/** Backlog is counted again only when it got this much older: counting searches the trace. */
const BACKLOG_GROWTH = 1.05

/** What the player of one port needs; the last five are shared by all ports. */
export interface PortPlayerParts {
  readonly port: number
  /** Its connections. */
  readonly clients: readonly Pick<Dispatcher, 'dispatch'>[]
  readonly pipelining: number
  readonly warmUp: PlayedTrace
  readonly steady: PlayedTrace
  readonly texts: RequestTexts
  readonly check: ReplyCheck
  readonly lateness: SendLatenessCounts
  readonly faults: TrialFaults
  readonly clock: Clock
}

/** Plays the traces of one port over its connections: the analogue of a replay port. */
export class PortPlayer implements FlightOwner {
  readonly #parts: PortPlayerParts
  readonly #permits: Permits
  readonly #freeFlights: Flight[]
  readonly #flights: readonly Flight[]
  readonly #isFlying: Uint8Array
  // By flight.
  readonly #dueNs: Float64Array
  readonly #readyNs: Float64Array
  /** The flight that is recorded. */
  readonly #recorded = new Int32Array(1)
  /** The one that every dispatch reads; undici keeps none of it. `blocking` would hold back the rest of the pipeline. */
  readonly #options: Dispatcher.DispatchOptions = {
    path: '/',
    method: 'GET',
    body: null,
    idempotent: true,
    blocking: false,
  }
  #playing: PlayedTrace
  #hasReplied = false
  #hasGivenUp = false
  #isFinished = false
  #oldestBacklogNs = 0.5
  #nsPerGap = 0.5
  #hasEntered = false
  readonly #replies = new RepliesByHalf()

  constructor(parts: PortPlayerParts) {
    const { clients, pipelining, warmUp } = parts
    this.#parts = parts
    this.#playing = warmUp
    this.#permits = new Permits(clients.length, pipelining)
    const count = clients.length * pipelining
    this.#flights = Array.from({ length: count }, (_, index) => new Flight(index, this, warmUp))
    this.#freeFlights = [...this.#flights]
    this.#isFlying = new Uint8Array(count)
    this.#dueNs = new Float64Array(count)
    this.#readyNs = new Float64Array(count)
  }

  get inFlight(): number {
    return this.#permits.inFlight
  }

  startWarmUp(startNs: number, nsPerGap: number): void {
    this.#parts.warmUp.start(startNs, Number.POSITIVE_INFINITY, nsPerGap)
  }

  /** Until an announced steady state begins the warm-up goes on, but for the rest before it. */
  announceSteady(startNs: number, endNs: number, restNs: number, nsPerGap: number): void {
    this.#parts.warmUp.endNs = startNs - restNs
    this.#replies.begin(startNs, endNs)
    this.#nsPerGap = nsPerGap
  }

  // Measured path from here to `#countBacklog`.

  /** Sends what is due. Answers `SENT` and `REPLIED`, for this turn and since the one before. */
  turn(nowNs: number): number {
    if (this.#isFinished) return 0
    if (nowNs >= this.#replies.startNs && !this.#hasEntered) this.#enterSteady()
    const played = this.#playing
    const { schedule } = played
    let done = this.#hasReplied ? REPLIED : 0
    this.#hasReplied = false
    while (schedule.nextDueNs <= nowNs && schedule.nextDueNs < played.endNs && !this.#hasGivenUp) {
      if (this.#permits.free === 0) {
        this.#countBacklog(played, nowNs)
        break
      }
      this.#send(played)
      done |= SENT
    }
    return done
  }

  /** When something is due next; infinite when nothing is. */
  nextDueNs(): number {
    if (this.#isFinished || this.#hasGivenUp) return Number.POSITIVE_INFINITY
    const played = this.#playing
    if (played.isLeft()) return played.schedule.nextDueNs
    return this.#hasEntered ? Number.POSITIVE_INFINITY : this.#replies.startNs
  }

  /** Whether everything that was due in the steady state was sent. */
  hasSentAll(): boolean {
    return this.#hasEntered && !this.#parts.steady.isLeft()
  }

  #enterSteady(): void {
    const { steady } = this.#parts
    this.#hasEntered = true
    this.#oldestBacklogNs = 0.5
    steady.start(this.#replies.startNs, this.#replies.endNs, this.#nsPerGap)
    this.#playing = steady
  }

  #send(played: PlayedTrace): void {
    const { texts, clients } = this.#parts
    const { schedule } = played
    const { position } = schedule
    const request = schedule.requests[position]!
    const flight = this.#freeFlights.pop()!
    const dueNs = schedule.nextDueNs
    this.#dueNs[flight.index] = dueNs
    this.#readyNs[flight.index] = Math.max(dueNs, this.#permits.readySinceNs())
    this.#isFlying[flight.index] = 1
    const connection = this.#permits.take()
    flight.reset(played, position, connection)
    const options = this.#options
    options.path = texts.target(request, schedule.serviceNs())
    if (texts.isUpdate(request)) {
      options.method = 'PUT'
      options.body = texts.payload(schedule.played())
    } else {
      options.method = 'GET'
      options.body = null
    }
    schedule.advance()
    played.received++
    clients[connection]!.dispatch(options, flight)
  }

  onSent(flight: Flight): void {
    const { clock, lateness, steady } = this.#parts
    if (flight.played !== steady) return
    lateness.count(this.#readyNs[flight.index]!, clock.nowNs())
  }

  onReply(flight: Flight): void {
    if (this.#isFinished) return
    const { clock } = this.#parts
    clock.read()
    const nowNs = clock.cell[0]!
    this.#hasReplied = true
    const { played } = flight
    if (flight.status === REFUSED) {
      if (played.classRecorder !== null) played.classRecorder.refuse(flight.position)
      played.remembered.refusals[flight.position]!++
      played.refused++
      played.received--
    } else {
      const { check, faults, port } = this.#parts
      const what = check.remember(played, flight.position, flight.status, flight.tag, flight.body)
      if (what !== undefined) faults.wrongReply(port, played.trace, flight.position, what)
      this.#recorded[0] = flight.index
      played.recorder.record(this.#dueNs, this.#recorded, 0, 1, clock.cell)
      if (played.classRecorder !== null) {
        played.classRecorder.take(flight.index, flight.position)
        played.classRecorder.record(this.#dueNs, this.#recorded, 0, 1, clock.cell)
      }
      this.#replies.add(1, clock.cell)
    }
    this.#free(flight, nowNs)
  }

  #free(flight: Flight, nowNs: number): void {
    this.#isFlying[flight.index] = 0
    this.#permits.release(flight.connection, nowNs)
    this.#freeFlights.push(flight)
  }

  /** No permit is free: what is due waits. Counts it when it has become older than any before. */
  #countBacklog(played: PlayedTrace, nowNs: number): void {
    const { schedule, recorder } = played
    const ageNs = nowNs - schedule.nextDueNs
    if (ageNs <= this.#oldestBacklogNs * BACKLOG_GROWTH) return
    this.#oldestBacklogNs = ageNs
    recorder.totals[TOTAL.largestBacklogAgeNs] = ageNs
    const count = played.backlog(nowNs)
    if (count > recorder.totals[TOTAL.largestBacklog]!)
      recorder.totals[TOTAL.largestBacklog] = count
  }

  onFailure(flight: Flight, error: Error | undefined): void {
    if (this.#isFinished) return
    this.#hasReplied = true
    if (error !== undefined) this.#parts.faults.connectionError(error.message || error.name)
    this.#lose(flight)
    this.#free(flight, this.#parts.clock.nowNs())
  }

  #lose(flight: Flight): void {
    this.#parts.faults.lost++
    flight.played.lose(flight.position, this.#dueNs[flight.index]!)
  }

  /** What was not sent yet never will be. */
  giveUp(): void {
    this.#hasGivenUp = true
  }

  /** Nothing more will be sent; what is in flight is lost. */
  finish(nowNs: number): PortLoad {
    const { warmUp, steady } = this.#parts
    this.#isFinished = true
    for (const flight of this.#flights) if (this.#isFlying[flight.index] === 1) this.#lose(flight)
    this.#replies.writeTo(steady.recorder.totals)
    warmUp.finish(nowNs, 0)
    steady.finish(nowNs, this.inFlight)
    return { warmUp: warmUp.answers(), steady: steady.answers(), recorder: steady.memory }
  }
}
