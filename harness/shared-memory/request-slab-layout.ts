import {
  alignedWordsFor,
  BYTES_PER_WORD,
  ISOLATION_WORDS,
  roundUp,
  wordsFor,
} from '../base/units.ts'

/**
 * A slot of the request slab. It belongs to one thread at a time, which learns its index from a ring or a queue.
 * Offsets in words from the slot's start:
 *
 *   0   port          whose request it is, and whether sampled   written by the port
 *   1   next stage    where the request is on its way            by the architecture
 *   2   operation     ─┐
 *   3   key bytes      │
 *   4   value bytes    │ of the request                          by the decoding stage
 *   5   hash          ─┘                                         by the stage that calls hashKey
 *   6   status        ─┐
 *   7   version        │
 *   8   checksum       │ of the reply                            by the keyed stage
 *   9   reply bytes   ─┘ of the reply's value, 0 for none
 *   10  frame         head of the request's frame, then of the reply's in its place, 6 words
 *   16  key           zero-padded to an even number of words
 *   16 + key words    value: the request's payload, then the reply's, likewise
 *   wire word         wire: raw bytes of a request over HTTP, then head of its reply; only with real sockets
 *
 * The first cache line holds all that decoding and encoding touch, the second the key. With the default key (16 bytes)
 * and payload (92 bytes) a slot has three lines of content; whoever gets it from another thread fetches these.
 */
export const SLOT_PORT = 0
export const SLOT_NEXT_STAGE = 1
export const SLOT_OPERATION = 2
export const SLOT_KEY_BYTES = 3
export const SLOT_VALUE_BYTES = 4
export const SLOT_HASH = 5
export const SLOT_STATUS = 6
export const SLOT_VERSION = 7
export const SLOT_CHECKSUM = 8
export const SLOT_REPLY_BYTES = 9
export const SLOT_FRAME = 10
export const FRAME_HEAD_WORDS = 6
export const SLOT_KEY = SLOT_FRAME + FRAME_HEAD_WORDS

/** Bytes in front of a value's payload: version and checksum. */
export const VALUE_HEAD_WORDS = 2

/**
 * What threads share of the slab: `slotCount` slots of requests, then those of their legs, all of `slotWords` words. Leg i of
 * the request in slot s has slot `slotCount + s × legsPerSlot + i`: it is the request's for as long as the request has s.
 */
export interface RequestSlabMemory {
  readonly buffer: SharedArrayBuffer
  readonly slotCount: number
  /** 0 where requests have one key. */
  readonly legsPerSlot: number
  readonly slotWords: number
  /** Words from a slot's start to its wire area, where the room for key and value ends: even. */
  readonly wireWord: number
}

/**
 * @param keyBytes longest key.
 * @param valueBytes longest value, its head included.
 * @param wireBytes longest request or head of a reply over HTTP.
 * @param legsPerSlot most keys of a request over many.
 */
export function createRequestSlab(
  slotCount: number,
  keyBytes: number,
  valueBytes: number,
  wireBytes = 0,
  legsPerSlot = 0,
): RequestSlabMemory {
  const wireWord = SLOT_KEY + alignedWordsFor(keyBytes) + alignedWordsFor(valueBytes)
  // Neighbouring slots belong to different threads: whole pairs of cache lines each.
  const slotWords = roundUp(wireWord + wordsFor(wireBytes), ISOLATION_WORDS)
  return {
    buffer: new SharedArrayBuffer(slotCount * (1 + legsPerSlot) * slotWords * BYTES_PER_WORD),
    slotCount,
    legsPerSlot,
    slotWords,
    wireWord,
  }
}

/** Slot of a request's leg. */
export function legSlot(slab: RequestSlabMemory, slot: number, leg: number): number {
  return slab.slotCount + Math.imul(slot, slab.legsPerSlot) + leg
}

/** Slot of the request that a leg belongs to. */
export function requestOfLeg(slab: RequestSlabMemory, slot: number): number {
  return Math.trunc((slot - slab.slotCount) / slab.legsPerSlot)
}
