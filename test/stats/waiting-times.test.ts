import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import { rankPercentile } from '../../harness/stats/intervals.ts'
import { kieferWolfowitzResponses, type Pause, type Queue } from '../../harness/stats/queueing.ts'
import { responseTimePercentile } from './response-time-percentile.ts'
import { exponential } from './variates.ts'

/**
 * The same servers tick by tick, on whole numbers: in each tick outside the pause, servers whose service is over become
 * idle and idle servers take requests from the queue.
 */
function simulate(
  arrivals: readonly number[],
  services: readonly number[],
  servers: number,
  pause?: Pause,
): number[] {
  const queue = arrivals.map((_, request) => request)
  const busy: { request: number; endTick: number }[] = []
  const responses: number[] = []
  for (let tick = 0; responses.filter((value) => value >= 0).length < arrivals.length; tick++) {
    if (pause && tick >= pause.fromNs && tick < pause.untilNs) continue
    for (let changed = true; changed;) {
      changed = false
      const done = busy.findIndex(({ endTick }) => endTick <= tick)
      if (done >= 0) {
        const { request } = busy.splice(done, 1)[0]!
        responses[request] = tick - arrivals[request]!
        changed = true
      }
      const next = queue[0]
      if (next !== undefined && arrivals[next]! <= tick && busy.length < servers) {
        queue.shift()
        busy.push({ request: next, endTick: tick + services[next]! })
        changed = true
      }
    }
  }
  return responses
}

const streams = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 15 })), {
    maxLength: 30,
  })
  .map((requests) => ({
    arrivals: requests.map(([arrival]) => arrival).toSorted((a, b) => a - b),
    services: requests.map(([, service]) => service),
  }))
const pauses = fc.option(
  fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 30 }))
    .map(([fromNs, length]) => ({ fromNs, untilNs: fromNs + length })),
  { nil: undefined },
)

function oneServer(
  arrivals: Float64Array,
  services: ArrayLike<number>,
  pause?: Pause,
): Float64Array {
  return kieferWolfowitzResponses(arrivals, services, 1, pause)
}

test('one server answers as a simulation tick by tick does, with and without a pause', () => {
  fc.assert(
    fc.property(streams, pauses, ({ arrivals, services }, pause) => {
      const responses = oneServer(Float64Array.from(arrivals), services, pause)
      expect([...responses]).toEqual(simulate(arrivals, services, 1, pause))
    }),
    { numRuns: 500 },
  )
})

test('several servers answer as a simulation tick by tick does, with and without a pause', () => {
  fc.assert(
    fc.property(
      streams,
      fc.integer({ min: 1, max: 6 }),
      pauses,
      ({ arrivals, services }, servers, pause) => {
        const instants = Float64Array.from(arrivals)
        const responses = kieferWolfowitzResponses(instants, services, servers, pause)
        expect([...responses]).toEqual(simulate(arrivals, services, servers, pause))
      },
    ),
    { numRuns: 500 },
  )
})

test('during a pause nothing begins or ends, and timers run on', () => {
  const pause = { fromNs: 10, untilNs: 20 }
  const arrivals = Float64Array.of(0, 1, 2, 30)
  // Ends before, would end within, would begin within but now at 20, comes later.
  expect([...oneServer(arrivals, [10 - 1, 5, 5, 5], pause)]).toEqual([9, 19, 23, 5])
  // A service longer than the pause ends when its timer says so.
  expect([...oneServer(Float64Array.of(5), [25], pause)]).toEqual([25])
  // The first instant belongs to the pause, the last does not.
  expect([...oneServer(Float64Array.of(0), [10], pause)]).toEqual([20])
  expect([...oneServer(Float64Array.of(0), [20], pause)]).toEqual([20])
  expect([...kieferWolfowitzResponses(Float64Array.of(8, 9), [3, 30], 2, pause)]).toEqual([12, 30])
})

test('refuses arrivals that do not ascend, and missing services or servers', () => {
  const late = Float64Array.of(2, 1)
  const one = Float64Array.of(1)
  expect(() => oneServer(late, [1, 1])).toThrow('request=1')
  expect(() => kieferWolfowitzResponses(late, [1, 1], 2)).toThrow('request=1')
  expect(() => oneServer(one, [])).toThrow('arrivals=1 services=0')
  expect(() => kieferWolfowitzResponses(one, [1], 0)).toThrow('servers=0')
})

const REQUESTS = 10_000_000

function poissonStream(
  queue: Queue,
  seed: number,
): { arrivals: Float64Array; services: Float64Array } {
  const random = seededRandom(seed)
  const arrivals = new Float64Array(REQUESTS)
  const services = new Float64Array(REQUESTS)
  const gapNs = queue.meanServiceNs / queue.servers / queue.utilisation
  let now = 0
  for (let request = 0; request < REQUESTS; request++) {
    now += gapNs * exponential(random)
    arrivals[request] = now
    services[request] = queue.meanServiceNs * exponential(random)
  }
  return { arrivals, services }
}

/** How far p50 and p99 lie from the closed form, as a share of it; sorts the responses. */
function deviations(responses: Float64Array, queue: Queue): number[] {
  responses.sort()
  return [0.5, 0.99].map((fraction) =>
    Math.abs(rankPercentile(responses, fraction) / responseTimePercentile(queue, fraction) - 1),
  )
}

test(
  '10⁷ requests at one server at 70 % have the percentiles of M/M/1',
  { timeout: 60_000 },
  () => {
    const queue = { servers: 1, utilisation: 0.7, meanServiceNs: 5_000_000 }
    const { arrivals, services } = poissonStream(queue, 1)
    const [median, tail] = deviations(oneServer(arrivals, services), queue)
    expect(median).toBeLessThan(0.01)
    expect(tail).toBeLessThan(0.01)
  },
)

test(
  '10⁷ requests at eight servers at 80 % have the percentiles of M/M/8',
  { timeout: 60_000 },
  () => {
    const queue = { servers: 8, utilisation: 0.8, meanServiceNs: 5_000_000 }
    const { arrivals, services } = poissonStream(queue, 2)
    const [median, tail] = deviations(kieferWolfowitzResponses(arrivals, services, 8), queue)
    expect(median).toBeLessThan(0.01)
    expect(tail).toBeLessThan(0.01)
  },
)
