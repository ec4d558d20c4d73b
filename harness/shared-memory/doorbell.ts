import { ISOLATION_WORDS } from '../base/units.ts'
import type { AwakeThreads } from './awake-threads.ts'
import type { ThreadCounters } from './thread-counters.ts'

/*
 * What a thread that owns a port sleeps on; whoever has something for it rings. One word per thread:
 *
 *   word 0   0 awake · 1 asleep, or about to look a second time
 *
 * Protocol. The owner stores 1, looks at all its sources once more (the second look), and waits while the word is 1;
 * afterwards it stores 0. A ringer publishes first and then, if the word is 1, changes it to 0 and notifies; only the
 * ringer whose exchange got the 1 notifies, so there is one wake-up per sleep.
 * No lost wake-up: owner writes the word, then reads the sources; ringer writes a source, then reads the word; all
 * sequentially consistent, so at least one sees the other (Seastar, smp_pollfn::try_enter_interrupt_mode).
 */
const AWAKE = 0
const ASLEEP = 1
export const DOORBELL_WORDS = ISOLATION_WORDS

/** One thread's view of one doorbell. */
export class Doorbell {
  readonly #words: Int32Array
  readonly #at: number
  readonly #awake: AwakeThreads
  readonly #counters: ThreadCounters
  /** An asynchronous wait on the word is pending, or its call is on the way. */
  #isListening = false

  /** @param at first of `DOORBELL_WORDS` words that are this doorbell's own, all zero at the start. */
  constructor(words: Int32Array, at: number, awake: AwakeThreads, counters: ThreadCounters) {
    this.#awake = awake
    this.#words = words
    this.#at = at
    this.#counters = counters
  }

  /** Wakes the owner if it sleeps. Awake owner: one load. */
  ring(): void {
    if (Atomics.load(this.#words, this.#at) === AWAKE) return
    if (Atomics.exchange(this.#words, this.#at, AWAKE) === AWAKE) return
    this.#awake.add()
    Atomics.notify(this.#words, this.#at, 1)
    this.#counters.wokeUp()
  }

  /** Owner only: from now on ringers will wake it. A second look must follow, then `sleep` or `stayAwake`. */
  prepareToSleep(): void {
    Atomics.store(this.#words, this.#at, ASLEEP)
  }

  /** Owner only: calls the sleep off. */
  stayAwake(): void {
    // Somebody rang in between and counted this thread as woken, which it never slept.
    if (Atomics.exchange(this.#words, this.#at, AWAKE) === AWAKE) this.#awake.remove()
  }

  /**
   * Owner only: sleeps until rung or `timeoutMs` passed; fractions of a millisecond count. @param timeoutMs of `parkTime`
   * @returns whether that time ran out. It did not, and nobody rang, where the notification of an earlier ring was late: its
   * ringer had changed the word, the owner saw that and came back to sleep.
   */
  sleep(timeoutMs: number): boolean {
    this.#counters.parked()
    this.#awake.remove()
    const outcome = Atomics.wait(this.#words, this.#at, ASLEEP, timeoutMs)
    if (Atomics.exchange(this.#words, this.#at, AWAKE) === AWAKE) return false
    // Still asleep: nobody rang, so nobody counted it as awake.
    this.#awake.add()
    return outcome === 'timed-out'
  }

  /**
   * Owner only, on an event loop: like `sleep`, but the loop goes on and may end the sleep by `wake`. `onRung` is called
   * when somebody rang, perhaps once more after the owner was awake already.
   */
  sleepOnLoop(onRung: () => void): void {
    this.#counters.parked()
    this.#awake.remove()
    // A wait that nobody ended goes on over later sleeps: all are for the same word and value. One that was ended has its
    // call on the way, so that what was published before it is seen.
    if (this.#isListening) return
    const wait = Atomics.waitAsync(this.#words, this.#at, ASLEEP)
    if (!wait.async) return queueMicrotask(onRung)
    this.#isListening = true
    void wait.value.then(() => {
      this.#isListening = false
      onRung()
    })
  }

  /** Owner only: ends a sleep on the loop, whoever rang. */
  wake(): void {
    // Still asleep: nobody rang, so nobody counted it as awake.
    if (Atomics.exchange(this.#words, this.#at, AWAKE) === ASLEEP) this.#awake.add()
  }
}
