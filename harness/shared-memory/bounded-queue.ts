import type { Clock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { BYTES_PER_WORD, ISOLATION_WORDS, isPowerOfTwo } from '../base/units.ts'
import type { AwakeThreads } from './awake-threads.ts'
import { Condition, CONDITION_WORDS, type WorkProbe } from './condition.ts'
import { Mutex, MUTEX_WORDS } from './mutex.ts'
import type { ThreadCounters } from './thread-counters.ts'

/**
 * A bounded queue of Int32 values for many producers and consumers, 128 bytes a row:
 *
 *   row 0         mutex
 *   row 1         word 0: tail position   words under the mutex, written by producers …
 *                 word 1: head position   … and consumers
 *                 word 2: pushes, word 3: batches popped   (statistics, under the mutex)
 *   rows 2 … 4    condition `not full`
 *   rows 5 … 7    condition `not empty`; a queue of a shared pool uses the pool's instead
 *   rows 8 …      `capacity` values, index = position & (capacity − 1)
 */
export const QUEUE_MUTEX_WORD = 0
export const QUEUE_TAIL_WORD = MUTEX_WORDS
export const QUEUE_HEAD_WORD = QUEUE_TAIL_WORD + 1
export const QUEUE_PUSHES_WORD = QUEUE_TAIL_WORD + 2
export const QUEUE_POP_BATCHES_WORD = QUEUE_TAIL_WORD + 3
export const QUEUE_NOT_FULL_WORD = QUEUE_TAIL_WORD + ISOLATION_WORDS
export const QUEUE_NOT_EMPTY_WORD = QUEUE_NOT_FULL_WORD + CONDITION_WORDS
export const QUEUE_VALUES_WORD = QUEUE_NOT_EMPTY_WORD + CONDITION_WORDS

/*
 * Protocol. Head, tail and values are read and written under the mutex; positions are stored through Atomics so that a
 * thread may look at them without it (`hasWork`, a hint). Producers publish under the mutex and signal `not empty` after
 * releasing it; consumers free places under the mutex and signal `not full` after it. Nothing is lost because every
 * change of the queue happens under one lock; nobody sleeps through it because of the condition's protocol. A consumer
 * that leaves values behind signals `not empty` for them: a producer that saw it searching woke nobody else.
 */

/** What threads share of a queue. */
export interface BoundedQueueMemory {
  readonly buffer: SharedArrayBuffer
  readonly capacity: number
}

/** @param capacity a power of two. */
export function createBoundedQueue(capacity: number): BoundedQueueMemory {
  if (!isPowerOfTwo(capacity))
    throw runError('capacity', `queue capacity must be a power of two: capacity=${capacity}`)
  return {
    buffer: new SharedArrayBuffer((QUEUE_VALUES_WORD + capacity) * BYTES_PER_WORD),
    capacity,
  }
}

/** One thread's view of a queue. */
export class BoundedQueue implements WorkProbe {
  readonly #words: Int32Array
  /** Most values that it holds. */
  readonly capacity: number
  readonly #mask: number
  readonly #mutex: Mutex
  readonly notFull: Condition
  readonly notEmpty: Condition

  /** @param notEmpty the condition of a pool that serves several queues; @default the queue's own. */
  constructor(
    memory: BoundedQueueMemory,
    clock: Clock,
    awake: AwakeThreads,
    counters: ThreadCounters,
    notEmpty?: Condition,
  ) {
    this.#words = new Int32Array(memory.buffer)
    this.capacity = memory.capacity
    this.#mask = memory.capacity - 1
    this.#mutex = new Mutex(this.#words, QUEUE_MUTEX_WORD, clock, counters.queueLocks)
    this.notFull = new Condition(this.#words, QUEUE_NOT_FULL_WORD, awake, counters)
    this.notEmpty = notEmpty ?? new Condition(this.#words, QUEUE_NOT_EMPTY_WORD, awake, counters)
  }

  /** Values in the queue, as far as one can know without its lock: too many rather than too few when it is in use. */
  length(): number {
    // Head first: the tail can only have grown since, so the difference is never negative.
    const head = Atomics.load(this.#words, QUEUE_HEAD_WORD)
    return (Atomics.load(this.#words, QUEUE_TAIL_WORD) - head) | 0
  }

  /** Values ever taken; wraps at 2³². */
  taken(): number {
    return Atomics.load(this.#words, QUEUE_HEAD_WORD)
  }

  hasWork(): boolean {
    return this.length() !== 0
  }

  isFull(): boolean {
    return this.length() >= this.capacity
  }

  /** Appends `source[from … to − 1]` as far as there is room; answers how many. One lock for the batch, one signal. */
  tryPushBatch(source: Int32Array, from: number, to: number): number {
    const words = this.#words
    this.#mutex.lock()
    const tail = words[QUEUE_TAIL_WORD]!
    const room = this.capacity - ((tail - words[QUEUE_HEAD_WORD]!) | 0)
    const count = Math.min(room, to - from)
    for (let i = 0; i < count; i++) {
      words[QUEUE_VALUES_WORD + ((tail + i) & this.#mask)] = source[from + i]!
    }
    if (count > 0) {
      words[QUEUE_PUSHES_WORD] = (words[QUEUE_PUSHES_WORD]! + count) | 0
      Atomics.store(words, QUEUE_TAIL_WORD, (tail + count) | 0)
    }
    this.#mutex.unlock()
    if (count > 0) this.notEmpty.signal()
    return count
  }

  /** Moves up to `limit` values, oldest first, to the start of `target`; answers how many. Does not wait. */
  tryPopBatch(target: Int32Array, limit: number): number {
    if (!this.hasWork()) return 0
    const words = this.#words
    this.#mutex.lock()
    const head = words[QUEUE_HEAD_WORD]!
    const length = (words[QUEUE_TAIL_WORD]! - head) | 0
    const count = Math.min(length, limit)
    for (let i = 0; i < count; i++)
      target[i] = words[QUEUE_VALUES_WORD + ((head + i) & this.#mask)]!
    if (count > 0) {
      words[QUEUE_POP_BATCHES_WORD] = (words[QUEUE_POP_BATCHES_WORD]! + 1) | 0
      Atomics.store(words, QUEUE_HEAD_WORD, (head + count) | 0)
    }
    this.#mutex.unlock()
    if (length > count) this.notEmpty.signal()
    if (count > 0) this.notFull.signal()
    return count
  }

  /** Total values ever pushed, and batches popped; wrap at 2³². */
  statistics(): { pushes: number; popBatches: number } {
    const words = this.#words
    return { pushes: words[QUEUE_PUSHES_WORD]!, popBatches: words[QUEUE_POP_BATCHES_WORD]! }
  }
}
