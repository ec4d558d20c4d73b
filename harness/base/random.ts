import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Seeded random numbers; two generators of the same seed give the same numbers on every machine. */
export interface Random {
  /** A signed 32-bit integer, all values equally likely. */
  int32(): number
  /** Uniform in [0, 1) with 53 random bits. */
  unit(): number
}

const TWO_26 = 2 ** 26
const TWO_53 = 2 ** 53
const GOLDEN_GAMMA = 0x9e3779b9

/** Mixes integers into one 32-bit seed, so that (seed, 1) and (seed, 2) give unrelated sequences (MurmurHash3 finalizer). */
export function combineSeeds(...parts: readonly number[]): number {
  let state = GOLDEN_GAMMA
  for (const part of parts) {
    // Seeds above 2³² must not collide with their lower halves.
    for (const half of [part | 0, Math.floor(part / 2 ** 32) | 0]) {
      state = (Math.imul(state ^ half, 0x85ebca6b) + GOLDEN_GAMMA) | 0
      state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
      state ^= state >>> 16
    }
  }
  return state
}

/** xoroshiro128+ by pure-rand, seeded with any integer. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(combineSeeds(seed))
  return {
    int32: () => generator.next(),
    unit: () => {
      // The low bits of xoroshiro128+ are weak (Vigna 2018): take the upper ones.
      const high = generator.next() >>> 5
      const low = generator.next() >>> 6
      return (high * TWO_26 + low) / TWO_53
    },
  }
}

/** A seed for a run in which the user gave none: 31 bits, to be printed and stored. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1
}
