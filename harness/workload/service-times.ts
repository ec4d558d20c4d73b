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

/** A mixture of these ratios whose mean is `meanMicros`. @param parts weight and time of each. */
function mixture(
  ...parts: readonly (readonly [weight: number, micros: number])[]
): (meanMicros: number) => ServiceTimes {
  const services: ServiceTimes = {
    kind: 'mixture',
    parts: parts.map(([weight, micros]) => ({ weight, micros })),
  }
  const mean = meanServiceMicros(services)
  return (meanMicros) => fasterServices(services, mean / meanMicros)
}

/** The service times that the field measures schedulers with, scaled to a mean in microseconds; their ratios are kept. */
export const SERVICE_SHAPES = {
  fixed: (meanMicros: number): ServiceTimes => ({ kind: 'fixed', meanMicros }),
  exponential: (meanMicros: number): ServiceTimes => ({ kind: 'exponential', meanMicros }),
  /** ZygOS (SOSP 2017): one in ten takes eleven times as long as the others. */
  'bimodal-1': mixture([0.9, 0.5], [0.1, 5.5]),
  /** ZygOS: one in a thousand takes 1,001 times as long. */
  'bimodal-2': mixture([0.999, 0.5], [0.001, 500.5]),
  /** Shinjuku (NSDI 2019), Perséphone (SOSP 2021): half of them take a hundred times as long. */
  'high-bimodal': mixture([0.5, 1], [0.5, 100]),
  /** Shinjuku, Perséphone: one in 200 takes a thousand times as long. */
  'extreme-bimodal': mixture([0.995, 0.5], [0.005, 500]),
  /** Perséphone: Payment, OrderStatus, NewOrder, Delivery and StockLevel of TPC-C in Silo. */
  'tpc-c': mixture([0.44, 5.7], [0.04, 6], [0.44, 20], [0.04, 88], [0.04, 100]),
  /** Perséphone's artifact: gets and scans of RocksDB, half and half. */
  'rocksdb-half': mixture([0.5, 2], [0.5, 1_050]),
  /** Shinjuku: the same, one scan in 200. */
  'rocksdb-rare': mixture([0.995, 2], [0.005, 1_050]),
} as const satisfies Readonly<Record<string, (meanMicros: number) => ServiceTimes>>

/** Name of a shape of service times. */
export type ServiceShape = keyof typeof SERVICE_SHAPES
