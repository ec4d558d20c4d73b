import chi2gof from '@stdlib/stats-chi2gof'
import kstest from '@stdlib/stats-kstest'
import { expect } from 'vitest'

/** Draws by the law itself are less probable than this once in a thousand seeds: then a test refuses them. */
export const UNLIKELY = 0.001
/** Rule of thumb for the chi-square test: cells with fewer expected draws join the one behind them. */
const LEAST_EXPECTED = 10

/** By Kolmogorov and Smirnov: the probability that draws of a continuous law with this distribution function are as far from it as these. */
export function kolmogorovSmirnov(
  draws: ArrayLike<number>,
  distribution: (x: number) => number,
): number {
  return kstest(Float64Array.from(draws), distribution).pValue
}

/** By chi-square: the probability that counts by these shares, which add up to 1, are as far from them as these. */
export function chiSquare(counts: ArrayLike<number>, shares: ArrayLike<number>): number {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0)
  const cells = [{ seen: 0, due: 0 }]
  for (let index = 0; index < counts.length; index++) {
    if (cells.at(-1)!.due >= LEAST_EXPECTED) cells.push({ seen: 0, due: 0 })
    cells.at(-1)!.seen += counts[index]!
    cells.at(-1)!.due += shares[index]! * total
  }
  const last = cells.at(-1)!
  if (last.due < LEAST_EXPECTED && cells.length > 1) {
    cells.pop()
    cells.at(-1)!.seen += last.seen
    cells.at(-1)!.due += last.due
  }
  expect(cells.length).toBeGreaterThan(1)
  const seen = Float64Array.from(cells, (cell) => cell.seen)
  const due = Float64Array.from(cells, (cell) => cell.due)
  return chi2gof(seen, due).pValue
}

/** How often each value 0 … count − 1 came. */
export function tally(draw: () => number, count: number, draws: number): Int32Array {
  const counts = new Int32Array(count)
  for (let i = 0; i < draws; i++) counts[draw()]!++
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(draws)
  return counts
}
