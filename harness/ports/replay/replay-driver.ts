import { NS_PER_MS } from '../../base/units.ts'
import { type PortThread, TURN_NOW } from '../../contract/port.ts'
import {
  type DriverParts,
  LONGEST_PARK_MS,
  POLL,
  SPIN_PARK,
  parkTime,
} from '../../shared-memory/idle-strategy.ts'
import type { ReplayPort } from './replay-port.ts'

/** Turns between two copies of a busy port's figures, in slices: a loop over short ones is compiled soon. */
const TURNS_PER_PUBLICATION = 4_096
const TURNS_PER_SLICE = 256

/** What the driver needs besides the thread it drives. */
interface ReplayDriverParts extends DriverParts {
  readonly port: ReplayPort
}

/** Cells of the driver's times: when it ran out of work, 0 while it has some; the turn before; what is next; a gap. */
const IDLE_SINCE = 0
const LAST = 1
const NEXT_DUE = 2
const NEXT_TIMER = 3
const TIMES = 4

/**
 * Turns a port's thread until the trial stops it: again at once after work; without work it spins for the idle budget
 * and then sleeps on its doorbell until the next request is due, which costs a real kernel timer, as an interrupt would.
 * Only the driver decides to sleep; `turn` never does. It may spin only while every awake thread has a processor.
 */
export function driveReplay(thread: PortThread, parts: ReplayDriverParts): void {
  const driver = new Driver(thread, parts)
  while (!parts.stopped()) driver.slice()
}

/**
 * Made of methods that return, so that each is compiled as a whole and not in the middle of its only call; times stand in
 * cells, since a local that is once a small integer and once a fraction is boxed in such code, turn by turn.
 */
class Driver {
  readonly #thread: PortThread
  readonly #port: ReplayPort
  readonly #parts: ReplayDriverParts
  readonly #times = new Float64Array(TIMES)
  readonly #gap = new Float64Array(1)
  /** Turns since the port's figures were copied. */
  #unpublished = 0

  constructor(thread: PortThread, parts: ReplayDriverParts) {
    this.#thread = thread
    this.#port = parts.port
    this.#parts = parts
    this.#readLast()
  }

  // Measured path from here to the end of the class.
  /** Some turns; fewer when it sleeps in between or is stopped. */
  slice(): void {
    const { stopped } = this.#parts
    for (let turn = 0; turn < TURNS_PER_SLICE; turn++) {
      // A turn may take milliseconds: hundreds of them are no time in which to hear of a stop.
      if (stopped()) return
      if (this.#turn()) continue
      this.#readLast()
      return
    }
    this.#unpublished += TURNS_PER_SLICE
    if (this.#unpublished < TURNS_PER_PUBLICATION) return
    this.#unpublished = 0
    this.#port.publish()
  }

  #readLast(): void {
    const { clock } = this.#parts
    clock.read()
    this.#times[LAST] = clock.cell[0]!
  }

  /** Answers whether the thread stayed awake. */
  #turn(): boolean {
    const port = this.#port
    const times = this.#times
    const { awake, idle, counters } = this.#parts
    port.begin()
    const nowNs = port.cell[TURN_NOW]!
    const worked = this.#thread.turn()
    this.#gap[0] = nowNs - times[LAST]!
    counters.turned(worked, this.#gap)
    times[LAST] = nowNs
    if (worked) {
      times[IDLE_SINCE] = 0
      // More threads are awake than there are processors, and all that was due is taken: one of them should run now, and
      // what arrives meanwhile is taken as one batch. A network card moderates its interrupts for the same reason.
      if (awake.maySpin()) return true
      this.#lookAhead()
      if (times[NEXT_DUE]! <= nowNs || times[NEXT_TIMER]! <= nowNs) return true
      this.#park(idle.moderationNs)
      return false
    }
    if (times[IDLE_SINCE] === 0) times[IDLE_SINCE] = nowNs
    const policy = idle.policy[0]
    const patient =
      policy === POLL || (policy === SPIN_PARK && nowNs - times[IDLE_SINCE]! < idle.spinNs)
    if (patient && awake.maySpin()) {
      Atomics.pause()
      return true
    }
    times[IDLE_SINCE] = 0
    this.#park(0)
    return false
  }

  #lookAhead(): void {
    // What is due already would keep it awake for nothing, on a processor that those who make room need.
    if (this.#thread.isHeldUp()) this.#times[NEXT_DUE] = Number.POSITIVE_INFINITY
    else this.#port.nextDueNs(this.#times, NEXT_DUE)
    this.#thread.nextTimerNs(this.#times, NEXT_TIMER)
  }

  /**
   * Sleeps until `earlyNs` before the next request is due or the thread has something to do again by itself, but at least
   * `leastNs`, or until somebody rings; after a second look.
   */
  #park(leastNs: number): void {
    const port = this.#port
    const times = this.#times
    const { doorbell, idle } = this.#parts
    doorbell.prepareToSleep()
    port.begin()
    const nowNs = port.cell[TURN_NOW]!
    if (this.#thread.turn()) return doorbell.stayAwake()
    port.publish()
    this.#lookAhead()
    const untilDueNs = Math.min(times[NEXT_DUE]!, times[NEXT_TIMER]!) - nowNs - idle.earlyNs
    const sleepMs = Math.min(Math.max(untilDueNs, leastNs) / NS_PER_MS, port.longestParkMs())
    if (sleepMs <= 0) return doorbell.stayAwake()
    if (doorbell.sleep(parkTime(sleepMs)) && sleepMs === LONGEST_PARK_MS) this.#lookForLost()
  }

  /** The longest sleep ran out: nothing was due, nobody rang. What there is to do now, somebody should have rung for. */
  #lookForLost(): void {
    const port = this.#port
    const times = this.#times
    port.begin()
    const nowNs = port.cell[TURN_NOW]!
    const nothingDue = times[NEXT_DUE]! > nowNs && times[NEXT_TIMER]! > nowNs
    if (this.#thread.turn() && nothingDue) this.#parts.counters.lostWakeUp()
  }
}
