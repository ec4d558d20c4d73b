import type { ValueRatios } from './crossing.ts'
import type { Direction } from './isotonic.ts'
import { medianInterval } from './median-interval.ts'

/**
 * Two values, the smaller first, whose ratios are in the wrong order for a curve of this direction: both intervals of
 * their medians reach the level, and lie wholly apart. Null when no two contradict it; values with too few pairs never
 * do. Of several the two that are furthest apart.
 * @param values ascending
 */
export function contradiction(
  values: readonly ValueRatios[],
  direction: Direction,
  level: number,
): readonly [number, number] | null {
  const sign = direction === 'increasing' ? 1 : -1
  const known = values.flatMap(({ value, logRatios }) => {
    const { lower, upper, level: achieved } = medianInterval(logRatios, level)
    if (achieved < level) return []
    return sign === 1 ? [{ value, lower, upper }] : [{ value, lower: -upper, upper: -lower }]
  })
  let widest = 0
  let found: readonly [number, number] | null = null
  for (const [place, before] of known.entries()) {
    for (const after of known.slice(place + 1)) {
      const gap = before.lower - after.upper
      if (gap > widest) {
        widest = gap
        found = [before.value, after.value]
      }
    }
  }
  return found
}
