import type { Random } from '../base/random.ts'
import { GrayZipf } from './gray-zipf.ts'

/** Zipf over this many items, whatever the number of keys: YCSB's ScrambledZipfianGenerator.ITEM_COUNT. */
const ITEM_COUNT = 1e10
/** ζ(10¹⁰, 0.99), precomputed in YCSB's ScrambledZipfianGenerator. */
const ZETA_N = 26.46902820178302
const RANKS = new GrayZipf(ITEM_COUNT, ZETA_N)

const TWO_32 = 2 ** 32
const FNV_OFFSET_HIGH = 0xcbf29ce4
const FNV_OFFSET_LOW = 0x84222325
/** The FNV prime is 2⁴⁰ + 435. */
const FNV_PRIME_LOW = 435

/** The rank of a draw from [0, 1), 0 the most frequent. */
export function zipfianRank(unit: number): number {
  return RANKS.rank(unit)
}

/**
 * YCSB's `Utils.fnvhash64(value) % modulus`: FNV-1a over the value's 8 bytes, least significant first, absolute value.
 * In halves of 32 bits, since BigInt costs microseconds. `value` a non-negative safe integer, `modulus` ≤ 2²⁶.
 */
export function fnvHash64Modulo(value: number, modulus: number): number {
  let high = FNV_OFFSET_HIGH
  let low = FNV_OFFSET_LOW
  let rest = value
  for (let byte = 0; byte < 8; byte++) {
    low = (low ^ (rest % 256)) >>> 0
    rest = Math.floor(rest / 256)
    // (high·2³² + low) · (2⁴⁰ + 435) modulo 2⁶⁴; all products stay below 2⁵³.
    const product = low * FNV_PRIME_LOW
    high = (high * FNV_PRIME_LOW + Math.floor(product / TWO_32) + low * 256) % TWO_32
    low = product % TWO_32
  }
  if (high >= TWO_32 / 2) {
    // Two's complement: YCSB takes Math.abs of the signed value.
    low = (TWO_32 - low) % TWO_32
    high = (TWO_32 - high - (low === 0 ? 0 : 1)) % TWO_32
  }
  return ((high % modulus) * (TWO_32 % modulus) + low) % modulus
}

/** Draws keys 0 … keyCount − 1: a zipfian rank, scattered over the keys. The hottest key gets 3.78 % of the draws. */
export function scrambledZipfian(keyCount: number, random: Random): () => number {
  return () => fnvHash64Modulo(zipfianRank(random.unit()), keyCount)
}
