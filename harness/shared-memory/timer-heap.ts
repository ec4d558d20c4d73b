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
