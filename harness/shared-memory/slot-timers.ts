import type { WaitCounters } from './thread-counters.ts'

/** What is known of each slot's declared wait: when it is over and how long it was to be, nanoseconds. */
export interface SlotWaits {
  readonly dueNs: Float64Array
  readonly askedNs: Float64Array
}

/** In shared memory, for waits that one thread declares and another one keeps. */
export function createSharedWaits(slotCount: number): SlotWaits {
  const cells = () =>
    new Float64Array(new SharedArrayBuffer(slotCount * Float64Array.BYTES_PER_ELEMENT))
  return { dueNs: cells(), askedNs: cells() }
}

/**
 * Declared waits of requests, kept by a thread that goes on with others meanwhile: a reactor for its own requests, or staged's
 * timer thread for those of all. The same timers, and the same count of what the waits took, in both architectures.
 */
export class SlotTimers {
  readonly #heap: TimerHeap
  readonly #waits: SlotWaits
  readonly #firstSlot: number
  readonly #counters: WaitCounters

  /**
   * @param firstSlot of as many as `waits` has cells; others are never set.
   * @param waits written before `start`, unchanged until the slot is taken.
   */
  constructor(firstSlot: number, waits: SlotWaits, counters: WaitCounters) {
    this.#heap = new TimerHeap(waits.dueNs.length, waits.dueNs)
    this.#waits = waits
    this.#firstSlot = firstSlot
    this.#counters = counters
  }

  // Measured path from here to the end of the class.
  get count(): number {
    return this.#heap.count
  }

  /** Writes down a wait that begins at `now[at]`; it is kept from `start` on. */
  set(slot: number, askedNs: number, now: Float64Array, at: number): void {
    const { dueNs, askedNs: asked } = this.#waits
    const key = slot - this.#firstSlot
    asked[key] = askedNs
    dueNs[key] = now[at]! + askedNs
  }

  start(slot: number): void {
    this.#heap.add(slot - this.#firstSlot)
  }

  /** Moves up to `limit` slots whose wait is over at `now[at]` to the start of `slots`; tells how many. */
  takeDue(slots: Int32Array, limit: number, now: Float64Array, at: number): number {
    const heap = this.#heap
    if (heap.count === 0) return 0
    const { dueNs, askedNs } = this.#waits
    const nowNs = now[at]!
    let count = 0
    let askedSumNs = 0
    let lateNs = 0
    while (count < limit && heap.count !== 0 && dueNs[heap.first()]! <= nowNs) {
      const key = heap.removeFirst()
      askedSumNs += askedNs[key]!
      lateNs += nowNs - dueNs[key]!
      slots[count++] = this.#firstSlot + key
    }
    if (count !== 0) {
      const { sums } = this.#counters
      sums[0]! += count
      sums[1]! += askedSumNs
      sums[2]! += askedSumNs + lateNs
    }
    return count
  }

  /** Writes into `target[at]` when the first wait is over; infinite when there is none. */
  nextDueNs(target: Float64Array, at: number): void {
    this.#heap.nextDueNs(target, at)
  }
}

/**
 * Timers of one thread, by key 0 … capacity − 1, at most one per key: a binary heap, the earliest first. Private to its
 * thread. Nothing is allocated; instants are written into `dueNs` instead of being passed, which would box them.
 * Adding and removing takes about log₂(timers) × 3 ns.
 */
export class TimerHeap {
  /** By key: when it is due. Written before `add`, unchanged until the key is removed. */
  readonly dueNs: Float64Array
  /** Each key's parent, at half its place, is not due later. */
  readonly #keys: Int32Array
  #count = 0

  /** @param dueNs given where another thread writes the instants. @default the heap's own */
  constructor(capacity: number, dueNs: Float64Array = new Float64Array(capacity)) {
    this.dueNs = dueNs
    this.#keys = new Int32Array(capacity)
  }

  get count(): number {
    return this.#count
  }

  /** The key that is due first. Only when there is one. */
  first(): number {
    return this.#keys[0]!
  }

  /** Writes into `target[at]` when the first one is due; infinite when there is none. */
  nextDueNs(target: Float64Array, at: number): void {
    target[at] = this.#count === 0 ? Number.POSITIVE_INFINITY : this.dueNs[this.#keys[0]!]!
  }

  add(key: number): void {
    const keys = this.#keys
    const dueNs = this.dueNs
    let place = this.#count++
    while (place > 0) {
      const parent = (place - 1) >>> 1
      const above = keys[parent]!
      if (dueNs[above]! <= dueNs[key]!) break
      keys[place] = above
      place = parent
    }
    keys[place] = key
  }

  /** Removes the key that is due first and answers it. Only when there is one. */
  removeFirst(): number {
    const keys = this.#keys
    const dueNs = this.dueNs
    const removed = keys[0]!
    const count = --this.#count
    // The last one sinks from the root to its place.
    const key = keys[count]!
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= count) break
      if (child + 1 < count && dueNs[keys[child + 1]!]! < dueNs[keys[child]!]!) child++
      if (dueNs[key]! <= dueNs[keys[child]!]!) break
      keys[place] = keys[child]!
      place = child
    }
    keys[place] = key
    return removed
  }
}
