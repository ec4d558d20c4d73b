import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shardOf } from '../../harness/base/hash.ts'
import { READ_OPERATION, UPDATE_OPERATION } from '../../harness/contract/request.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import { keySpaceOf } from '../../harness/workload/known-records.ts'
import {
  firstOfRound,
  logTrace,
  logWorkload,
  partOfRound,
  type RequestLog,
  RequestLogBuilder,
} from '../../harness/workload/request-log.ts'
import {
  INSTANTS_PER_CYCLE,
  keyOf,
  operationOf,
  type Routing,
  type Trace,
} from '../../harness/workload/trace-layout.ts'

const OWN: Workload = {
  recordCount: 5,
  insertRoom: 10,
  valueBytes: 100,
  valueSizes: 'facebook-etc',
  operations: { read: 1, update: 0, insert: 1 },
  keys: { kind: 'latest' },
  arrivals: { kind: 'constant' },
  background: { share: 0.1, sliceMicros: 100, priorities: true },
}

function logOf(gaps: readonly number[]): RequestLog {
  const builder = new RequestLogBuilder()
  let instant = 0
  gaps.forEach((gap, at) => {
    instant += gap
    builder.add(instant, at % 3 === 0 ? UPDATE_OPERATION : READ_OPERATION, `k${at % 7}`, 20 + at)
  })
  return builder.finish({ file: 'log.csv', sha256: '' })!
}

function traceOf(
  log: RequestLog,
  {
    part = 'round',
    seed = 1,
    routing = 'random',
    count = 4,
    portCount = 2,
  }: {
    part?: 'round' | 'end'
    seed?: number
    routing?: Routing
    count?: number
    portCount?: number
  } = {},
): Trace {
  const workload = logWorkload(log, OWN)
  const order = { workload, portCount, routing, seed, count }
  return logTrace(log, part, order, keySpaceOf(workload, log.sizes))
}

/** The requests of all ports, merged by their instants. */
function requestsOf(trace: Trace): { instant: number; key: number; operation: number }[] {
  return trace.ports
    .flatMap(({ instants, requests }) =>
      Array.from(requests, (request, at) => ({
        instant: instants[at]! / INSTANTS_PER_CYCLE,
        key: keyOf(request),
        operation: operationOf(request),
      })),
    )
    .toSorted((a, b) => a.instant - b.instant)
}

// Instants differ, so that their order is that of the log.
const gapsArbitrary = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 40 })

test('a trace has a log’s requests at its instants, the mean gap behind the last', () => {
  fc.assert(
    fc.property(gapsArbitrary, fc.integer(), (gaps, seed) => {
      const log = logOf(gaps)
      const trace = traceOf(log, { seed })
      const played = requestsOf(trace)
      expect(trace.count).toBe(gaps.length)
      expect(trace.cycleGaps).toBe(gaps.length)
      const first = firstOfRound(log, seed)
      const turned = <T>(all: Iterable<T>) => [...all].slice(first).concat([...all].slice(0, first))
      expect(played.map(({ key }) => key)).toEqual(turned(log.keys))
      expect(played.map(({ operation }) => operation)).toEqual(turned(log.operations))
      const cycleSeconds = gaps.length / log.perSecond
      const ends = turned(log.instants).map(
        (at) => (at - log.instants[first]! + cycleSeconds) % cycleSeconds,
      )
      for (const [at, { instant }] of played.entries())
        expect(instant).toBeCloseTo(ends[at]! / cycleSeconds, 8)
    }),
    { seed: 2, numRuns: 100 },
  )
})

const LOG = logOf(Array.from({ length: 60 }, (_, at) => 1 + (at % 4)))

test('a seed decides the ports and the request to begin with, and nothing else', () => {
  const [first, again, other] = [1, 1, 2].map((seed) => traceOf(LOG, { seed }))
  expect(again!.hash).toBe(first!.hash)
  expect(other!.hash).not.toBe(first!.hash)
  const keys = [first!, other!].map((trace) => requestsOf(trace).map(({ key }) => key))
  expect(keys[1]).toHaveLength(keys[0]!.length)
  expect([...keys[0]!, ...keys[0]!].join()).toContain(keys[1]!.join())
})

