import { ISOLATION_WORDS } from '../../base/units.ts'
import type { Doorbell } from '../../shared-memory/doorbell.ts'

/*
 * Which ports' owners wait for room in the first queue, 128 bytes a row:
 *
 *   row 0         word 0: ports that wait, or a little more
 *   rows 1 … p    word 0: 1 while port p − 1 waits, else 0
 *
 * Protocol. Only its owner raises a port's word, when it finds the queue full: it adds to the count first, then stores 1, then
 * looks at the queue again. Whoever takes from the queue stores its new head first, then reads the count; unless that is 0 it
 * changes every 1 to 0 by compare-exchange, and who succeeds subtracts from the count and rings the owner's doorbell. The count
 * is never too small, since it is raised before the words and lowered behind them.
 * No lost wake-up: an owner sleeps only after it marked its doorbell, saw or stored its 1, and then found the queue full, all in
 * this order. Either that look came after the new head: then it found room. Or it came before: then the taker reads the count
 * and the word behind it, finds 1 or that another taker has changed it, and that one, or itself, rings a doorbell that was marked
 * before. All accesses are sequentially consistent. The head is read before the tail, so a queue that is in use may look full
 * when it no longer is: whoever made that room did so behind the look, and rings.
 * All that wait are rung for any room: they are as many as there are cores, and who finds none raises its word again.
 */
const WAITING_PORTS = 0

/** Words for so many ports. */
export function roomWordsFor(portCount: number): number {
  return (1 + portCount) * ISOLATION_WORDS
}

/** One thread's view of the ports that wait for room in the first queue. */
export class RoomBells {
  readonly #words: Int32Array
  readonly #at: number
  readonly #doorbells: readonly Doorbell[]

  /**
   * @param at first of `roomWordsFor(ports)` words that are this view's own, all zero at the start.
   * @param doorbells of the ports' owners; none for an owner, which only waits.
   */
  constructor(words: Int32Array, at: number, doorbells: readonly Doorbell[]) {
    this.#words = words
    this.#at = at
    this.#doorbells = doorbells
  }

  #wordOf(port: number): number {
    return this.#at + (1 + port) * ISOLATION_WORDS
  }

  // Measured path from here to the end of the class.
  /** Owner only, when it found the queue full: whoever makes room will ring. It must look once more before it sleeps. */
  wait(port: number): void {
    const word = this.#wordOf(port)
    if (Atomics.load(this.#words, word) !== 0) return
    Atomics.add(this.#words, this.#at + WAITING_PORTS, 1)
    Atomics.store(this.#words, word, 1)
  }
  /** Called after something was taken from the queue. Nobody waits: one load. */
  ring(): void {
    const words = this.#words
    if (Atomics.load(words, this.#at + WAITING_PORTS) === 0) return
    for (let port = 0; port < this.#doorbells.length; port++) {
      if (Atomics.compareExchange(words, this.#wordOf(port), 1, 0) === 0) continue
      Atomics.sub(words, this.#at + WAITING_PORTS, 1)
      this.#doorbells[port]!.ring()
    }
  }
}
