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
export function shuffledKeys(count: number): Int32Array {
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
