import type { Random } from '../base/random.ts'
import { NS_PER_US } from '../base/units.ts'
import type { ServiceTimes } from '../contract/scenario.ts'

/** Longest service time of a request: what fits a positive Int32 of nanoseconds, 2.1 s. */
const LONGEST_NS = 2 ** 31 - 1

/** Draws service times in whole nanoseconds. One exponential draw in 10⁹ or fewer is cut, at a mean of 100 ms. */
export function serviceDrawer(services: ServiceTimes, random: Random): () => number {
  const meanNs = services.meanMicros * NS_PER_US
  if (services.kind === 'fixed') return () => Math.round(meanNs)
  // Inversion; 1 − u is in (0, 1], so the logarithm is finite.
  return () => Math.min(LONGEST_NS, Math.round(-meanNs * Math.log(1 - random.unit())))
}
