import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shardOf } from '../../harness/base/hash.ts'
import { READ_OPERATION, UPDATE_OPERATION } from '../../harness/contract/request.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import { createKeySpace } from '../../harness/workload/keys.ts'
import {
  INSTANTS_PER_CYCLE,
  keyOf,
  operationOf,
  type Trace,
} from '../../harness/workload/trace-layout.ts'
import { createTrace, type TraceRequest } from '../../harness/workload/trace.ts'

const KEYS = 1_000
const keySpace = createKeySpace(KEYS)
const workload: Workload = {
  recordCount: KEYS,
  valueBytes: 100,
  operations: { read: 75, update: 25 },
  keys: { kind: 'scrambled-zipfian' },
  arrivals: { kind: 'poisson' },
}

function uniform(kind: 'poisson' | 'constant'): Workload {
  return { ...workload, keys: { kind: 'uniform' }, arrivals: { kind } }
}

function trace(changes: Partial<TraceRequest> = {}): Trace {
  const defaults = { workload, keySpace, portCount: 3, routing: 'random', seed: 1, count: 20_000 }
  return createTrace({ ...defaults, ...changes } as TraceRequest)
}

/** One request as the trace says it. */
interface Entry {
  readonly instant: number
  readonly request: number
  readonly hash: number
}

/** The requests of one port, in their order. */
function entriesOfPort(from: Trace, port: number): Entry[] {
  const part = from.ports[port]!
  return Array.from({ length: part.count }, (_, index) => {
    return {
      instant: part.instants[index]!,
      request: part.requests[index]!,
      hash: part.hashes[index]!,
    }
  })
}

/** The requests of all ports, in the order of their instants. */
function entriesOf(from: Trace): Entry[] {
  return from.ports
    .flatMap((_, port) => entriesOfPort(from, port))
    .toSorted((a, b) => a.instant - b.instant || a.request - b.request)
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const small = { count: 200 }

test('the same seed gives the same trace, another seed another one', () => {
  fc.assert(
    fc.property(seeds, seeds, (seed, other) => {
      const first = trace({ ...small, seed })
      expect(trace({ ...small, seed })).toEqual(first)
      fc.pre(seed !== other)
      expect(trace({ ...small, seed: other }).hash).not.toBe(first.hash)
    }),
    { numRuns: 20 },
  )
})

test('either routing asks for the same keys and operations at the same instants', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 8 }), (seed, portCount) => {
      const random = trace({ ...small, seed, portCount })
      const aware = trace({ ...small, seed, portCount, routing: 'shard-aware' })
      expect(entriesOf(aware)).toEqual(entriesOf(random))
      expect(aware.hottestShardShare).toBe(random.hottestShardShare)
    }),
    { numRuns: 20 },
  )
})

test('shard-aware clients send every request to the port of the shard of its key', () => {
  const aware = trace({ routing: 'shard-aware' })
  for (const port of aware.ports.keys()) {
    const shards = entriesOfPort(aware, port).map(({ hash }) => shardOf(hash, aware.ports.length))
    expect(new Set(shards)).toEqual(new Set([port]))
  }
  const largest = Math.max(...aware.ports.map(({ count }) => count))
  expect(aware.hottestShardShare).toBe(largest / aware.count)
})

test('other clients choose any port, and any port gets requests of all shards', () => {
  const { ports, count } = trace()
  const perPort = count / ports.length
  for (const part of ports) {
    expect(Math.abs(part.count - perPort)).toBeLessThan(5 * Math.sqrt(perPort))
    const shards = Array.from(part.hashes, (hash) => shardOf(hash, ports.length))
    expect(new Set(shards).size).toBe(ports.length)
  }
})

test('every request carries the hash of its key, and one of the keys there are', () => {
  for (const { request, hash } of entriesOf(trace())) {
    expect(keyOf(request)).toBeLessThan(KEYS)
    expect(hash).toBe(keySpace.hashes[keyOf(request)])
  }
})

test('the ports together have all requests of a cycle, each in ascending order within it', () => {
  const whole = trace()
  expect(entriesOf(whole)).toHaveLength(whole.count)
  expect(whole.cycleGaps).toBe(whole.count)
  for (const { instants } of whole.ports) {
    expect(instants.toSorted()).toEqual(instants)
    expect(instants.at(-1)).toBeLessThan(INSTANTS_PER_CYCLE)
  }
})

