import { type Random, seededRandom } from '../base/random.ts'

/** Which keys are hot is a property of the data: the same in every trace, hence in the warm-up, in all pairs, at every θ. */
const SCATTER_SEED = 0x5ca77e2

/**
 * Draws ranks 0 … count − 1, rank r with a probability in proportion to (r + 1)^−θ: zipf's law itself, for any θ ≥ 0, 0
 * (uniform) and 1 among them. Rejection-inversion, Hörmann & Derflinger, ACM TOMACS 6(3), 1996; the integral is taken
 * from 1 rather than in its shortest form, which has a limit at θ = 1 then, as Apache Commons RNG's
 * RejectionInversionZipfSampler does. A draw takes one random number, seldom a second one, and no table.
 */
export function zipfRanks(count: number, theta: number, random: Random): () => number {
  const power = 1 - theta
  const weight = (x: number) => x ** -theta
  // H(x) = ∫₁ˣ t^−θ dt = (x^power − 1) ÷ power, written so that it is ln x for a power of 0, without cancellation near it.
  const area = (x: number) => {
    const log = Math.log(x)
    return log * expm1Ratio(power * log)
  }
  // The inverse of H. Below −1 lies only what rounding put there.
  const abscissa = (h: number) => Math.exp(h * log1pRatio(Math.max(-1, power * h)))

  // Item k = 1 … count owns (k − ½, k + ½] of the x axis. The weight is convex, so the area over that is at least k's own:
  // k is taken where the area that is left to k + ½ is no more than its weight. Item 1's is cut to fit exactly.
  const least = area(1.5) - weight(1)
  const most = area(count + 0.5)
  // So near below k every k is taken: 2 is the one of which the largest part is refused.
  const certain = 2 - abscissa(area(2.5) - weight(2))
  return () => {
    for (;;) {
      const drawn = most + random.unit() * (least - most)
      const x = abscissa(drawn)
      const item = Math.min(count, Math.max(1, Math.round(x)))
      if (item - x <= certain || drawn >= area(item + 0.5) - weight(item)) return item - 1
    }
  }
}

/** (eᵗ − 1) ÷ t. */
function expm1Ratio(t: number): number {
  return t === 0 ? 1 : Math.expm1(t) / t
}

/** ln(1 + t) ÷ t, for t ≥ −1. */
function log1pRatio(t: number): number {
  return t === 0 ? 1 : Math.log1p(t) / t
}

/**
 * Draws keys 0 … keyCount − 1 by zipf's law. A permutation gives every rank a key of its own, so the law holds for the keys,
 * too; a hash, as in `scrambledZipfian`, gives some keys many ranks and a third of them none. 4 bytes per key.
 */
export function zipfKeys(keyCount: number, theta: number, random: Random): () => number {
  const keyOfRank = shuffledKeys(keyCount)
  const nextRank = zipfRanks(keyCount, theta, random)
  return () => keyOfRank[nextRank()]!
}

/** The keys 0 … count − 1 in an order that is always the same: Durstenfeld's shuffle, CACM 7(7), 1964. */
function shuffledKeys(count: number): Int32Array {
  const random = seededRandom(SCATTER_SEED)
  const keys = Int32Array.from({ length: count }, (_, key) => key)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random.unit() * (last + 1))
    const key = keys[last]!
    keys[last] = keys[other]!
    keys[other] = key
  }
  return keys
}

/**
 * Draws keys 0 … keyCount − 1, of which so many get this share of the draws, and all of it where there are no others: the
 * first ones of a fixed permutation, the same as under zipf's law, so that they lie apart and on any shard. A draw takes
 * two random numbers.
 */
export function favouredKeys(
  keyCount: number,
  favoured: number,
  share: number,
  random: Random,
): () => number {
  const keyOfRank = shuffledKeys(keyCount)
  const first = favouredCount(keyCount, favoured)
  const others = keyCount - first
  const firstShare = others === 0 ? 1 : share
  return () => {
    const isFavoured = random.unit() < firstShare
    const among = random.unit()
    return keyOfRank[isFavoured ? Math.floor(among * first) : first + Math.floor(among * others)]!
  }
}

