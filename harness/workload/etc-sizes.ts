import { combineSeeds } from '../base/random.ts'
import type { Workload } from '../contract/workload.ts'
import { KEY_BYTES, SAME_SIZES, type SizeTables } from './keys.ts'

/*
 * Sizes of Facebook's ETC pool: Atikoglu et al., "Workload analysis of a large-scale key-value store", SIGMETRICS 2012,
 * section 5. Lengths of keys follow a generalised extreme value distribution; of values, the first 15 sizes have a
 * probability each, and all above follow a generalised Pareto distribution. A key keeps its sizes: they are drawn from a
 * hash of its index, in a trace as in the table.
 */

const KEY_LOCATION = 30.7984
const KEY_SCALE = 8.20449
const KEY_SHAPE = 0.078688
const LONGEST_KEY_BYTES = 128

/** Probability of a value of 0, 1, … 14 bytes. */
export const SMALL_VALUE_SHARES: readonly number[] = [
  0.00536, 0.00047, 0.1782, 0.09239, 0.00018, 0.0274, 0.00065, 0.00606, 0.00023, 0.00837, 0.00837,
  0.08989, 0.00092, 0.00326, 0.0198,
]
/** Those up to 0, 1, … 14 bytes, and of all of them. */
const CUMULATED_SHARES = SMALL_VALUE_SHARES.map((_, bytes) =>
  SMALL_VALUE_SHARES.slice(0, bytes + 1).reduce((sum, share) => sum + share, 0),
)
const SMALL_SHARE = CUMULATED_SHARES.at(-1)!
const VALUE_LOCATION = 15
const VALUE_SCALE = 214.476
const VALUE_SHAPE = 0.348238

const KEY_SEED = 1
const VALUE_SEED = 2
const TWO_32 = 2 ** 32

/** Length of a key, from a number in (0, 1): bytes with a fraction, before rounding and cutting. */
export function etcKeyBytes(unit: number): number {
  const exponential = -Math.log(unit)
  return KEY_LOCATION + (KEY_SCALE * (exponential ** -KEY_SHAPE - 1)) / KEY_SHAPE
}

/** Size of a value, from a number in (0, 1): bytes, with a fraction from 15 on, before rounding and cutting. */
export function etcValueBytes(unit: number): number {
  if (unit < SMALL_SHARE) return CUMULATED_SHARES.findIndex((share) => unit < share)
  // The rest of the draw, stretched, is one from (0, 1] again.
  const rest = (1 - unit) / (1 - SMALL_SHARE)
  return VALUE_LOCATION + (VALUE_SCALE * (rest ** -VALUE_SHAPE - 1)) / VALUE_SHAPE
}

/**
 * Sizes of the keys 0 … count − 1 as a workload says, whole bytes, rounded down: keys cut to 16 … 128, payloads to
 * `mostPayloadBytes`. 3 bytes per key and about 0.1 µs; empty tables where sizes are fixed.
 */
export function createEtcSizes(
  { keySizes, valueSizes }: Pick<Workload, 'keySizes' | 'valueSizes'>,
  count: number,
  mostPayloadBytes: number,
): SizeTables {
  return {
    keyBytes: keySizes === 'facebook-etc' ? etcKeySizes(count) : SAME_SIZES.keyBytes,
    payloadBytes:
      valueSizes === 'facebook-etc'
        ? etcPayloadSizes(count, mostPayloadBytes)
        : SAME_SIZES.payloadBytes,
  }
}

function etcKeySizes(count: number): Uint8Array<SharedArrayBuffer> {
  const sizes = new Uint8Array(new SharedArrayBuffer(count))
  for (let key = 0; key < count; key++) {
    const bytes = Math.floor(etcKeyBytes(unitOf(key, KEY_SEED)))
    sizes[key] = Math.min(LONGEST_KEY_BYTES, Math.max(KEY_BYTES, bytes))
  }
  return sizes
}

function etcPayloadSizes(count: number, most: number): Uint16Array<SharedArrayBuffer> {
  const sizes = new Uint16Array(new SharedArrayBuffer(count * Uint16Array.BYTES_PER_ELEMENT))
  for (let key = 0; key < count; key++)
    sizes[key] = Math.min(most, Math.floor(etcValueBytes(unitOf(key, VALUE_SEED))))
  return sizes
}

/** A number in (0, 1) that a key's index decides. */
function unitOf(key: number, seed: number): number {
  return ((combineSeeds(key, seed) >>> 0) + 0.5) / TWO_32
}
