import { closeSync, openSync, readSync } from 'node:fs'
import type { Clock } from '../base/clock.ts'
import { ISOLATION_BYTES, NS_PER_MS, roundUp } from '../base/units.ts'

/*
 * What each thread saw of stalls, doubles in shared memory: a row per thread, whole pairs of cache lines, written by that thread alone
 * and read by the trial at the borders of the steady state. In a row, by stage:
 *
 *   0  planted       requests that asked the stage for a service of the threshold or more: what the trace planted
 *   1  named         requests that held the thread in the stage for the threshold or more
 *   2  plantedNamed  those of `named` that are among `planted`
 *   3  longestNs     of those that are named
 */
export const STALL_PLANTED = 0
export const STALL_NAMED = 1
export const STALL_PLANTED_NAMED = 2
export const STALL_LONGEST = 3
export const STALL_CELLS = 4

/** What threads share of the stalls of a server. */
export interface StallMemory {
  readonly cells: Float64Array<SharedArrayBuffer>
  /** Doubles between two threads' rows. */
  readonly stride: number
  readonly thresholdNs: number
}

export function createStallMemory(
  threads: number,
  stages: number,
  thresholdNs: number,
): StallMemory {
  const bytes = roundUp(stages * STALL_CELLS * Float64Array.BYTES_PER_ELEMENT, ISOLATION_BYTES)
  return {
    cells: new Float64Array(new SharedArrayBuffer(threads * bytes)),
    stride: bytes / Float64Array.BYTES_PER_ELEMENT,
    thresholdNs,
  }
}

/** What a thread saw so far, by stage; the longest starts anew. A copy. */
export function takeStalls({ cells, stride }: StallMemory, thread: number): Float64Array {
  const row = cells.subarray(thread * stride, (thread + 1) * stride)
  const copy = row.slice()
  for (let at = STALL_LONGEST; at < row.length; at += STALL_CELLS) row[at] = 0
  return copy
}

/**
 * So old may the reading of the time without a processor be when a request begins, as a share of the threshold, and no older than
 * the other: what the thread waited for a processor since then, before the request, is taken off a stall of it. With five
 * milliseconds alone a stall of 1 ms behind a preemption of half of one was not named at a threshold of 0.5 ms.
 */
const OLDEST_READING = 1 / 4
const OLDEST_READING_NS = 5 * NS_PER_MS
/** Readings of clock and delay that were preempted in between are made again, so often at most. */
const MOST_READINGS = 4

/**
 * One thread's stall detector: requests that held it in a stage for too long, in a stage that declares no waiting. The time for
 * which the thread could have run and had no processor is taken off: a thread that was preempted did not stall. Waiting for a lock
 * is not in it either; a collection of garbage is. A stall of 1.25 times the threshold is named for sure, a shorter one unless the
 * thread was preempted right before it. Two readings of the clock a request and stage, about 0.2 µs a request of three stages, and a
 * file, about 1 µs, every quarter of the threshold at most; without a detector the loops have no trace of it.
 */
export class StallDetector {
  readonly #cells: Float64Array
  readonly #thresholdNs: number
  readonly #oldestNs: number
  readonly #clock: Clock
  readonly #delay: ProcessorDelay
  /** When the present request began, when the delay was read last, and what that was; cells: see `Clock`. */
  readonly #times = new Float64Array(3)
  /** Service that the present request asks for. */
  #askedNs = 0

  constructor(memory: StallMemory, thread: number, clock: Clock, delay = new ProcessorDelay()) {
    const from = thread * memory.stride
    this.#cells = memory.cells.subarray(from, from + memory.stride)
    this.#thresholdNs = memory.thresholdNs
    this.#oldestNs = Math.min(OLDEST_READING_NS, memory.thresholdNs * OLDEST_READING)
    this.#clock = clock
    this.#delay = delay
  }

  // Measured path.

  /** A request begins its stage. */
  begin(): void {
    const times = this.#times
    this.#clock.read()
    times[BEGAN] = this.#clock.cell[0]!
    if (times[BEGAN]! - times[READ]! > this.#oldestNs) {
      this.#readDelay()
      times[BEGAN] = this.#clock.cell[0]!
    }
  }

  /** The request asks its stage for so much service, burnt or waited for: known before it is given. */
  asks(serviceNs: number): void {
    this.#askedNs = serviceNs
  }

  /** The request is through its stage. */
  ended(stage: number): void {
    this.#clock.read()
    const tookNs = this.#clock.cell[0]! - this.#times[BEGAN]!
    const isPlanted = this.#askedNs >= this.#thresholdNs
    this.#askedNs = 0
    const at = stage * STALL_CELLS
    if (tookNs >= this.#thresholdNs) this.#look(at, tookNs, isPlanted)
    else if (isPlanted) this.#cells[at + STALL_PLANTED]!++
  }

  /** Rare. Counts behind the reading, which may be preempted: a border of the steady state in between would part the two counts. */
  #look(at: number, tookNs: number, isPlanted: boolean): void {
    const times = this.#times
    const before = times[DELAY]!
    this.#readDelay()
    // Up to the reading: what the thread waited between the request's end and that is in both terms.
    const heldNs = times[READ]! - times[BEGAN]! - (times[DELAY]! - before)
    const stalledNs = Math.min(tookNs, heldNs)
    if (isPlanted) this.#cells[at + STALL_PLANTED]!++
    if (stalledNs < this.#thresholdNs) return
    this.#cells[at + STALL_NAMED]!++
    if (isPlanted) this.#cells[at + STALL_PLANTED_NAMED]!++
    if (stalledNs > this.#cells[at + STALL_LONGEST]!) this.#cells[at + STALL_LONGEST] = stalledNs
  }

  /** Delay and instant that belong together: a preemption between the two readings would be in one of them only. The clock was read last. */
  #readDelay(): void {
    const times = this.#times
    for (let reading = 0; reading < MOST_READINGS; reading++) {
      this.#clock.read()
      times[READ] = this.#clock.cell[0]!
      times[DELAY] = this.#delay.readNs()
      this.#clock.read()
      if (this.#clock.cell[0]! - times[READ]! <= this.#oldestNs) return
    }
  }

  close(): void {
    this.#delay.close()
  }
}

const BEGAN = 0
const READ = 1
const DELAY = 2

const [SPACE, ZERO] = [32, 48]
const LONGEST_TEXT = 64

/** For how long the calling thread could have run and had no processor, by the kernel's account; 0 where that cannot be read. */
export class ProcessorDelay {
  readonly #text = new Uint8Array(LONGEST_TEXT)
  #file: number | null = null

  /** Nanoseconds since the thread's start; a few microseconds, no allocation of note. The first call opens the thread's own file. */
  readNs(): number {
    this.#file ??= openOwn()
    if (this.#file === -1) return 0
    const length = readSync(this.#file, this.#text, 0, LONGEST_TEXT, 0)
    // Time on a processor, time without one, and how often it got one.
    let at = this.#text.indexOf(SPACE) + 1
    let delayNs = 0
    for (; at < length && this.#text[at] !== SPACE; at++)
      delayNs = 10 * delayNs + this.#text[at]! - ZERO
    return delayNs
  }

  close(): void {
    if (this.#file !== null && this.#file !== -1) closeSync(this.#file)
    this.#file = null
  }
}

function openOwn(): number {
  try {
    return openSync('/proc/thread-self/schedstat', 'r')
  } catch {
    return -1
  }
}
