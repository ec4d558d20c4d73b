/**
 * Zipf's law as YCSB ships it: Gray et al., "Quickly generating billion-record synthetic databases", SIGMOD 1994, with
 * YCSB's constant θ. An approximation: the two most frequent items have the law's own probabilities, the third one 1.2
 * times its own. `zipf.ts` draws from the law itself.
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
