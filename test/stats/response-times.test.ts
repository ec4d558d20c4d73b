import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  partitionedPercentile,
  responseTimeTail,
  sustainableUtilisation,
  waitingProbability,
} from '../../harness/stats/queueing.ts'
import { responseTimePercentile } from './response-time-percentile.ts'

const queues = fc.record({
  servers: fc.integer({ min: 1, max: 64 }),
  utilisation: fc.double({ min: 0, max: 0.999, noNaN: true }),
  meanServiceNs: fc.double({ min: 1, max: 1e9, noNaN: true }),
})
const fractions = fc.double({ min: 0.01, max: 0.9999, noNaN: true })

/** Erlang's C as textbooks print it: a sum over the number of busy servers. */
function erlangBySums(servers: number, utilisation: number): number {
  const offered = servers * utilisation
  let term = 1
  let sum = 0
  for (let busy = 0; busy < servers; busy++) {
    sum += term
    term *= offered / (busy + 1)
  }
  const waiting = term / (1 - utilisation)
  return waiting / (sum + waiting)
}

/** P(response > x mean services) by adding P(wait > x − s) over all service times s, with Simpson's rule. */
function tailByIntegration(servers: number, utilisation: number, x: number): number {
  const steps = 20_000
  const wait = (time: number) =>
    erlangBySums(servers, utilisation) * Math.exp(-servers * (1 - utilisation) * time)
  let sum = 0
  for (let step = 0; step <= steps; step++) {
    const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2
    const service = (x * step) / steps
    sum += weight * Math.exp(-service) * wait(x - service)
  }
  return Math.exp(-x) + (sum * x) / steps / 3
}

test.each([
  [1, 0.7, 0.7],
  // C = 2ρ²/(1 + ρ) for two servers.
  [2, 0.75, 0.6429],
  [2, 0.5, 1 / 3],
  // 11.52 / (1 + 2.4 + 2.88 + 11.52) and 69.984 / (1 + 3.6 + 6.48 + 7.776 + 69.984).
  [3, 0.8, 0.6472],
  [4, 0.9, 0.7878],
])(
  'with %i servers at %f a request waits with probability %f',
  (servers, utilisation, expected) => {
    expect(waitingProbability(servers, utilisation)).toBeCloseTo(expected, 4)
  },
)

test('the waiting probability equals the sum of the textbooks', () => {
  for (const servers of [1, 2, 3, 5, 8, 16, 64]) {
    for (const utilisation of [0, 0.01, 0.3, 0.5, 0.8, 0.95, 0.999]) {
      expect(waitingProbability(servers, utilisation)).toBeCloseTo(
        erlangBySums(servers, utilisation),
        12,
      )
    }
  }
})

test.each([
  [1, 0.7],
  [2, 0.5],
  [2, 0.75],
  [4, 0.75],
  [8, 0.8],
  [8, 0.875],
  [16, 0.95],
])(
  'the tail of %i servers at %f equals the integral over service times',
  (servers, utilisation) => {
    for (const x of [0.1, 1, 3, 10]) {
      const tail = responseTimeTail({ servers, utilisation, meanServiceNs: 1_000 }, 1_000 * x)
      expect(tail).toBeCloseTo(tailByIntegration(servers, utilisation, x), 10)
    }
  },
)

test('the case of equal rates is continuous with its neighbours', () => {
  const tail = (utilisation: number) =>
    responseTimeTail({ servers: 4, utilisation, meanServiceNs: 1 }, 5)
  expect(tail(0.75)).toBeCloseTo(tail(0.75 + 1e-9), 8)
  expect(tail(0.75)).toBeCloseTo(tail(0.75 - 1e-13), 12)
})

test('one server has an exponential response time', () => {
  const queue = { servers: 1, utilisation: 0.7, meanServiceNs: 5_000_000 }
  expect(responseTimeTail(queue, 20_000_000)).toBeCloseTo(Math.exp(-0.3 * 4), 12)
  // ln 100 / 0.3 × 5 ms
  expect(responseTimePercentile(queue, 0.99)).toBeCloseTo(76_752_836.433, 2)
})

