import { expect, test } from 'vitest'
import { breakEvenRatio, partitionedPercentile } from '../../harness/stats/queueing.ts'
import { responseTimePercentile } from './response-time-percentile.ts'

test.each([
  [2, 0.82],
  [4, 0.75],
  [8, 0.72],
  [16, 0.7],
])('%i cores with p99 within ten services break even at %f', (servers, ratio) => {
  expect(breakEvenRatio(servers, 10_000, 1_000, 0.99)).toBeCloseTo(ratio, 2)
})

test('at the ratio both have the limit as their percentile at the same load', () => {
  for (const servers of [2, 5, 32]) {
    for (const limitNs of [60_000, 100_000, 1_000_000]) {
      const serviceNs = 10_000
      const cheaperNs = serviceNs * breakEvenRatio(servers, limitNs, serviceNs, 0.99)
      // The utilisation at which queues per server just keep the limit, and the same load on the shared queue.
      const partitioned = 1 - (Math.log(100) * cheaperNs) / limitNs
      const shared = (partitioned * serviceNs) / cheaperNs
      const own = { servers, utilisation: partitioned, meanServiceNs: cheaperNs }
      const one = { servers, utilisation: shared, meanServiceNs: serviceNs }
      expect(partitionedPercentile(own, 0.99) / limitNs).toBeCloseTo(1, 9)
      expect(responseTimePercentile(one, 0.99) / limitNs).toBeCloseTo(1, 9)
    }
  }
})

test('one core has nothing to share', () => {
  expect(breakEvenRatio(1, 10_000, 1_000, 0.99)).toBeCloseTo(1, 9)
})

test('with a loose limit the ratio is that of the capacities', () => {
  expect(breakEvenRatio(4, 1e9, 1_000, 0.99)).toBeCloseTo(1, 4)
})

test('a limit that an idle server misses has no break-even', () => {
  expect(breakEvenRatio(4, 4_000, 1_000, 0.99)).toBeNaN()
})
