import { NS_PER_MS, NS_PER_US } from '../../base/units.ts'
import { type PortThread, TURN_NOW } from '../../contract/port.ts'
import { type DriverParts, POLL, SPIN_PARK } from '../../shared-memory/idle-strategy.ts'
import type { HttpPort } from './http-port.ts'

/** A thread returns to its sockets within this time: Seastar's task quota. */
const LONGEST_TURNS_NS = 500 * NS_PER_US
/** Between two looks at slow clients and at the word that ends it all: the longest sleep, too. */
const SWEEP_MS = 100

/** Timers of the event loop are late by up to a millisecond: what is due sooner is waited for in turns. */
const TIMER_STEP_MS = 1

/** What the driver needs besides the thread it drives. */
interface HttpDriverParts extends DriverParts {
  readonly port: HttpPort
  /** Whether no more connections are to be accepted. */
  readonly closing: () => boolean
}

/**
 * Turns a port's thread on its event loop: sockets are read in the loop's poll phase, turns follow in its check phase,
 * so that what came together is served together. Without work it spins through the loop for the idle budget, under the
 * same rules as the replay driver, and then sleeps where the kernel wakes it for a socket and the doorbell for a message.
 */
export function driveHttp(thread: PortThread, parts: HttpDriverParts): void {
  const { port, doorbell, clock, counters, awake, stopped, closing } = parts
  const { idle } = parts
  let isScheduled = false
  let isAsleep = false
  const gap = new Float64Array(1)
  const timerCell = new Float64Array(1)
  let idleSinceNs = 0
  let lastNs = clock.nowNs()
  let refusal: NodeJS.Timeout | undefined
  let timer: NodeJS.Timeout | undefined
  let timerDueNs = Number.POSITIVE_INFINITY

  const schedule = (): void => {
    if (isScheduled) return
    isScheduled = true
    setImmediate(run)
  }
  const wake = (): void => {
    if (isAsleep) {
      isAsleep = false
      doorbell.wake()
      lastNs = clock.nowNs()
    }
    schedule()
  }
  const turn = (): boolean => {
    port.begin()
    const served = thread.turn()
    // Also what the port replied by itself, which is work, too: more of it may wait behind.
    const worked = port.flush() || served
    if (worked) port.endTurn()
    return worked
  }

  // Measured path.
  const run = (): void => {
    isScheduled = false
    if (stopped()) return end()
    const worked = turn()
    const nowNs = port.cell[TURN_NOW]!
    gap[0] = nowNs - lastNs
    counters.turned(worked, gap)
    lastNs = nowNs
    while (worked && port.hasArrivals() && clock.nowNs() - nowNs < LONGEST_TURNS_NS && turn());
    if (worked) {
      idleSinceNs = 0
      // More threads are awake than processors: one of them should run now, and what arrives meanwhile is one batch.
      thread.nextTimerNs(timerCell, 0)
      if (awake.maySpin() || port.hasArrivals() || timerCell[0]! <= nowNs) return schedule()
      return park()
    }
    if (idleSinceNs === 0) idleSinceNs = nowNs
    const policy = idle.policy[0]
    const patient = policy === POLL || (policy === SPIN_PARK && nowNs - idleSinceNs < idle.spinNs)
    if (patient && awake.maySpin()) return schedule()
    idleSinceNs = 0
    park()
  }

  /** Sleeps after a second look. */
  const park = (): void => {
    doorbell.prepareToSleep()
    // Also when another run is on its way already: it would not know that it sleeps.
    if (turn() || isScheduled) {
      doorbell.stayAwake()
      return schedule()
    }
    thread.nextTimerNs(timerCell, 0)
    const untilTimerMs = (timerCell[0]! - port.cell[TURN_NOW]!) / NS_PER_MS
    if (untilTimerMs < TIMER_STEP_MS) {
      doorbell.stayAwake()
      return schedule()
    }
    isAsleep = true
    doorbell.sleepOnLoop(wake)
    // One that was set for an earlier sleep may come too early, which costs a turn; one that would come too late is set anew.
    if (timerCell[0]! < timerDueNs) {
      clearTimeout(timer)
      timerDueNs = timerCell[0]!
      timer = setTimeout(expire, Math.floor(untilTimerMs))
    }
    const untilRefusalNs = port.untilRefusalNs()
    if (untilRefusalNs !== Number.POSITIVE_INFINITY && refusal === undefined)
      refusal = setTimeout(refuse, untilRefusalNs / NS_PER_MS)
  }
  const expire = (): void => {
    timer = undefined
    timerDueNs = Number.POSITIVE_INFINITY
    wake()
  }
  /** A request has waited long enough: a turn refuses it. */
  const refuse = (): void => {
    refusal = undefined
    wake()
  }
  // End of the measured path.

  const sweeper = setInterval(() => {
    if (stopped()) return end()
    if (closing()) port.endConnections()
    port.sweep(clock.nowNs())
    wake()
  }, SWEEP_MS)
  const end = (): void => {
    clearInterval(sweeper)
    clearTimeout(refusal)
    clearTimeout(timer)
    port.close()
  }
  port.onArrival(wake)
  schedule()
}