test('the percentile inverts the tail', () => {
  fc.assert(
    fc.property(queues, fractions, (queue, fraction) => {
      const percentile = responseTimePercentile(queue, fraction)
      expect(responseTimeTail(queue, percentile) / (1 - fraction)).toBeCloseTo(1, 9)
    }),
  )
})

test('the tail falls with time and rises with load', () => {
  fc.assert(
    fc.property(queues, fc.double({ min: 0, max: 1e3, noNaN: true }), (queue, services) => {
      const ns = services * queue.meanServiceNs
      const tail = responseTimeTail(queue, ns)
      expect(tail).toBeGreaterThanOrEqual(0)
      expect(tail).toBeLessThanOrEqual(1 + 1e-12)
      expect(responseTimeTail(queue, ns * 1.1)).toBeLessThanOrEqual(tail * (1 + 1e-12))
      const lighter = { ...queue, utilisation: queue.utilisation * 0.9 }
      expect(responseTimeTail(lighter, ns)).toBeLessThanOrEqual(tail * (1 + 1e-12))
    }),
  )
})

test('a shared queue is never slower than queues per server', () => {
  fc.assert(
    fc.property(queues, fractions, (queue, fraction) => {
      const shared = responseTimePercentile(queue, fraction)
      expect(shared).toBeLessThanOrEqual(partitionedPercentile(queue, fraction) * (1 + 1e-12))
    }),
  )
})

test.each([
  [2, 75.8],
  [4, 87.5],
  [8, 93.6],
  [16, 96.8],
])(
  '%i servers keep p99 within ten services up to %f per cent with a shared queue',
  (servers, percent) => {
    expect(100 * sustainableUtilisation(servers, 10, 0.99, true)).toBeCloseTo(percent, 1)
    expect(100 * sustainableUtilisation(servers, 10, 0.99, false)).toBeCloseTo(53.9, 1)
  },
)

test('at the sustainable utilisation the percentile is the limit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.double({ min: 5, max: 100, noNaN: true }),
      fc.boolean(),
      (servers, limit, shared) => {
        const utilisation = sustainableUtilisation(servers, limit, 0.99, shared)
        const queue = { servers, utilisation, meanServiceNs: 1 }
        const percentile = shared ? responseTimePercentile : partitionedPercentile
        expect(percentile(queue, 0.99) / limit).toBeCloseTo(1, 6)
      },
    ),
  )
})

test('a limit below what an idle server needs sustains nothing', () => {
  expect(sustainableUtilisation(4, 4.6, 0.99, true)).toBe(0)
  expect(sustainableUtilisation(4, 4.6, 0.99, false)).toBe(0)
  expect(sustainableUtilisation(4, 0, 0.99, true)).toBe(0)
})

test.each([
  [{ servers: 0, utilisation: 0.5, meanServiceNs: 1 }, 'servers=0'],
  [{ servers: 1.5, utilisation: 0.5, meanServiceNs: 1 }, 'servers=1.5'],
  [{ servers: 2, utilisation: 1, meanServiceNs: 1 }, 'utilisation=1'],
  [{ servers: 2, utilisation: Number.NaN, meanServiceNs: 1 }, 'utilisation=NaN'],
  [{ servers: 2, utilisation: 0.5, meanServiceNs: 0 }, 'meanServiceNs=0'],
])('refuses a queue without a steady state: %o', (queue, message) => {
  expect(() => responseTimeTail(queue, 1)).toThrow(message)
  expect(() => partitionedPercentile(queue, 0.5)).toThrow(message)
})

test('refuses fractions that no finite time reaches', () => {
  const queue = { servers: 2, utilisation: 0.5, meanServiceNs: 1 }
  for (const fraction of [0, 1, Number.NaN]) {
    expect(() => partitionedPercentile(queue, fraction)).toThrow(`fraction=${fraction}`)
  }
})
