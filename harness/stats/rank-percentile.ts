/**
 * The value of rank max(1, ⌈n·fraction⌉) of ascending values: the smallest that a share of `fraction` does not exceed
 * (nearest rank; Hyndman & Fan 1996, definition 1). Always one of the values.
 * @throws RangeError when there is no value or the fraction lies outside [0, 1].
 */
export function rankPercentile(sorted: Float64Array, fraction: number): number {
  if (sorted.length === 0) throw new RangeError('no values: n=0')
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`fraction must lie in 0 … 1: fraction=${fraction}`)
  }
  return sorted[Math.max(1, Math.ceil(sorted.length * fraction)) - 1]!
}
