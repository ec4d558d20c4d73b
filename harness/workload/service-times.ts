import type { Random } from '../base/random.ts'
import { NS_PER_US } from '../base/units.ts'
import type { ServiceTimes } from '../contract/workload.ts'

/** Longest service time of a request: what fits a positive Int32 of nanoseconds, 2.1 s. */
const LONGEST_NS = 2 ** 31 - 1

/** Mean of the service times, microseconds. */
export function meanServiceMicros(services: ServiceTimes): number {
  if (services.kind !== 'mixture') return services.meanMicros
  const weight = services.parts.reduce((sum, part) => sum + part.weight, 0)
  return services.parts.reduce((sum, part) => sum + part.weight * part.micros, 0) / weight
}

/** The same times, divided by `speed`. */
export function fasterServices(services: ServiceTimes, speed: number): ServiceTimes {
  if (services.kind !== 'mixture') return { ...services, meanMicros: services.meanMicros / speed }
  const parts = services.parts.map((part) => ({ ...part, micros: part.micros / speed }))
  return { ...services, parts }
}

/** Draws service times in whole nanoseconds. One exponential draw in 10⁹ or fewer is cut, at a mean of 100 ms. */
export function serviceDrawer(services: ServiceTimes, random: Random): () => number {
  if (services.kind === 'mixture') return mixtureDrawer(services.parts, random)
  const meanNs = services.meanMicros * NS_PER_US
  if (services.kind === 'fixed') return () => Math.round(meanNs)
  // Inversion; 1 − u is in (0, 1], so the logarithm is finite.
  return () => Math.min(LONGEST_NS, Math.round(-meanNs * Math.log(1 - random.unit())))
}

type Parts = Extract<ServiceTimes, { kind: 'mixture' }>['parts']

/** Inversion of the parts' cumulated weights. */
function mixtureDrawer(parts: Parts, random: Random): () => number {
  let sum = 0
  const cumulated = parts.map(({ weight }) => (sum += weight))
  const ns = parts.map(({ micros }) => Math.round(micros * NS_PER_US))
  return () => {
    const drawn = random.unit() * sum
    let part = 0
    while (part < cumulated.length - 1 && drawn >= cumulated[part]!) part++
    return ns[part]!
  }
}