function favouredCount(keyCount: number, favoured: number): number {
  return Math.min(keyCount, Math.max(1, Math.round(favoured)))
}

/** The keys that `favouredKeys` favours; with one of them, the most frequent one under zipf's law, too. 4 bytes per key meanwhile. */
export function favouredSet(keyCount: number, favoured: number): ReadonlySet<number> {
  return new Set(shuffledKeys(keyCount).subarray(0, favouredCount(keyCount, favoured)))
}

/**
 * Zipf's law as YCSB ships it: Gray et al., "Quickly generating billion-record synthetic databases", SIGMOD 1994, with
 * YCSB's constant θ. An approximation: the two most frequent items have the law's own probabilities, the third one 1.2
 * times its own. `zipfRanks` draws from the law itself.
 */
const THETA = 0.99
const ZETA_2 = 1 + 0.5 ** THETA
const ALPHA = 1 / (1 - THETA)

/** Terms of ζ that are added one by one; the error of the rest's formula is below 10⁻¹² then. */
const EXACT_TERMS = 1_000

/** ζ(n) = Σ i^−θ for i = 1 … n: the first terms one by one, the rest by Euler and Maclaurin's formula. */
function zeta(n: number): number {
  let sum = 0
  const last = Math.min(n, EXACT_TERMS)
  for (let i = 1; i <= last; i++) sum += i ** -THETA
  if (n === last) return sum
  const integral = (n ** (1 - THETA) - last ** (1 - THETA)) / (1 - THETA)
  const ends = (n ** -THETA - last ** -THETA) / 2
  const slopes = (THETA * (last ** (-THETA - 1) - n ** (-THETA - 1))) / 12
  return sum + integral + ends + slopes
}

/** Ranks of items by frequency, of a number of items that may grow. */
export class GrayZipf {
  #count: number
  #zeta: number
  #eta: number

  /** @param itemsZeta ζ of the number of items, where it is known. */
  constructor(count: number, itemsZeta: number = zeta(count)) {
    this.#count = count
    this.#zeta = itemsZeta
    this.#eta = this.#newEta()
  }

  #newEta(): number {
    return (1 - (2 / this.#count) ** (1 - THETA)) / (1 - ZETA_2 / this.#zeta)
  }

  get count(): number {
    return this.#count
  }

  /** One item more. */
  grow(): void {
    this.#count++
    this.#zeta += this.#count ** -THETA
    this.#eta = this.#newEta()
  }

  /** The rank of a draw from [0, 1), 0 the most frequent. */
  rank(unit: number): number {
    const scaled = unit * this.#zeta
    if (scaled < 1) return 0
    if (scaled < ZETA_2) return 1
    const eta = this.#eta
    return Math.min(this.#count - 1, Math.floor(this.#count * (eta * unit - eta + 1) ** ALPHA))
  }
}

/** Zipf over this many items, whatever the number of keys: YCSB's ScrambledZipfianGenerator.ITEM_COUNT. */
const ITEM_COUNT = 1e10
/** ζ(10¹⁰, 0.99), precomputed in YCSB's ScrambledZipfianGenerator. */
const ZETA_N = 26.46902820178302
export const SCRAMBLED_RANKS = new GrayZipf(ITEM_COUNT, ZETA_N)

const TWO_32 = 2 ** 32
const FNV_OFFSET_HIGH = 0xcbf29ce4
const FNV_OFFSET_LOW = 0x84222325
/** The FNV prime is 2⁴⁰ + 435. */
const FNV_PRIME_LOW = 435

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
  return () => fnvHash64Modulo(SCRAMBLED_RANKS.rank(random.unit()), keyCount)
}
