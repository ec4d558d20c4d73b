import { runError } from '../base/errors.ts'
import { ISOLATION_WORDS, isPowerOfTwo } from '../base/units.ts'

/**
 * A single-producer single-consumer ring of Int32 values:
 *
 *   word 0        tail position   written by the producer
 *   words 1 … 31  padding
 *   word 32       head position   written by the consumer
 *   words 33 … 63 padding
 *   words 64 …    `capacity` values, index = position & (capacity − 1)
 *   then padding to the next 128 bytes
 *
 * Positions count pushes and pops and wrap at 2³².
 */
export const RING_TAIL_WORD = 0
export const RING_HEAD_WORD = ISOLATION_WORDS
export const RING_VALUES_WORD = 2 * ISOLATION_WORDS

/** Words of a ring, rounded up so that rings can lie behind one another. */
export function ringWords(capacity: number): number {
  return RING_VALUES_WORD + Math.ceil(capacity / ISOLATION_WORDS) * ISOLATION_WORDS
}

/*
 * Protocol. The producer writes values plainly, then publishes the tail; the consumer reads the tail, then the values,
 * then publishes the head; the producer reads the head before it reuses a place. Both stores are sequentially
 * consistent, so a value is written before its position is seen, and read before its place is seen as free: nothing is
 * lost or read twice. Each side keeps the other's position cached and reads it again only when the ring looks full or
 * empty. Pushes become visible at `publish`, places free at `release`: one store for a whole batch.
 */

/** The producer's side, used by one thread. */
export class SpscProducer {
  readonly #words: Int32Array
  readonly #at: number
  readonly #values: number
  readonly #capacity: number
  readonly #mask: number
  #tail = 0
  #published = 0
  #cachedHead = 0

  /** @param at first word of the ring. @param capacity a power of two. */
  constructor(words: Int32Array, at: number, capacity: number) {
    checkCapacity(capacity)
    this.#words = words
    this.#at = at
    this.#values = at + RING_VALUES_WORD
    this.#capacity = capacity
    this.#mask = capacity - 1
    this.#tail = this.#published = Atomics.load(words, at + RING_TAIL_WORD)
    this.#cachedHead = Atomics.load(words, at + RING_HEAD_WORD)
  }

  /** Adds a value that the consumer will see after the next `publish`. False when the ring is full. */
  tryPush(value: number): boolean {
    const tail = this.#tail
    if (((tail - this.#cachedHead) | 0) >= this.#capacity) {
      this.#cachedHead = Atomics.load(this.#words, this.#at + RING_HEAD_WORD)
      if (((tail - this.#cachedHead) | 0) >= this.#capacity) return false
    }
    this.#words[this.#values + (tail & this.#mask)] = value
    this.#tail = (tail + 1) | 0
    return true
  }

  /** Makes everything pushed visible. Answers whether there was anything new. */
  publish(): boolean {
    if (this.#published === this.#tail) return false
    this.#published = this.#tail
    Atomics.store(this.#words, this.#at + RING_TAIL_WORD, this.#tail)
    return true
  }
}

/** The consumer's side, used by one thread. Fields of its own like the producer's, not of a common class: each side is one flat object. */
export class SpscConsumer {
  readonly #words: Int32Array
  readonly #at: number
  readonly #values: number
  readonly #mask: number
  #head = 0
  #released = 0
  #cachedTail = 0

  /** @param at first word of the ring. @param capacity a power of two. */
  constructor(words: Int32Array, at: number, capacity: number) {
    checkCapacity(capacity)
    this.#words = words
    this.#at = at
    this.#values = at + RING_VALUES_WORD
    this.#mask = capacity - 1
    this.#head = this.#released = Atomics.load(words, at + RING_HEAD_WORD)
    this.#cachedTail = Atomics.load(words, at + RING_TAIL_WORD)
  }

  /** How many values can be popped without looking at the producer's side again; looks when there are none. */
  available(): number {
    const known = (this.#cachedTail - this.#head) | 0
    if (known !== 0) return known
    this.#cachedTail = Atomics.load(this.#words, this.#at + RING_TAIL_WORD)
    return (this.#cachedTail - this.#head) | 0
  }

  /** The oldest value. Call only when `available()` is not 0. */
  pop(): number {
    const head = this.#head
    this.#head = (head + 1) | 0
    return this.#words[this.#values + (head & this.#mask)]!
  }

  /** Gives the places of everything popped back to the producer. */
  release(): void {
    if (this.#released === this.#head) return
    this.#released = this.#head
    Atomics.store(this.#words, this.#at + RING_HEAD_WORD, this.#head)
  }
}

function checkCapacity(capacity: number): void {
  if (!isPowerOfTwo(capacity))
    throw runError('capacity', `ring capacity must be a power of two: capacity=${capacity}`)
}
