import { expect, test } from 'vitest'
import { buildSweep, type SweepFlags } from '../../../harness/cli/sweep.ts'
import { capacityValues, planSweep, valueOrder } from '../../../harness/experiment/sweep/plan.ts'

const build = (scenario: string, flags: Partial<SweepFlags>) =>
  buildSweep(scenario, { level: '0.95', out: 'reports', cpus: '0', seed: 7, ...flags }, [])

test('it is searched what arms sustain where a share refers to it', async () => {
  const over = 'stages=1..8'
  expect(capacityValues(await build('stage-handoff', { over }))).toEqual([1, 4, 8])
  expect(capacityValues(await build('stage-handoff', { over, load: '2k/s' }))).toEqual([])
  const throughput = await build('stage-handoff', { over, steps: 3, throughput: true })
  expect(capacityValues(throughput)).toEqual([1, 4, 8])
})

test('a round visits every value once, in an order of its own that the seed decides', () => {
  const values = [1, 2, 3, 4, 5, 6, 7]
  const orders = [1, 2, 3, 4].map((round) => valueOrder(7, round, values))
  for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual(values)
  expect(new Set(orders.map(String)).size).toBe(4)
  expect(valueOrder(7, 1, values)).toEqual(orders[0])
  expect(valueOrder(8, 1, values)).not.toEqual(orders[0])
})

test('each value comes first as often as any other', () => {
  const values = [1, 2, 3, 4]
  const first = Array.from({ length: 4_000 }, (_, round) => valueOrder(1, round, values)[0])
  for (const value of values) {
    const share = first.filter((candidate) => candidate === value).length / first.length
    expect(share).toBeGreaterThan(0.22)
    expect(share).toBeLessThan(0.28)
  }
})

test('the plan says what, where, how often and how long', async () => {
  const request = await build('stage-handoff', { over: 'stages=1..8' })
  expect(planSweep(request).lines).toMatchInlineSnapshot(`
    [
      "compares  stage-handoff over stages 1, 2, 3, 4, 5, 6, 7, 8: staged against sharded; outcomes on p99 at 95 %",
      "measures  first what each arm sustains at stages 1, 4, 8; latency at 50% of the smallest capacity of either arm at stages 1, 4 and 8: 8 pairs of 0.5 s at each value, in an order drawn anew each round, on fresh servers for each value",
      "on        processors 0; seed 7",
      "takes     4 min, its budget: all of it would take about 6 min, what does not fit is left out",
    ]
  `)
})

test('the plan of a load, and of an absolute one', async () => {
  const shares = await build('kv-update', { over: 'load=10%..95%', steps: 3 })
  expect(planSweep(shares).lines).toMatchInlineSnapshot(`
    [
      "compares  kv-update over load 10%, 52.5%, 95%: staged against sharded; outcomes on p99 at 95 %",
      "measures  first what each arm sustains; latency at shares of the smaller capacity: 8 pairs of 0.5 s at each value, in an order drawn anew each round, on fresh servers for each round",
      "on        processors 0; seed 7",
      "takes     70–85 s",
    ]
  `)
  const rates = await build('kv-update', { over: 'load=1k/s..3k/s', steps: 3 })
  expect(planSweep(rates).lines[1]).toMatch(/^measures {2}latency: 8 pairs/)
})

test('with virtual cores their number varies, and the load is per core', async () => {
  const request = await build('queue-discipline', {
    over: 'cores=1..4',
    load: '100/s',
    virtualCores: 4,
  })
  expect(request.range.values).toEqual([1, 2, 3, 4])
  const [subject, measures, place] = planSweep(request).lines
  expect(subject).toContain('over cores 1, 2, 3, 4')
  expect(place).toContain('virtual cores')
  expect(measures).toMatch(
    /^measures {2}throughput: 3 pairs of 0\.25 s with a closed window at each value; latency at 100\/s per core/,
  )
})
