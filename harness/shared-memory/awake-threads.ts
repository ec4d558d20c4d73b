import { ISOLATION_WORDS } from '../base/units.ts'

/*
 * How many threads of a server are awake: running, runnable, or being woken. A thread may spin only while no more
 * threads are awake than there are processors: so at most one spins per processor, and none while a thread with work
 * waits for a processor. (Ten pool threads that spin against two cores would be a strawman; measured on two cores, a
 * rule that only counted spinners cost the classic layout three quarters of its throughput.)
 *
 * Protocol. Every thread adds 1 when it starts. Whoever parks subtracts 1 before it waits. Whoever wakes a thread adds 1
 * on its behalf before the wake-up, so that a spinner makes room before the woken thread needs its processor; a thread
 * whose wait timed out adds 1 itself. The count may be wrong for the moment of a race, which makes a thread park or spin
 * once too often and loses nothing: waiting never depends on it.
 */
const AWAKE = 0
export const AWAKE_THREADS_WORDS = ISOLATION_WORDS

/** One thread's view of the count of awake threads. */
export class AwakeThreads {
  readonly #words: Int32Array
  readonly #processors: number

  /** @param words `AWAKE_THREADS_WORDS` words, zero at the start. @param processors of the server. */
  constructor(words: Int32Array, processors: number) {
    this.#words = words
    this.#processors = processors
  }

  add(): void {
    Atomics.add(this.#words, AWAKE, 1)
  }

  remove(): void {
    Atomics.sub(this.#words, AWAKE, 1)
  }

  /** As if so many more threads were awake, or fewer again: then none may spin, however few there are. */
  crowd(threads: number): void {
    Atomics.add(this.#words, AWAKE, threads)
  }

  /** Whether an awake thread without work may go on spinning. */
  maySpin(): boolean {
    return Atomics.load(this.#words, AWAKE) <= this.#processors
  }
}
