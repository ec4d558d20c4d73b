import { NS_PER_SECOND } from '../base/units.ts'
import type { Estimate } from '../results/schema.ts'

/** The median of a few values with their smallest and largest; `level` null says that it is a range. */
export function spread(values: readonly number[], unit: string): Estimate {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const value =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { value, lower: sorted[0]!, upper: sorted.at(-1)!, level: null, n: sorted.length, unit }
}

/** Capacity from the completed rates of trials with a closed window. */
export function capacityOf(perSecond: readonly number[]): Estimate {
  return spread(perSecond, 'requests/s')
}

/**
 * What the architecture adds to a request: cores ÷ capacity − cores ÷ inline ceiling, in nanoseconds of one core.
 * The bounds combine the best of one with the worst of the other.
 */
export function overheadOf(capacity: Estimate, ceiling: Estimate, cores: number): Estimate {
  const costNs = (perSecond: number) => (cores * NS_PER_SECOND) / perSecond
  return {
    value: costNs(capacity.value) - costNs(ceiling.value),
    lower: costNs(capacity.upper) - costNs(ceiling.lower),
    upper: costNs(capacity.lower) - costNs(ceiling.upper),
    level: null,
    n: Math.min(capacity.n, ceiling.n),
    unit: 'ns',
  }
}
