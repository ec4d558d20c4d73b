import { setTimeout as sleepMs } from 'node:timers/promises'
import type { Clock } from '../base/clock.ts'
import { NS_PER_MS } from '../base/units.ts'

/** Sleeps until an instant of the clock, not less, but for one that has passed. @throws the signal's reason when it aborts. */
export async function sleepUntil(
  clock: Clock,
  untilNs: number,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  // Again, since timers count whole milliseconds and fire up to one too early.
  for (let leftNs = untilNs - clock.nowNs(); leftNs > 0; leftNs = untilNs - clock.nowNs()) {
    try {
      await sleepMs(Math.ceil(leftNs / NS_PER_MS), undefined, { signal })
    } catch (error) {
      throw signal.aborted ? signal.reason : error
    }
  }
}
