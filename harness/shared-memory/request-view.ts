import { hashKeyWords } from '../base/hash.ts'
import { alignedWordsFor, BYTES_PER_WORD } from '../base/units.ts'
import type { Request } from '../contract/request.ts'
import { SAMPLED } from './phase-layout.ts'
import {
  type RequestSlabMemory,
  SLOT_CHECKSUM,
  SLOT_HASH,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_OPERATION,
  SLOT_REPLY_BYTES,
  SLOT_STATUS,
  SLOT_VERSION,
} from './request-slab-layout.ts'

/** Version and checksum of a leg. */
const HEAD_WORDS = 2

/** One thread's window on the slab, pointed at the slot it works on. Reads and writes are plain: the slot is its own. */
export class RequestView implements Request {
  readonly words: Int32Array
  /** The same memory, 8 bytes at a time: values are copied so. */
  readonly longs: BigInt64Array
  /** The same memory, byte by byte: texts are written so. */
  readonly bytes: Uint8Array
  /** From one slot's first word to the next one's. */
  readonly slotWords: number
  readonly #wireWord: number
  /** Keeps the compiler from dropping loads whose only purpose is to fill a cache. */
  #fetched = 0
  /** First word of the current slot. */
  base = 0

  constructor(memory: RequestSlabMemory) {
    this.words = new Int32Array(memory.buffer)
    this.longs = new BigInt64Array(memory.buffer)
    this.bytes = new Uint8Array(memory.buffer)
    this.slotWords = memory.slotWords
    this.#wireWord = memory.wireWord
  }

  /** Points at a slot. */
  at(slot: number): void {
    this.base = Math.imul(slot, this.slotWords)
  }

  /**
   * Fetches the first two cache lines of the slots `slots[from … to − 1]`, which another thread wrote, so that the misses
   * overlap instead of following one another: about 2 ns a slot when there is nothing to fetch. Answers whether one of
   * them is sampled.
   */
  fetch(slots: Int32Array, from: number, to: number): boolean {
    const words = this.words
    let fetched = this.#fetched
    let flags = 0
    for (let i = from; i < to; i++) {
      const base = Math.imul(slots[i]!, this.slotWords)
      flags |= words[base]!
      fetched ^= words[base + SLOT_KEY]!
    }
    this.#fetched = fetched
    return (flags & SAMPLED) !== 0
  }

  /** Reads a header word of the current slot, by its constant in `request-slab-layout.ts`. */
  get(field: number): number {
    return this.words[this.base + field]!
  }

  set(field: number, value: number): void {
    this.words[this.base + field] = value
  }

  /** First byte of the current slot's wire area, as an index of `bytes`. */
  wireByte(): number {
    return (this.base + this.#wireWord) * BYTES_PER_WORD
  }

  get operation(): number {
    return this.words[this.base + SLOT_OPERATION]!
  }

  get hash(): number {
    return this.words[this.base + SLOT_HASH]!
  }

  get status(): number {
    return this.words[this.base + SLOT_STATUS]!
  }

  get version(): number {
    return this.words[this.base + SLOT_VERSION]!
  }

  get checksum(): number {
    return this.words[this.base + SLOT_CHECKSUM]!
  }

  hashKey(): void {
    const words = this.words
    const base = this.base
    words[base + SLOT_HASH] = hashKeyWords(words, base + SLOT_KEY, words[base + SLOT_KEY_BYTES]!)
  }

  reply(status: number, version: number, checksum: number): void {
    const words = this.words
    const base = this.base
    words[base + SLOT_STATUS] = status
    words[base + SLOT_VERSION] = version
    words[base + SLOT_CHECKSUM] = checksum
  }

  replyHeads(legs: readonly Request[]): void {
    const words = this.words
    const value = this.#valueWord()
    const end = this.base + this.#wireWord
    let word = value
    // What has no room is left out, and the client misses it.
    for (let leg = 0; leg < legs.length && word + HEAD_WORDS <= end; leg++) {
      words[word] = legs[leg]!.version
      words[word + 1] = legs[leg]!.checksum
      word += HEAD_WORDS
    }
    words[this.base + SLOT_REPLY_BYTES] = (word - value) * BYTES_PER_WORD
  }

  /** First word of the request's value, and of its reply's. */
  #valueWord(): number {
    const base = this.base
    return base + SLOT_KEY + alignedWordsFor(this.words[base + SLOT_KEY_BYTES]!)
  }

  replyText(text: string): void {
    const words = this.words
    const base = this.base
    const bytes = this.bytes
    const value = this.#valueWord()
    const from = value * BYTES_PER_WORD
    const count = Math.min(text.length, this.wireByte() - from)
    for (let index = 0; index < count; index++) bytes[from + index] = text.charCodeAt(index)
    // Values are copied and compared in whole words: nothing of an earlier one may show behind this.
    const end = from + alignedWordsFor(count) * BYTES_PER_WORD
    for (let at = from + count; at < end; at++) bytes[at] = 0
    words[base + SLOT_REPLY_BYTES] = count
  }
}
