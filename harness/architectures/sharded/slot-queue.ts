/** Slots in the order in which they came; private to one thread, of fixed capacity: as many as there are. */
export class SlotQueue {
  readonly #slots: Int32Array
  readonly #mask: number
  #head = 0
  #tail = 0

  /** @param capacity a power of two. */
  constructor(capacity: number) {
    this.#slots = new Int32Array(capacity)
    this.#mask = capacity - 1
  }

  get length(): number {
    return (this.#tail - this.#head) | 0
  }

  push(slot: number): void {
    this.#slots[this.#tail & this.#mask] = slot
    this.#tail = (this.#tail + 1) | 0
  }

  /** The one that came first. Only when there is one. */
  first(): number {
    return this.#slots[this.#head & this.#mask]!
  }

  /** Takes the one that came first out. Only when there is one. */
  shift(): number {
    const head = this.#head
    this.#head = (head + 1) | 0
    return this.#slots[head & this.#mask]!
  }
}
