import type { ServiceTimes } from '../contract/workload.ts'

/** Parts of a shape in any unit: only their ratios count. */
type Parts = Extract<ServiceTimes, { kind: 'mixture' }>['parts']

/** A mixture of these ratios whose mean is `meanMicros`. */
function mixture(parts: Parts): (meanMicros: number) => ServiceTimes {
  const weight = parts.reduce((sum, part) => sum + part.weight, 0)
  const mean = parts.reduce((sum, part) => sum + part.weight * part.micros, 0) / weight
  return (meanMicros) => ({
    kind: 'mixture',
    parts: parts.map((part) => ({ ...part, micros: (part.micros * meanMicros) / mean })),
  })
}

/** The service times that the field measures schedulers with, scaled to a mean in microseconds; their ratios are kept. */
export const SERVICE_SHAPES = {
  fixed: (meanMicros: number): ServiceTimes => ({ kind: 'fixed', meanMicros }),
  exponential: (meanMicros: number): ServiceTimes => ({ kind: 'exponential', meanMicros }),
  /** ZygOS (SOSP 2017): one in ten takes eleven times as long as the others. */
  'bimodal-1': mixture([
    { weight: 0.9, micros: 0.5 },
    { weight: 0.1, micros: 5.5 },
  ]),
  /** ZygOS: one in a thousand takes 1,001 times as long. */
  'bimodal-2': mixture([
    { weight: 0.999, micros: 0.5 },
    { weight: 0.001, micros: 500.5 },
  ]),
  /** Shinjuku (NSDI 2019), Perséphone (SOSP 2021): half of them take a hundred times as long. */
  'high-bimodal': mixture([
    { weight: 0.5, micros: 1 },
    { weight: 0.5, micros: 100 },
  ]),
  /** Shinjuku, Perséphone: one in 200 takes a thousand times as long. */
  'extreme-bimodal': mixture([
    { weight: 0.995, micros: 0.5 },
    { weight: 0.005, micros: 500 },
  ]),
  /** Perséphone: Payment, OrderStatus, NewOrder, Delivery and StockLevel of TPC-C in Silo. */
  'tpc-c': mixture([
    { weight: 0.44, micros: 5.7 },
    { weight: 0.04, micros: 6 },
    { weight: 0.44, micros: 20 },
    { weight: 0.04, micros: 88 },
    { weight: 0.04, micros: 100 },
  ]),
  /** Perséphone's artifact: gets and scans of RocksDB, half and half. */
  'rocksdb-half': mixture([
    { weight: 0.5, micros: 2 },
    { weight: 0.5, micros: 1_050 },
  ]),
  /** Shinjuku: the same, one scan in 200. */
  'rocksdb-rare': mixture([
    { weight: 0.995, micros: 2 },
    { weight: 0.005, micros: 1_050 },
  ]),
} as const satisfies Readonly<Record<string, (meanMicros: number) => ServiceTimes>>

/** Name of a shape of service times. */
export type ServiceShape = keyof typeof SERVICE_SHAPES
