import { quantile } from 'simple-statistics'

/** Fewest runs of an architecture against itself that make a band. */
export const FEWEST_BAND_RUNS = 20

/**
 * How far from 1 a machine's ratios stray although nothing differs: the 95th percentile (linear between ranks) of
 * |ln ratio| over the point estimates of A/A runs, given back as a ratio ≥ 1. To be used as a threshold of `judge`.
 * @throws RangeError for fewer than 20 ratios, or one that is not positive.
 */
export function bandOf(ratios: readonly number[]): number {
  if (ratios.length < FEWEST_BAND_RUNS) {
    throw new RangeError(`a band needs at least ${FEWEST_BAND_RUNS} ratios: n=${ratios.length}`)
  }
  const strange = ratios.find((ratio) => !(ratio > 0 && Number.isFinite(ratio)))
  if (strange !== undefined) {
    throw new RangeError(`a ratio must be positive and finite: ratio=${strange}`)
  }
  return Math.exp(
    quantile(
      ratios.map((ratio) => Math.abs(Math.log(ratio))),
      0.95,
    ),
  )
}
