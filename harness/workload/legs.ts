import { finishKeyHash, mixKeyWord } from '../base/hash.ts'
import type { KeysPerRequest } from '../contract/workload.ts'

/*
 * A request over many keys names the first one; client and server both find the others by `legKey`. A leg is the work on
 * one of them: leg 0 that on the key named.
 */

/** How the keys of a request follow from its first one. */
export type Spread = KeysPerRequest['spread']

/**
 * Key index of a leg. `neighbours`: so many keys behind the first one, from the last record on to the first: all different
 * while there are as many records. `scattered`: by a hash of first key and leg, each of the records equally likely, so a
 * key may come twice: 16 of 100,000 do once in a thousand requests. What is inserted is a leg only as a first key. About 3 ns.
 */
export function legKey(
  spread: Spread,
  firstKeyIndex: number,
  leg: number,
  recordCount: number,
): number {
  if (leg === 0) return firstKeyIndex
  if (spread === 'neighbours') return (firstKeyIndex + leg) % recordCount
  return (finishKeyHash(mixKeyWord(mixKeyWord(0, firstKeyIndex), leg)) >>> 0) % recordCount
}

/** Bytes that the reply says of each leg: version and checksum of its value. */
export const LEG_REPLY_BYTES = 8
