import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import { fnvHash64Modulo, SCRAMBLED_RANKS, scrambledZipfian } from '../../harness/workload/zipf.ts'

const THETA = 0.99
const ITEMS = 1e10

/** `Math.abs(fnvhash64(value)) % modulus` of YCSB's Utils.java, in integers of any size. */
function referenceFnvModulo(value: bigint, modulus: bigint): number {
  let hash = 0xcbf29ce484222325n
  for (let rest = value, byte = 0; byte < 8; byte++, rest >>= 8n) {
    hash = BigInt.asUintN(64, (hash ^ (rest & 0xffn)) * 1_099_511_628_211n)
  }
  const signed = BigInt.asIntN(64, hash)
  return Number((signed < 0n ? -signed : signed) % modulus)
}

/** ζ(n, θ) = Σ i^−θ: the first terms one by one, the rest by the formula of Euler and Maclaurin. */
function zeta(n: number, theta: number): number {
  const exact = 100_000
  let sum = 0
  for (let i = 1; i < exact; i++) sum += i ** -theta
  const integral = (n ** (1 - theta) - exact ** (1 - theta)) / (1 - theta)
  const slopes = (theta * (exact ** (-theta - 1) - n ** (-theta - 1))) / 12
  return sum + integral + (exact ** -theta + n ** -theta) / 2 + slopes
}

/** Smallest draw whose rank is above `rank`: the share of draws up to it. */
function shareUpTo(rank: number): number {
  let [below, above] = [0, 1]
  for (let halving = 0; halving < 60; halving++) {
    const middle = (below + above) / 2
    if (SCRAMBLED_RANKS.rank(middle) <= rank) below = middle
    else above = middle
  }
  return above
}

test('FNV modulo the number of keys equals the reference', () => {
  const values = fc.oneof(fc.nat(1_000), fc.maxSafeNat(), fc.nat(ITEMS))
  const moduli = fc.integer({ min: 1, max: 2 ** 26 - 1 })
  fc.assert(
    fc.property(values, moduli, (value, modulus) => {
      expect(fnvHash64Modulo(value, modulus)).toBe(
        referenceFnvModulo(BigInt(value), BigInt(modulus)),
      )
    }),
    { numRuns: 1_000 },
  )
})

test('the two most frequent ranks have the probabilities 1/ζ and 0.5^θ/ζ', () => {
  const zetaOfItems = zeta(ITEMS, THETA)
  const first = shareUpTo(0)
  expect(first).toBeCloseTo(1 / zetaOfItems, 9)
  expect(shareUpTo(1) - first).toBeCloseTo(0.5 ** THETA / zetaOfItems, 9)
})

test('further ranks follow the distribution function, as closely as the approximation of Gray et al.', () => {
  const zetaOfItems = zeta(ITEMS, THETA)
  for (const rank of [100_000, 1_000_000, 100_000_000, ITEMS / 2]) {
    const exact = zeta(rank + 1, THETA) / zetaOfItems
    expect(Math.abs(shareUpTo(rank) - exact)).toBeLessThan(0.005)
  }
})

test('larger draws never have more frequent ranks, and ranks stay within the items', () => {
  const units = fc.double({ min: 0, max: 1 - 2 ** -53, noNaN: true })
  fc.assert(
    fc.property(units, units, (one, other) => {
      const [smaller, larger] = [
        SCRAMBLED_RANKS.rank(Math.min(one, other)),
        SCRAMBLED_RANKS.rank(Math.max(one, other)),
      ]
      expect(smaller).toBeLessThanOrEqual(larger)
      expect(smaller).toBeGreaterThanOrEqual(0)
      expect(larger).toBeLessThanOrEqual(ITEMS)
      expect(Number.isSafeInteger(larger)).toBe(true)
    }),
  )
})

test('the hottest of many keys gets 3.78 % of the draws, and keys stay in range', () => {
  const keyCount = 100_000
  const draws = 400_000
  const draw = scrambledZipfian(keyCount, seededRandom(42))
  const perKey = new Int32Array(keyCount)
  for (let i = 0; i < draws; i++) perKey[draw()]!++
  const hottest = fnvHash64Modulo(0, keyCount)
  expect(perKey.indexOf(Math.max(...perKey))).toBe(hottest)
  // Four standard deviations of a binomial share of 3.78 %.
  const tolerance = 4 * Math.sqrt((0.0378 * 0.9622) / draws)
  expect(Math.abs(perKey[hottest]! / draws - 0.0378)).toBeLessThan(tolerance)
  // No draw was outside the keys.
  expect(perKey.reduce((sum, count) => sum + count, 0)).toBe(draws)
})
