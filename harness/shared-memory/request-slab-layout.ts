import { BYTES_PER_WORD, ISOLATION_WORDS, roundUp, wordsFor } from '../base/units.ts'

/**
 * A slot of the request slab. It belongs to one thread at a time, which learns its index from a ring or a queue.
 * Offsets in words from the slot's start:
 *
 *   0   port          whose request it is                        written by the port
 *   1   next stage    where the request is on its way            by the architecture
 *   2   operation     ─┐
 *   3   key bytes      │
 *   4   value bytes    │ of the request                          by the decoding stage
 *   5   hash          ─┘                                         by the stage that calls hashKey
 *   6   status        ─┐
 *   7   version        │
 *   8   checksum       │ of the reply                            by the keyed stage
 *   9   reply bytes   ─┘ of the reply's value, 0 for none
 *   10  (free)
 *   11  frame         request's frame, then the reply's in its place: 8 words of head,
 *   19  key           zero-padded to whole words,
 *   19 + key words    value: the request's payload, then the reply's
 *
 * With the default key (16 bytes) and payload (92 bytes) a slot is 192 bytes of content, three cache lines: a remote
 * shard reads two of them for a read and three for an update.
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
export const SLOT_FRAME = 11
export const FRAME_HEAD_WORDS = 8
export const SLOT_KEY = SLOT_FRAME + FRAME_HEAD_WORDS

/** Bytes in front of a value's payload: version and checksum. */
export const VALUE_HEAD_WORDS = 2

/** What threads share of the slab: `slotCount` slots of `slotWords` words. */
export interface RequestSlabMemory {
  readonly buffer: SharedArrayBuffer
  readonly slotCount: number
  readonly slotWords: number
}

/** @param keyBytes longest key. @param valueBytes longest value, its head included. */
export function createRequestSlab(slotCount: number, keyBytes: number, valueBytes: number): RequestSlabMemory {
  const contentWords = SLOT_KEY + wordsFor(keyBytes) + wordsFor(valueBytes)
  // Neighbouring slots belong to different threads: whole pairs of cache lines each.
  const slotWords = roundUp(contentWords, ISOLATION_WORDS)
  return { buffer: new SharedArrayBuffer(slotCount * slotWords * BYTES_PER_WORD), slotCount, slotWords }
}
