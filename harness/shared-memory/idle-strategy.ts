import type { Clock } from '../base/clock.ts'
import type { AwakeThreads } from './awake-threads.ts'
import type { Condition, WorkProbe } from './condition.ts'
import type { Doorbell } from './doorbell.ts'
import type { ThreadCounters } from './thread-counters.ts'

/** What a thread does without work: never sleep; spin for a budget and then sleep; sleep at once. */
const IDLE_POLICIES = ['poll', 'spin-park', 'park'] as const
export type IdlePolicy = (typeof IDLE_POLICIES)[number]

/** Values of the word that a server's threads read their policy from. */
export const POLL = 0
export const SPIN_PARK = 1
const PARK = 2

export interface IdleSettings {
  /** One word, shared by all threads of a server, plainly read and written: it changes only between two trials. */
  readonly policy: Int32Array
  /** How long `spin-park` spins. */
  readonly spinNs: number
  /** Least sleep of a port's thread that has nothing left to do while more threads are awake than processors. */
  readonly moderationNs: number
  /** How long before the next due request a port's thread that sleeps for it wakes. */
  readonly earlyNs: number
}

/** What drives a port's thread besides the port: when it may spin, and what it sleeps on. */
export interface DriverParts {
  readonly doorbell: Doorbell
  readonly idle: IdleSettings
  readonly awake: AwakeThreads
  readonly clock: Clock
  readonly counters: ThreadCounters
  /** Asked before each turn. */
  readonly stopped: () => boolean
}

/** A word of shared memory that holds a policy. */
export function sharedPolicy(policy: IdlePolicy): Int32Array<SharedArrayBuffer> {
  const word = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  setPolicy(word, policy)
  return word
}

/** From now on threads that read this word do so. */
export function setPolicy(word: Int32Array, policy: IdlePolicy): void {
  word[0] = IDLE_POLICIES.indexOf(policy)
}

/** Pauses between two readings of the clock while spinning. */
const PAUSES_PER_READING = 16
/** Longest sleep, so that a stop is seen even when a signal is lost with its sender. */
export const LONGEST_PARK_MS = 100

/**
 * Waits for work on a condition as the policy says. A thread spins only while no more threads are awake than there are
 * processors, else it parks at once, under `poll` too. The same object serves pool threads of any queue.
 */
export class IdleStrategy {
  readonly #settings: IdleSettings
  readonly #awake: AwakeThreads
  readonly #clock: Clock

  constructor(settings: IdleSettings, awake: AwakeThreads, clock: Clock) {
    this.#settings = settings
    this.#awake = awake
    this.#clock = clock
  }

  /** Returns when there may be work, or after a while: the caller looks again and checks whether it must stop. */
  wait(condition: Condition, probe: WorkProbe): void {
    const policy = this.#settings.policy[0]
    if (policy !== PARK && this.#awake.maySpin()) {
      condition.beginSearch()
      const found = this.#spin(probe)
      condition.endSearch()
      // A polling thread comes back for the next slice: it parks only where it may not spin.
      if (found || policy === POLL) return
    }
    condition.park(probe, LONGEST_PARK_MS)
  }

  #spin(probe: WorkProbe): boolean {
    const clock = this.#clock
    clock.read()
    const untilNs = clock.cell[0]! + this.#settings.spinNs
    do {
      for (let pause = 0; pause < PAUSES_PER_READING; pause++) {
        if (probe.hasWork()) return true
        Atomics.pause()
      }
      clock.read()
    } while (this.#awake.maySpin() && clock.cell[0]! < untilNs)
    return false
  }
}

/** Timeouts up to here are kept: 8 ms, by far most of them. */
const KEPT_MICROS = 8_192
const MICROS_PER_MS = 1_000

/**
 * By microseconds. A list that may hold null as well keeps its numbers as objects on the heap, so that one taken out of it and
 * handed to `Atomics.wait` is not boxed anew: a thread that parks 10,000 times a second would make garbage of nothing else.
 */
const KEPT: (number | null)[] = Array.from({ length: KEPT_MICROS + 1 }, () => null)

/**
 * A timeout of `Atomics.wait`, ms, in whole microseconds: the kernel is asked in those anyway, so nothing is lost. Allocates
 * the first time that a number of microseconds is asked for, and above 8 ms, which a thread does at most 125 times a second.
 * @param ms 0 or more
 */
export function parkTime(ms: number): number {
  let micros = Math.floor(ms * MICROS_PER_MS)
  // The product of a timeout of whole microseconds may come out a little less: 4.004 ms would lose one.
  if ((micros + 1) / MICROS_PER_MS <= ms) micros++
  if (micros > KEPT_MICROS) return ms
  return KEPT[micros] ?? (KEPT[micros] = micros / MICROS_PER_MS)
}
