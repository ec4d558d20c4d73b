import type { Clock } from '../base/clock.ts'
import { BYTES_PER_WORD, NS_PER_MS } from '../base/units.ts'
import type { AwakeThreads } from './awake-threads.ts'

/**
 * The last part of a wait is spun: a kernel timer wakes a thread tens of microseconds late, more than that on a virtual
 * machine, and a wait that is longer than declared would be a server that is slower than declared.
 */
const SPUN_NS = 100_000

/** A declared blocking wait: the thread that executes it sleeps and serves nothing else. One object per thread. */
export class BlockingWait {
  /** Never changed and seen by nobody else: only the timeout ends the sleep. */
  readonly #word = new Int32Array(new SharedArrayBuffer(BYTES_PER_WORD))
  readonly #clock: Clock
  readonly #awake: AwakeThreads

  constructor(clock: Clock, awake: AwakeThreads) {
    this.#clock = clock
    this.#awake = awake
  }

  /** Returns `ns` after the call, or later when no processor is free then. */
  wait(ns: number): void {
    const untilNs = this.#clock.nowNs() + ns
    if (ns > SPUN_NS) {
      // It needs no processor meanwhile: others may spin.
      this.#awake.remove()
      Atomics.wait(this.#word, 0, 0, (ns - SPUN_NS) / NS_PER_MS)
      this.#awake.add()
    }
    while (this.#clock.nowNs() < untilNs) Atomics.pause()
  }
}