test('exponential gaps have the mean and the spread that they should', () => {
  const instants = entriesOf(trace()).map(({ instant }) => instant)
  const meanGap = INSTANTS_PER_CYCLE / instants.length
  const gaps = instants.slice(1).map((instant, index) => (instant - instants[index]!) / meanGap)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
  const longer = gaps.filter((gap) => gap > 1).length / gaps.length
  expect(mean).toBeCloseTo(1, 2)
  expect(variance).toBeCloseTo(1, 1)
  expect(longer).toBeCloseTo(Math.exp(-1), 1)
})

test('constant gaps are equal to the resolution of the clock', () => {
  const constant: Workload = { ...workload, arrivals: { kind: 'constant' } }
  const instants = entriesOf(trace({ workload: constant })).map(({ instant }) => instant)
  const gaps = instants.slice(1).map((instant, index) => instant - instants[index]!)
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1)
})

test.each([
  [75, 25],
  [1, 0],
  [0, 3],
])('%i reads to %i updates is what the trace has', (read, update) => {
  const mixed = trace({ workload: { ...workload, operations: { read, update } } })
  const operations = entriesOf(mixed).map(({ request }) => operationOf(request))
  const reads = operations.filter((operation) => operation === READ_OPERATION).length
  const updates = operations.filter((operation) => operation === UPDATE_OPERATION).length
  const share = read / (read + update)
  expect(reads + updates).toBe(mixed.count)
  // Four standard deviations of a binomial share.
  const tolerance = 4 * Math.sqrt((share * (1 - share)) / mixed.count)
  expect(Math.abs(reads / mixed.count - share)).toBeLessThanOrEqual(tolerance)
})

test('uniform keys are equally frequent, zipfian ones are not', () => {
  const largestShare = (keys: Workload['keys']) => {
    const perKey = new Int32Array(KEYS)
    const { count, ports } = trace({ workload: { ...workload, keys } })
    for (const { requests } of ports) for (const request of requests) perKey[keyOf(request)]!++
    return Math.max(...perKey) / count
  }
  expect(largestShare({ kind: 'uniform' })).toBeLessThan(3 / KEYS)
  expect(largestShare({ kind: 'zipf', theta: 0 })).toBeLessThan(3 / KEYS)
  expect(largestShare({ kind: 'scrambled-zipfian' })).toBeGreaterThan(0.03)
  // 1 ÷ Σ i^−1 over 1,000 keys.
  expect(largestShare({ kind: 'zipf', theta: 1 })).toBeCloseTo(0.1336, 2)
})

test('skew changes which keys are asked for and nothing else', () => {
  const thetas = fc.double({ min: 0, max: 1.2, noNaN: true })
  fc.assert(
    fc.property(seeds, thetas, thetas, (seed, one, other) => {
      const whole = (theta: number) =>
        trace({ ...small, seed, workload: { ...workload, keys: { kind: 'zipf', theta } } })
      const apartFromKeys = ({ ports }: Trace) =>
        ports.map(({ instants, requests }) => [instants, requests.map(operationOf)])
      expect(apartFromKeys(whole(one))).toEqual(apartFromKeys(whole(other)))
    }),
    { numRuns: 20 },
  )
})

const shares = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))

test('a share of remote requests changes their ports and nothing else', () => {
  fc.assert(
    fc.property(seeds, shares, fc.integer({ min: 1, max: 8 }), (seed, remoteShare, portCount) => {
      const order = { ...small, seed, portCount }
      const remote = { ...order, workload: { ...workload, remoteShare } }
      const anyPort = trace(order)
      expect(entriesOf(trace(remote))).toEqual(entriesOf(anyPort))
      expect(trace(remote).hottestShardShare).toBe(anyPort.hottestShardShare)
    }),
    { numRuns: 20 },
  )
})

/** Requests by the shard of their key (rows) and the port where they arrive. */
function perShardAndPort(from: Trace): number[][] {
  const { ports } = from
  const counts = ports.map(() => ports.map(() => 0))
  for (const [port, { hashes }] of ports.entries())
    for (const hash of hashes) counts[shardOf(hash, ports.length)]![port]!++
  return counts
}

