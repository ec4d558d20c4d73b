import { expect, test } from 'vitest'
import { shardOf } from '../../harness/base/hash.ts'
import { READ_OPERATION, UPDATE_OPERATION } from '../../harness/contract/request.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import { assembleTrace, type OrderedRequests } from '../../harness/workload/trace.ts'
import { createKeySpace } from '../../harness/workload/keys.ts'
import { INSTANTS_PER_CYCLE, legKey, packRequest } from '../../harness/workload/trace-layout.ts'

const WORKLOAD: Workload = {
  recordCount: 10,
  valueBytes: 8,
  operations: { read: 1, update: 1 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'constant' },
}
const KEY_SPACE = createKeySpace(10)
const FOUR: OrderedRequests = {
  instants: Float64Array.of(0, 1, 3, 6),
  cycleLength: 8,
  keys: Int32Array.of(5, 2, 5, 9),
  operations: Uint8Array.of(READ_OPERATION, UPDATE_OPERATION, UPDATE_OPERATION, READ_OPERATION),
  ports: Int32Array.of(1, 0, 1, 1),
  services: new Int32Array(0),
  legs: new Uint8Array(0),
}
const ORDER = { workload: WORKLOAD, portCount: 2, routing: 'random', seed: 1, count: 4 } as const

test('each port gets its requests, at their instants within the cycle', () => {
  const trace = assembleTrace(FOUR, ORDER, KEY_SPACE)
  expect([trace.count, trace.cycleGaps]).toEqual([4, 4])
  const [first, second] = trace.ports
  expect([...first!.requests]).toEqual([packRequest(2, UPDATE_OPERATION)])
  expect([...first!.instants]).toEqual([INSTANTS_PER_CYCLE / 8])
  expect([...second!.requests]).toEqual([
    packRequest(5, READ_OPERATION),
    packRequest(5, UPDATE_OPERATION),
    packRequest(9, READ_OPERATION),
  ])
  expect([...second!.instants]).toEqual([0, 3, 6].map((at) => (at * INSTANTS_PER_CYCLE) / 8))
  expect([...second!.hashes]).toEqual([5, 5, 9].map((key) => KEY_SPACE.hashes[key]))
  expect([second!.services.length, second!.legs.length, second!.spread]).toEqual([0, 0, null])
})

test('a request at the very end of the cycle is still in it', () => {
  const trace = assembleTrace({ ...FOUR, cycleLength: 6 }, ORDER, KEY_SPACE)
  expect(trace.ports[1]!.instants.at(-1)).toBe(INSTANTS_PER_CYCLE - 1)
})

test('shares of the busiest shard and port are counted over requests', () => {
  const trace = assembleTrace(FOUR, ORDER, KEY_SPACE)
  expect(trace.busiestPortShare).toBe(3 / 4)
  const shards = [...FOUR.keys].map((key) => shardOf(KEY_SPACE.hashes[key]!, 2))
  const ones = shards.filter((shard) => shard === 1).length
  expect(trace.hottestShardShare).toBe(Math.max(ones, 4 - ones) / 4)
})

test('each key of a request counts for its shard, and the number of keys is in the trace', () => {
  const workload: Workload = {
    ...WORKLOAD,
    keysPerRequest: { minimum: 1, maximum: 3, spread: 'scattered' },
  }
  const legs = Uint8Array.of(1, 3, 2, 1)
  const trace = assembleTrace({ ...FOUR, legs }, { ...ORDER, workload }, KEY_SPACE)
  expect(trace.ports.map((port) => [...port.legs])).toEqual([[3], [1, 2, 1]])
  expect(trace.ports.map((port) => port.spread)).toEqual(['scattered', 'scattered'])
  const shards = [...FOUR.keys].flatMap((key, index) =>
    Array.from({ length: legs[index]! }, (_, leg) =>
      shardOf(KEY_SPACE.hashes[legKey('scattered', key, leg, 10)]!, 2),
    ),
  )
  const ones = shards.filter((shard) => shard === 1).length
  expect(trace.hottestShardShare).toBe(Math.max(ones, 7 - ones) / 7)
})

test('the hash tells traces apart by every part of a request', () => {
  const many = { keysPerRequest: { minimum: 1, maximum: 3, spread: 'neighbours' } } as const
  const workload = { ...WORKLOAD, ...many }
  const hashOf = (changes: Partial<OrderedRequests>) =>
    assembleTrace({ ...FOUR, ...changes }, { ...ORDER, workload }, KEY_SPACE).hash
  const hashes = [
    {},
    { instants: Float64Array.of(0, 1, 3, 7) },
    { keys: Int32Array.of(5, 2, 5, 8) },
    { operations: Uint8Array.of(1, 2, 2, 4) },
    { services: Int32Array.of(1, 2, 3, 4) },
    { services: Int32Array.of(1, 2, 3, 5) },
    { legs: Uint8Array.of(1, 1, 1, 1) },
    { legs: Uint8Array.of(1, 1, 1, 2) },
  ].map(hashOf)
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(hashOf({})).toBe(hashes[0])
})
