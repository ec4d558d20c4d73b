import { BYTES_PER_WORD, NS_PER_MS } from '../../base/units.ts'
import type { Clock } from '../../base/clock.ts'
import { type BackgroundSlices, NEXT_SLICE } from '../../measure/background-slices.ts'
import type { AwakeThreads } from '../../shared-memory/awake-threads.ts'
import { LONGEST_PARK_MS, parkTime } from '../../shared-memory/idle-strategy.ts'

/** What a thread for background work is made of. */
export interface BackgroundThreadParts {
  readonly slices: BackgroundSlices
  readonly clock: Clock
  readonly awake: AwakeThreads
  readonly stopped: () => boolean
}

/**
 * One core's background work in the staged server, where it is a thread's and the kernel decides when that runs. It is
 * awake as long as a slice is due, so that nobody spins on the processor that it needs.
 */
export class BackgroundThread {
  readonly #parts: BackgroundThreadParts
  /** Never changed: only the timeout ends a sleep. */
  readonly #word = new Int32Array(new SharedArrayBuffer(BYTES_PER_WORD))

  constructor(parts: BackgroundThreadParts) {
    this.#parts = parts
  }

  /** Works until the trial stops it. */
  run(): void {
    const { slices, stopped } = this.#parts
    while (!stopped()) if (!slices.take(false)) this.#sleepUntilDue()
  }

  #sleepUntilDue(): void {
    const { slices, clock, awake } = this.#parts
    clock.read()
    const untilDueMs = (slices.cell[NEXT_SLICE]! - clock.cell[0]!) / NS_PER_MS
    if (untilDueMs <= 0) return
    awake.remove()
    Atomics.wait(this.#word, 0, 0, parkTime(Math.min(untilDueMs, LONGEST_PARK_MS)))
    awake.add()
  }
}
