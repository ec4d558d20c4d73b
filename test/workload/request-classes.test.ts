import { expect, test } from 'vitest'
import { shardOf } from '../../harness/base/hash.ts'
import { READ_OPERATION } from '../../harness/contract/request.ts'
import type { RequestClasses, Workload } from '../../harness/contract/workload.ts'
import { createKeySpace } from '../../harness/workload/keys.ts'
import { createTrace } from '../../harness/workload/trace.ts'
import { keyOf, operationOf, type PortTrace } from '../../harness/workload/trace-layout.ts'

const KEYS = 100
const KEY_SPACE = createKeySpace(KEYS)
const PORTS = 4
const COUNT = 20_000

function drawn(changes: Partial<Workload>, classes?: RequestClasses) {
  const workload: Workload = {
    recordCount: KEYS,
    valueBytes: 8,
    operations: { read: 3, update: 1 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    ...changes,
    ...(classes && { classes }),
  }
  const order = { workload, portCount: PORTS, routing: 'random', seed: 7, count: COUNT } as const
  return createTrace({ ...order, keySpace: KEY_SPACE })
}

/** What is true of every request of each class, as a set. */
function seen<T>(ports: readonly PortTrace[], what: (port: PortTrace, at: number) => T): Set<T>[] {
  const sets: Set<T>[] = []
  for (const port of ports)
    for (let at = 0; at < port.count; at++)
      (sets[port.classes[at]!] ??= new Set()).add(what(port, at))
  return sets
}

/** Share of the requests, by class. */
function shares(ports: readonly PortTrace[]): number[] {
  const counts: number[] = []
  for (const { classes } of ports)
    for (const requestClass of classes) counts[requestClass] = (counts[requestClass] ?? 0) + 1
  return counts.map((count) => count / COUNT)
}

const HOT = { by: 'hot-key', names: ['hot', 'same-shard', 'other-shards'] } as const

test('the hot key, other keys of its shard, and keys of other shards', () => {
  const { ports } = drawn({ keys: { kind: 'hot-key', share: 0.3 } }, HOT)
  const keys = seen(ports, (port, at) => keyOf(port.requests[at]!))
  const shards = keys.map(
    (ofClass) => new Set([...ofClass].map((key) => shardOf(KEY_SPACE.hashes[key]!, PORTS))),
  )
  expect(keys[0]!.size).toBe(1)
  expect(shards[1]).toEqual(shards[0])
  expect(shards[2]!.size).toBe(PORTS - 1)
  expect([...shards[2]!].some((shard) => shards[0]!.has(shard))).toBe(false)
  expect(shares(ports)[0]).toBeCloseTo(0.3, 1)
})

test('it is the same key whatever the distribution, so that its neighbours without a hot key are the same', () => {
  const hot = (keys: Workload['keys']) => [
    ...seen(drawn({ keys }, HOT).ports, (port, at) => keyOf(port.requests[at]!))[0]!,
  ]
  const [key] = hot({ kind: 'hot-key', share: 0.5 })
  for (const keys of [{ kind: 'uniform' }, { kind: 'zipf', theta: 1.2 }] as const)
    expect([keys.kind, ...hot(keys)]).toEqual([keys.kind, key])
})

test('heavy clients and light ones, of any port', () => {
  const heavyClients = { clients: 30, heavyShare: 0.1, requestShare: 0.9 }
  const { ports } = drawn({ heavyClients }, { by: 'client', names: ['heavy', 'light'] })
  expect(shares(ports)[0]).toBeCloseTo(0.9, 2)
  // Three clients are heavy: no more ports have any; light ones are everywhere.
  const portsOf = seen(ports, (port) => ports.indexOf(port))
  expect(portsOf[0]!.size).toBeLessThanOrEqual(3)
  expect(portsOf[1]!.size).toBe(PORTS)
})

test('by service time drawn: the limit itself is in the class below', () => {
  const parts = [0, 10, 11, 500].map((micros) => ({ weight: 1, micros }))
  const { ports } = drawn(
    { serviceTimes: { kind: 'mixture', parts } },
    { by: 'service-time', upToMicros: [0, 10], names: ['none', 'short', 'long'] },
  )
  expect(seen(ports, (port, at) => port.services[at])).toEqual([
    new Set([0]),
    new Set([10_000]),
    new Set([11_000, 500_000]),
  ])
})

test('by operation', () => {
  const { ports } = drawn({}, { by: 'operation', names: ['reads', 'writes'] })
  const reads = seen(ports, (port, at) => operationOf(port.requests[at]!) === READ_OPERATION)
  expect(reads).toEqual([new Set([true]), new Set([false])])
})

test('classes change nothing else of a trace, and its hash tells of them', () => {
  const [plain, classed] = [drawn({}), drawn({}, HOT)]
  expect(plain.ports.every(({ classes }) => classes.length === 0)).toBe(true)
  for (const [index, port] of plain.ports.entries()) {
    const { requests, instants } = classed.ports[index]!
    expect([requests, instants]).toEqual([port.requests, port.instants])
  }
  expect(classed.hash).not.toBe(plain.hash)
})
