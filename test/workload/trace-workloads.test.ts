import { expect, test } from 'vitest'
import { INSERT_OPERATION } from '../../harness/contract/request.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import { createKeySpace } from '../../harness/workload/keys.ts'
import {
  INSTANTS_PER_CYCLE,
  keyOf,
  operationOf,
  type Trace,
} from '../../harness/workload/trace-layout.ts'
import { createTrace, type TraceRequest } from '../../harness/workload/trace.ts'
import { chiSquare, UNLIKELY } from './goodness-of-fit.ts'

const KEYS = 1_000
const workload: Workload = {
  recordCount: KEYS,
  valueBytes: 100,
  operations: { read: 75, update: 25 },
  keys: { kind: 'scrambled-zipfian' },
  arrivals: { kind: 'poisson' },
}

function trace(changes: Partial<TraceRequest> = {}): Trace {
  const keySpace = createKeySpace(KEYS)
  const defaults = { workload, keySpace, portCount: 3, routing: 'random', seed: 1, count: 20_000 }
  return createTrace({ ...defaults, ...changes } as TraceRequest)
}

/** The requests of all ports, in the order of their instants. */
function entriesOf(from: Trace): { instant: number; request: number }[] {
  return from.ports
    .flatMap(({ instants, requests }) =>
      Array.from(instants, (instant, index) => ({ instant, request: requests[index]! })),
    )
    .toSorted((a, b) => a.instant - b.instant || a.request - b.request)
}

const inserting: Workload = {
  ...workload,
  recordCount: KEYS - 400,
  insertRoom: 400,
  operations: { read: 2, update: 0, insert: 1 },
  keys: { kind: 'latest' },
}
const roomy = createKeySpace(KEYS, KEYS - 400)

/** Key and operation of every request of one port, in order. */
function keysOf(changes: Partial<TraceRequest>): { key: number; operation: number }[] {
  const whole = trace({ workload: inserting, keySpace: roomy, portCount: 1, ...changes })
  return Array.from(whole.ports[0]!.requests, (request) => ({
    key: keyOf(request),
    operation: operationOf(request),
  }))
}

test.each([
  ['first', 600],
  ['second', 800],
] as const)('inserts take the %s half of the room, in order and then anew', (insertHalf, from) => {
  const inserted = keysOf({ insertHalf }).filter(({ operation }) => operation === INSERT_OPERATION)
  expect(inserted.length).toBeGreaterThan(400)
  expect(inserted.map(({ key }) => key)).toEqual(inserted.map((_, index) => from + (index % 200)))
})

test('the latest keys are of the records and of what the trace has inserted by then', () => {
  let newest = 599
  const first = keysOf({ insertHalf: 'first', count: 500 })
  let reads = 0
  for (const { key, operation } of first) {
    if (operation === INSERT_OPERATION) newest = key
    else if (key === newest) reads++
    expect(key).toBeLessThanOrEqual(newest)
  }
  // The most frequent of 600 to 766 by zipf: 13 to 14 % of 333 reads.
  expect(reads).toBeGreaterThan(25)
  expect(reads).toBeLessThan(65)
})

test('numbers of keys change nothing else, are uniform, and 1 for inserts', () => {
  const keysPerRequest = { minimum: 2, maximum: 5, spread: 'scattered' } as const
  const mixed = { ...inserting, keys: { kind: 'uniform' } } as const
  const order = { keySpace: roomy, count: 20_000 }
  const single = trace({ ...order, workload: mixed })
  const many = trace({ ...order, workload: { ...mixed, keysPerRequest } })
  const counts = new Int32Array(6)
  for (const [port, { requests, instants, legs, spread }] of many.ports.entries()) {
    expect(requests).toEqual(single.ports[port]!.requests)
    expect(instants).toEqual(single.ports[port]!.instants)
    expect(spread).toBe('scattered')
    const isInsert = (index: number) => operationOf(requests[index]!) === INSERT_OPERATION
    expect(legs.every((legCount, index) => !isInsert(index) || legCount === 1)).toBe(true)
    for (const legCount of legs.filter((_, index) => !isInsert(index))) counts[legCount]!++
  }
  expect([counts[0], counts[1]]).toEqual([0, 0])
  expect(chiSquare(counts.subarray(2), [0.25, 0.25, 0.25, 0.25])).toBeGreaterThan(UNLIKELY)
  expect(many.hash).not.toBe(single.hash)
})

test('clients that send the most make ports busy, under either routing, and change nothing else', () => {
  const heavyClients = { clients: 10, heavyShare: 0.1, requestShare: 0.9 }
  const heavy = trace({ workload: { ...workload, heavyClients } })
  const aware = trace({ workload: { ...workload, heavyClients }, routing: 'shard-aware' })
  expect(aware.hash).toBe(heavy.hash)
  expect(entriesOf(heavy)).toEqual(entriesOf(trace()))
  expect(heavy.busiestPortShare).toBeGreaterThan(0.9)
  expect(trace().busiestPortShare).toBeLessThan(0.36)
  expect(heavy.busiestPortShare).toBe(
    Math.max(...heavy.ports.map(({ count }) => count)) / heavy.count,
  )
})

test.each<Workload['arrivals']>([
  { kind: 'generalized-pareto', shape: 0.154971 },
  { kind: 'bursts', onShare: 0.1, requests: 50 },
])('requests of arrivals %o fill the cycle in order', (arrivals) => {
  const { ports, count, cycleGaps } = trace({ workload: { ...workload, arrivals } })
  expect(cycleGaps).toBe(count)
  for (const { instants } of ports) {
    expect(instants.toSorted()).toEqual(instants)
    expect(instants.at(-1)).toBeGreaterThan(0.9 * INSTANTS_PER_CYCLE)
  }
})
