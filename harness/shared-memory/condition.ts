import { ISOLATION_WORDS } from '../base/units.ts'
import type { AwakeThreads } from './awake-threads.ts'
import type { ThreadCounters } from './thread-counters.ts'

/*
 * A condition that threads wait for, without a mutex of its own (an event count), 128 bytes per word:
 *
 *   word 0    sequence   changed by every wake-up; what sleepers wait on
 *   word 32   sleepers   threads that are parked or about to be
 *   word 64   searching  threads that are awake and looking for work: spinning, or woken and not yet there
 *
 * Protocol. A signaller publishes its work first, then reads `searching` and `sleepers`; it wakes one thread only if
 * nobody is searching and somebody sleeps. On behalf of the thread that it woke it adds 1 to `searching`, so that the
 * next signaller does not wake another before that one ran. It adds only when it knows that it woke one: a sleeper that
 * was not yet asleep can have read the new sequence and looked before the next signaller published, and sleeps on. The
 * woken thread may subtract before its signaller adds: `searching` below 0 means that nobody is known to search.
 * A waiter that gives up searching subtracts itself from `searching` first and looks for work after; one that parks adds
 * itself to `sleepers`, reads the sequence, looks for work again, and only then waits for that sequence.
 * No lost wake-up: (a) signaller saw a searcher: the searcher's look comes after its subtraction, which comes after the
 * signaller's read, which comes after the publication: it finds the work. (b) signaller saw no sleeper: the sleeper's
 * second look comes after its addition, hence after the publication: likewise. (c) otherwise the sequence changes
 * between the sleeper's reading and its wait, or it is woken. All accesses are sequentially consistent.
 * A searcher that takes only part of the work must signal for the rest: signallers relied on it.
 */
const SEQUENCE = 0
const SLEEPERS = ISOLATION_WORDS
const SEARCHING = 2 * ISOLATION_WORDS
export const CONDITION_WORDS = 3 * ISOLATION_WORDS

/**
 * A thread whose time ran out beside work looks again so many times, so far apart, while nobody searches; while somebody does,
 * who may wait for a processor, so many times at most.
 */
const UNCLAIMED_LOOKS = 10
const MOST_LOOKS = 200
const LOOK_MS = 5

/** Tells a waiter whether looking again is worth it; must read shared memory through Atomics. */
export interface WorkProbe {
  hasWork(): boolean
}

/** One thread's view of a condition. */
export class Condition {
  readonly #words: Int32Array
  readonly #at: number
  readonly #awake: AwakeThreads
  readonly #counters: ThreadCounters

  /** @param at first of `CONDITION_WORDS` words that are this condition's own, all zero at the start. */
  constructor(words: Int32Array, at: number, awake: AwakeThreads, counters: ThreadCounters) {
    this.#awake = awake
    this.#words = words
    this.#at = at
    this.#counters = counters
  }

  /** Called after work was published: wakes one sleeper unless someone is already looking. */
  signal(): void {
    if (Atomics.load(this.#words, this.#at + SEARCHING) > 0) return
    if (Atomics.load(this.#words, this.#at + SLEEPERS) === 0) return
    this.#wakeOne()
  }

  #wakeOne(): void {
    const words = this.#words
    Atomics.add(words, this.#at + SEQUENCE, 1)
    this.#awake.add()
    // The sleeper was not yet asleep: it sees the new sequence and stays awake, uncounted.
    if (Atomics.notify(words, this.#at + SEQUENCE, 1) === 0) return this.#awake.remove()
    Atomics.add(words, this.#at + SEARCHING, 1)
    this.#counters.wokeUp()
  }

  /** Wakes everybody, for a stop. */
  wakeAll(): void {
    Atomics.add(this.#words, this.#at + SEQUENCE, 1)
    const woken = Atomics.notify(this.#words, this.#at + SEQUENCE)
    Atomics.add(this.#words, this.#at + SEARCHING, woken)
    for (let thread = 0; thread < woken; thread++) this.#awake.add()
  }

  beginSearch(): void {
    Atomics.add(this.#words, this.#at + SEARCHING, 1)
  }

  /** The caller must look for work once more afterwards. */
  endSearch(): void {
    Atomics.sub(this.#words, this.#at + SEARCHING, 1)
  }

  /**
   * Sleeps until signalled or `timeoutMs` passed, unless the probe has work. The caller looks for work afterwards. Time that runs
   * out beside work is looked into: it should not, see `lostWakeUps`.
   */
  park(probe: WorkProbe, timeoutMs: number): void {
    this.#park(probe, timeoutMs, false)
  }

  /** As `park`, for a caller that has something to do when the time is over, whatever work is there: it goes on at once. */
  parkUntilDue(probe: WorkProbe, timeoutMs: number): void {
    this.#park(probe, timeoutMs, true)
  }

  #park(probe: WorkProbe, timeoutMs: number, isDue: boolean): void {
    const words = this.#words
    Atomics.add(words, this.#at + SLEEPERS, 1)
    const sequence = Atomics.load(words, this.#at + SEQUENCE)
    let woken = false
    if (!probe.hasWork()) {
      this.#counters.parked()
      this.#awake.remove()
      let outcome = Atomics.wait(words, this.#at + SEQUENCE, sequence, timeoutMs)
      if (outcome === 'timed-out' && !isDue && probe.hasWork())
        outcome = this.#lookOn(probe, sequence)
      woken = outcome === 'ok'
      if (!woken) this.#awake.add()
    }
    Atomics.sub(words, this.#at + SLEEPERS, 1)
    // Its waker counted it as searching.
    if (woken) Atomics.sub(words, this.#at + SEARCHING, 1)
  }

  /**
   * Time ran out and there is work. That is right for a moment: its publisher is about to signal, or a searcher to take it. Work
   * that stays while nobody wakes this thread is a lost wake-up. Away from the path: without one, a look once in minutes.
   * @param sequence what the thread slept on: a signaller that found it awake already, but before this look, has changed that,
   * and will do no more; so does a stop.
   */
  #lookOn(probe: WorkProbe, sequence: number): ReturnType<typeof Atomics.wait> {
    const words = this.#words
    for (let look = 0, unclaimed = 0; look < MOST_LOOKS && unclaimed < UNCLAIMED_LOOKS; look++) {
      if (!probe.hasWork()) return 'timed-out'
      if (Atomics.load(words, this.#at + SEARCHING) <= 0) unclaimed++
      const outcome = Atomics.wait(words, this.#at + SEQUENCE, sequence, LOOK_MS)
      if (outcome !== 'timed-out') return outcome
    }
    this.#counters.lostWakeUp()
    return 'timed-out'
  }
}