test('rounds meet bursts and silences as often as they last, and none begins in a silence', () => {
  // Ten requests a second for ten seconds, 1,000 in one, ten seconds without any.
  const calm = Array.from({ length: 100 }, () => 0.1)
  const log = logOf([...calm, ...Array.from({ length: 1_000 }, () => 0.001), 10, 0.1])
  const begins = Array.from({ length: 3_000 }, (_, seed) => firstOfRound(log, seed))
  const share = (from: number, to: number) =>
    begins.filter((at) => at >= from && at < to).length / begins.length
  expect(share(0, 100)).toBeCloseTo(10 / 21, 1)
  expect(share(100, 1_100)).toBeCloseTo(1 / 21, 1)
  // Behind the silence goes on what is next.
  expect(share(1_100, 1_101)).toBeCloseTo(10 / 21, 1)
  expect(new Set(begins).size).toBeGreaterThan(100)
})

test('the requests of a part are counted from their instants, around the end, too', () => {
  const part = fc.record({
    seconds: fc.double({ min: 0.01, max: 90, noNaN: true }),
    seed: fc.nat(),
  })
  fc.assert(
    fc.property(gapsArbitrary, part, (gaps, { seconds, seed }) => {
      const log = logOf(gaps)
      const cycle = log.instants.at(-1)! + 1 / log.perSecond
      const first = firstOfRound(log, seed)
      const from = log.instants[first]!
      let due = 0
      for (let lap = 0; lap * cycle < from + seconds; lap++)
        for (const at of log.instants) {
          const instant = at + lap * cycle
          // A count at the very instant may go either way by rounding.
          if (Math.abs(instant - from - seconds) < 1e-9) return
          if (instant >= from && instant < from + seconds) due++
        }
      expect(partOfRound(log, seed, seconds)).toEqual({ fromSeconds: from, requests: due })
    }),
    { seed: 7, numRuns: 200 },
  )
})

test('clients that are shard-aware send each request to the port of its key', () => {
  const keySpace = keySpaceOf(logWorkload(LOG, OWN), LOG.sizes)
  const { ports } = traceOf(LOG, { routing: 'shard-aware' })
  for (const [port, { requests }] of ports.entries())
    for (const request of requests) expect(shardOf(keySpace.hashes[keyOf(request)]!, 2)).toBe(port)
})

test('the end of a log is its last requests, the first of them at once', () => {
  const end = requestsOf(traceOf(LOG, { part: 'end', count: 10 }))
  expect(end).toHaveLength(10)
  expect(end.map(({ key }) => key)).toEqual(Array.from(LOG.keys.slice(-10)))
  expect(end[0]!.instant).toBe(0)
  expect(requestsOf(traceOf(LOG, { part: 'end', count: 1_000 }))).toHaveLength(60)
})

test('a workload keeps its surroundings and gets a log’s records and mix', () => {
  expect(logWorkload(LOG, OWN)).toEqual({
    recordCount: 7,
    // The largest value has 79 bytes, its head included.
    valueBytes: 80,
    operations: { read: 40, update: 20 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    background: OWN.background,
  })
})

test('requests of a log have the classes that they show by themselves, and no others', () => {
  const byOperation = { by: 'operation', names: ['reads', 'writes'] } as const
  const workload = logWorkload(LOG, { ...OWN, classes: byOperation })
  const order = { workload, portCount: 2, routing: 'random', seed: 1, count: 4 } as const
  for (const { classes, requests, count } of logTrace(
    LOG,
    'round',
    order,
    keySpaceOf(workload, LOG.sizes),
  ).ports)
    for (let at = 0; at < count; at++)
      expect(classes[at]).toBe(operationOf(requests[at]!) === READ_OPERATION ? 0 : 1)
  const byKey = { by: 'hot-key', names: ['hot', 'same-shard', 'other-shards'] } as const
  expect(logWorkload(LOG, { ...OWN, classes: byKey }).classes).toBeUndefined()
})
