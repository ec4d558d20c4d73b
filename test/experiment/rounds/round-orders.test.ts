import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RoundOrders } from '../../../harness/experiment/rounds/round-orders.ts'

const ARMS = ['staged', 'fused', 'sharded', 'other']
const seeds = fc.integer()
const loads = fc.nat({ max: 5 })

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

/** In so many of the orders the first stands before the second. */
function before(orders: readonly (readonly string[])[], first: string, second: string): number {
  return orders.filter((order) => order.indexOf(first) < order.indexOf(second)).length
}

test.each([2, 3, 4])(
  'over every two rounds each of %i arms stands before each other one once',
  (count) => {
    const arms = ARMS.slice(0, count)
    fc.assert(
      fc.property(seeds, loads, fc.nat({ max: 40 }), (seed, load, pair) => {
        const orders = new RoundOrders(seed, 'kv-update')
        const both = [2 * pair, 2 * pair + 1].map((round) => orders.arms(arms, round, load))
        for (const order of both) expect(order.toSorted()).toEqual(arms.toSorted())
        for (const one of arms)
          for (const other of arms) expect(before(both, one, other)).toBe(one === other ? 0 : 1)
      }),
    )
  },
)

test.each([2, 3, 4])(
  'over twice as many rounds each of %i arms is first equally often',
  (count) => {
    const arms = ARMS.slice(0, count)
    fc.assert(
      fc.property(seeds, loads, fc.nat({ max: 20 }), (seed, load, from) => {
        const orders = new RoundOrders(seed, 'kv-update')
        const firsts = range(2 * count).map((round) => orders.arms(arms, 2 * from + round, load)[0])
        for (const arm of arms) {
          const times = firsts.filter((first) => first === arm).length
          expect(Math.abs(times - 2)).toBeLessThanOrEqual(1)
        }
      }),
    )
  },
)

test('which of the two orders comes first is drawn: no arm begins all runs', () => {
  const firsts = range(200).map((seed) => new RoundOrders(seed, 'kv-update').arms(ARMS, 0, 0)[0])
  const reversed = firsts.filter((first) => first === 'other').length
  expect(reversed).toBeGreaterThan(60)
  expect(reversed).toBeLessThan(140)
})

test('loads are permuted in each round, each place as probable as another', () => {
  const orders = new RoundOrders(1, 'kv-update')
  const drawn = range(600).map((round) => orders.loads(3, round))
  for (const order of drawn) expect(new Set(order)).toEqual(new Set([0, 1, 2]))
  for (const load of [0, 1, 2]) {
    const first = drawn.filter((order) => order[0] === load).length
    expect(first).toBeGreaterThan(150)
    expect(first).toBeLessThan(250)
  }
})

test('a seed gives the same orders and traces again', () => {
  const of = () => {
    const orders = new RoundOrders(7, 'kv-update')
    return range(8).map((round) => [
      orders.arms(ARMS, round, 1),
      orders.loads(3, round),
      orders.traceSeed(round, '50%'),
    ])
  }
  expect(of()).toEqual(of())
})

test('traces differ between loads, rounds, scenarios and seeds, and from those of warm-up and probes', () => {
  const all = [1, 2].flatMap((seed) =>
    ['kv-update {}', 'kv-update {"keys":1}', 'mixed {}'].flatMap((scenario) => {
      const orders = new RoundOrders(seed, scenario)
      return range(16).flatMap((round) => [
        ...['20%', '50%', '80%'].map((label) => orders.traceSeed(round, label)),
        orders.warmUpSeed(round),
        orders.capacitySeed(round),
      ])
    }),
  )
  expect(new Set(all).size).toBe(all.length)
})