test.each([
  [0, 2],
  [0.3, 2],
  [1, 2],
  [0.3, 4],
  [0.75, 4],
  [1, 4],
  [0.3, 7],
])(
  'a share of %d of the requests is remote, alike at each of %i ports',
  (remoteShare, portCount) => {
    const counts = perShardAndPort(
      trace({ portCount, workload: { ...uniform('poisson'), remoteShare } }),
    )
    for (const [shard, perPort] of counts.entries()) {
      const count = perPort.reduce((sum, one) => sum + one, 0)
      for (const [port, seen] of perPort.entries()) {
        const share = port === shard ? 1 - remoteShare : remoteShare / (portCount - 1)
        // Four standard deviations of a binomial count; none where the share is 0 or 1.
        const tolerance = 4 * Math.sqrt(count * share * (1 - share))
        expect(Math.abs(seen - count * share)).toBeLessThanOrEqual(tolerance)
      }
    }
  },
)

test('with one port every request arrives there, whatever share should be remote', () => {
  const [part] = trace({ portCount: 1, workload: { ...workload, remoteShare: 1 } }).ports
  expect(part!.count).toBe(20_000)
})

test('shard-aware clients send nothing to other shards, whatever share should be remote', () => {
  const routing = 'shard-aware'
  const remote = trace({ routing, workload: { ...workload, remoteShare: 0.5 } })
  expect(remote.hash).toBe(trace({ routing }).hash)
  const local = trace({ workload: { ...workload, remoteShare: 0 } })
  expect(local.hash).toBe(remote.hash)
})

const serving: Workload = {
  ...workload,
  serviceTimes: { kind: 'exponential', meanMicros: 5_000 },
}

/** Instant and service time of every request, in the order of the instants. */
function servicesOf(from: Trace): [number, number][] {
  return from.ports
    .flatMap(({ instants, services }) =>
      Array.from(instants, (instant, index): [number, number] => [instant, services[index]!]),
    )
    .toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
}

test.each([
  [workload, 'random', '1f135212b158b988'],
  [workload, 'shard-aware', '710bf89f74f7055c'],
  [uniform('constant'), 'random', '1678d9b11e5a918c'],
  [uniform('constant'), 'shard-aware', '8a2375851dda6a49'],
] as const)(
  'trace %# is what it was before traces had service times, skews and remote shares',
  (of, routing, hash) => {
    const whole = trace({ workload: of, routing })
    expect(whole.hash).toBe(hash)
    expect(whole.ports.every(({ services }) => services.length === 0)).toBe(true)
  },
)

test('every request has its own service time where the workload draws them', () => {
  const { ports } = trace({ workload: serving })
  for (const { count, services } of ports) {
    expect(services).toHaveLength(count)
    expect(services.every((ns) => ns >= 0)).toBe(true)
    // So many nanoseconds that hardly two draws are alike.
    expect(new Set(services).size).toBeGreaterThan(0.99 * count)
  }
})

test('fixed service times are the same for all requests', () => {
  const { ports } = trace({
    workload: { ...workload, serviceTimes: { kind: 'fixed', meanMicros: 2_000 } },
  })
  expect(new Set(ports.flatMap(({ services }) => [...services]))).toEqual(new Set([2_000_000]))
})

test('the same seed gives the same service times, under either routing', () => {
  const ports = fc.integer({ min: 1, max: 8 })
  fc.assert(
    fc.property(seeds, seeds, ports, (seed, other, portCount) => {
      const changes = { ...small, workload: serving, portCount }
      const first = trace({ ...changes, seed })
      expect(trace({ ...changes, seed })).toEqual(first)
      const aware = trace({ ...changes, seed, routing: 'shard-aware' })
      expect(servicesOf(aware)).toEqual(servicesOf(first))
      fc.pre(seed !== other)
      expect(servicesOf(trace({ ...changes, seed: other }))).not.toEqual(servicesOf(first))
    }),
    { numRuns: 20 },
  )
})

test('traces that differ only in service times have different hashes', () => {
  const fixed = (meanMicros: number): Workload => ({
    ...workload,
    serviceTimes: { kind: 'fixed', meanMicros },
  })
  const hashes = [workload, fixed(1_000), fixed(1_001)].map((of) => trace({ workload: of }).hash)
  expect(new Set(hashes).size).toBe(3)
})
