import { ISOLATION_WORDS } from '../base/units.ts'

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
