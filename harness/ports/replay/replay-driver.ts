import type { Clock } from '../../base/clock.ts'
import { NS_PER_MS } from '../../base/units.ts'
import type { PortThread } from '../../contract/port.ts'
import type { AwakeThreads } from '../../shared-memory/awake-threads.ts'
import type { Doorbell } from '../../shared-memory/doorbell.ts'
import type { IdleSettings } from '../../shared-memory/idle-strategy.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import { Control, type ControlMemory } from './control.ts'
import type { ReplayPort } from './replay-port.ts'

/** Turns between two copies of a busy port's figures. */
const TURNS_PER_PUBLICATION = 4_096

/** What the driver needs besides the thread it drives. */
export interface DriverParts {
  readonly control: ControlMemory
  readonly port: ReplayPort
  readonly doorbell: Doorbell
  readonly idle: IdleSettings
  readonly awake: AwakeThreads
  readonly clock: Clock
  readonly counters: ThreadCounters
}

/**
 * Turns a port's thread until the trial stops it: again at once after work; without work it spins for the idle budget
 * and then sleeps on its doorbell until the next request is due, which costs a real kernel timer, as an interrupt would.
 * Only the driver decides to sleep; `turn` never does. It may spin only while every awake thread has a processor.
 */
export function driveReplay(thread: PortThread, parts: DriverParts): void {
  const { port, doorbell, clock, counters, awake } = parts
  const { policy, spinNs, moderationNs, earlyNs } = parts.idle
  const control = new Control(parts.control)
  let idleSinceNs = 0
  let lastNs = clock.nowNs()
  let untilPublication = TURNS_PER_PUBLICATION
  while (!control.stopped()) {
    port.begin()
    const nowNs = port.nowNs()
    const worked = thread.turn()
    counters.turned(worked, nowNs - lastNs)
    lastNs = nowNs
    if (--untilPublication === 0) {
      untilPublication = TURNS_PER_PUBLICATION
      port.publish()
    }
    if (worked) {
      idleSinceNs = 0
      // More threads are awake than there are processors, and all that was due is taken: one of them should run now, and
      // what arrives meanwhile is taken as one batch. A network card moderates its interrupts for the same reason.
      if (awake.maySpin() || nextNs(thread, port) <= nowNs) continue
      park(thread, port, doorbell, moderationNs, earlyNs)
      lastNs = clock.nowNs()
      continue
    }
    if (idleSinceNs === 0) idleSinceNs = nowNs
    const patient = policy === 'poll' || (policy === 'spin-park' && nowNs - idleSinceNs < spinNs)
    if (patient && awake.maySpin()) {
      Atomics.pause()
      continue
    }
    idleSinceNs = 0
    park(thread, port, doorbell, 0, earlyNs)
    lastNs = clock.nowNs()
  }
}

/** When the next request is due, or the thread has something to do again by itself. */
function nextNs(thread: PortThread, port: ReplayPort): number {
  return Math.min(port.nextDueNs(), thread.nextTimerNs())
}

/** Sleeps until `earlyNs` before that, but at least `leastNs`, or until somebody rings; after a second look. */
function park(
  thread: PortThread,
  port: ReplayPort,
  doorbell: Doorbell,
  leastNs: number,
  earlyNs: number,
): void {
  doorbell.prepareToSleep()
  port.begin()
  const nowNs = port.nowNs()
  if (thread.turn()) return doorbell.stayAwake()
  port.publish()
  const untilDueNs = nextNs(thread, port) - nowNs - earlyNs
  const sleepMs = Math.min(Math.max(untilDueNs, leastNs) / NS_PER_MS, port.longestParkMs())
  if (sleepMs <= 0) return doorbell.stayAwake()
  doorbell.sleep(sleepMs)
}
