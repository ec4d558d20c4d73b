import type { Clock } from '../base/clock.ts'
import { BYTES_PER_WORD, NS_PER_MS, NS_PER_US } from '../base/units.ts'
import type { AwakeThreads } from './awake-threads.ts'
import { parkTime } from './idle-strategy.ts'
import type { WaitCounters } from './thread-counters.ts'

/**
 * The last part of a blocking wait is spun: a kernel timer wakes a thread tens of microseconds late, more than that on a virtual
 * machine, and a wait that is longer than declared would be a server that is slower than declared.
 */
const SPUN_NS = 100_000

/** Declared waits that stop the thread which executes them: it serves nothing else meanwhile. One object per thread. */
export class BlockingWait {
  /** Never changed and seen by nobody else: only the timeout ends the sleep. */
  readonly #word = new Int32Array(new SharedArrayBuffer(BYTES_PER_WORD))
  readonly #clock: Clock
  readonly #awake: AwakeThreads
  readonly #counters: WaitCounters

  constructor(clock: Clock, awake: AwakeThreads, counters: WaitCounters) {
    this.#clock = clock
    this.#awake = awake
    this.#counters = counters
  }

  /** A server that is a thread: returns `ns` after the call, or later when no processor is free then. 0 is no wait. */
  wait(ns: number): void {
    if (ns <= 0) return
    const clock = this.#clock
    clock.read()
    const beganNs = clock.cell[0]!
    const untilNs = beganNs + ns
    if (ns > SPUN_NS) this.#sleepFor(Math.ceil((ns - SPUN_NS) / NS_PER_US))
    for (clock.read(); clock.cell[0]! < untilNs; clock.read()) Atomics.pause()
    this.#counters.blocked(ns, beganNs, clock)
  }

  /**
   * A thread that waits for a device: nothing is spun, since the device would interrupt, and dozens of threads that spin at
   * the end of their waits would starve the others. Later than asked by what the kernel's timer and scheduler take. 0 is
   * no wait.
   */
  sleep(ns: number): void {
    if (ns <= 0) return
    const clock = this.#clock
    clock.read()
    const beganNs = clock.cell[0]!
    // A sleep may end a little early.
    for (let leftNs = ns; leftNs > 0; leftNs = beganNs + ns - clock.cell[0]!) {
      this.#sleepFor(Math.ceil(leftNs / NS_PER_US))
      clock.read()
    }
    this.#counters.blocked(ns, beganNs, clock)
  }

  #sleepFor(micros: number): void {
    // It needs no processor meanwhile: others may spin. The kernel is asked in whole microseconds.
    this.#awake.remove()
    Atomics.wait(this.#word, 0, 0, parkTime((micros * NS_PER_US) / NS_PER_MS))
    this.#awake.add()
  }
}
