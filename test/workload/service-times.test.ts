import { mean } from 'simple-statistics'
import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../../harness/base/random.ts'
import { serviceDrawer } from '../../harness/workload/service-times.ts'

const DRAWS = 100_000
const MEAN_NS = 5_000_000
const EXPONENTIAL = { kind: 'exponential', meanMicros: MEAN_NS / 1_000 } as const

function draws(seed: number, count = DRAWS): number[] {
  const next = serviceDrawer(EXPONENTIAL, seededRandom(seed))
  return Array.from({ length: count }, next)
}

/** A random number that is always the same. */
const always = (unit: number): Random => ({ int32: () => 0, unit: () => unit })

test('fixed service times are all the mean, and draw nothing', () => {
  const untouched = always(Number.NaN)
  const next = serviceDrawer({ kind: 'fixed', meanMicros: 2_000 }, untouched)
  expect([next(), next()]).toEqual([2_000_000, 2_000_000])
})

test('fixed service times are whole nanoseconds', () => {
  expect(serviceDrawer({ kind: 'fixed', meanMicros: 1.2345 }, always(0))()).toBe(1_235)
})

test.each([1, 2, 3])('exponential service times have their mean with seed %i', (seed) => {
  // Five standard errors: the standard deviation of an exponential is its mean.
  const tolerance = (5 * MEAN_NS) / Math.sqrt(DRAWS)
  expect(Math.abs(mean(draws(seed)) - MEAN_NS)).toBeLessThan(tolerance)
})

test.each([1, 2, 3])('they are exponential by Kolmogorov and Smirnov with seed %i', (seed) => {
  const sorted = draws(seed).toSorted((a, b) => a - b)
  let distance = 0
  for (const [index, ns] of sorted.entries()) {
    const expected = 1 - Math.exp(-ns / MEAN_NS)
    distance = Math.max(distance, expected - index / DRAWS, (index + 1) / DRAWS - expected)
  }
  // The bound that one sample in a thousand exceeds.
  expect(distance).toBeLessThan(1.95 / Math.sqrt(DRAWS))
})

test.each([1, 3, 6])('one draw in e^%i is that many means or longer', (means) => {
  const share = Math.exp(-means)
  const longer = draws(4).filter((ns) => ns >= means * MEAN_NS).length
  // Five standard deviations of a binomial count.
  const tolerance = 5 * Math.sqrt(DRAWS * share * (1 - share))
  expect(Math.abs(longer - DRAWS * share)).toBeLessThan(tolerance)
})

test('service times are whole nanoseconds that fit an Int32', () => {
  const all = draws(5, 10_000)
  expect(all.every((ns) => Number.isInteger(ns) && ns >= 0 && ns === (ns | 0))).toBe(true)
  expect(Math.abs(serviceDrawer(EXPONENTIAL, always(0))())).toBe(0)
  const longest = serviceDrawer({ kind: 'exponential', meanMicros: 100_000 }, always(1 - 2 ** -53))
  expect(longest()).toBe(2 ** 31 - 1)
})

test('the same seed gives the same service times, another one others', () => {
  expect(draws(6, 100)).toEqual(draws(6, 100))
  expect(draws(6, 100)).not.toEqual(draws(7, 100))
})
