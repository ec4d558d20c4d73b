import type { Random } from '../../harness/base/random.ts'

/** An exponential variate of mean 1. */
export function exponential(random: Random): number {
  return -Math.log1p(-random.unit())
}

/** A standard normal variate (Box & Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(2 * exponential(random)) * Math.cos(2 * Math.PI * random.unit())
}

/** Normal with one value in ten from five times the spread (Tukey 1960): symmetric, with heavy tails. */
export function contaminated(random: Random): number {
  return normal(random) * (random.unit() < 0.1 ? 5 : 1)
}
