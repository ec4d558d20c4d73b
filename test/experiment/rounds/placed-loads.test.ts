import { expect, test } from 'vitest'
import { encodeHistogram, histogramFromBuckets } from '../../../harness/results/histogram.ts'
import { sampleTrial } from '../sample-trial.ts'
import { BRACKET, measured, trialsIn } from './measured.ts'

test('of each: every arm gets its own share of what it sustained in the first round, and no latencies are compared', async () => {
  const capacity = (arm: string, deployment: number) =>
    BRACKET((arm === 'staged' ? 1_000 : 3_000) * (deployment === 0 ? 1 : 1.5))
  const { report, servers } = await measured(
    { capacity },
    { loadsText: '80%-of-each,50%', rounds: 2 },
  )
  const [each, half] = report.loads
  expect(each!.placed).toEqual({ by: 'each', perSecond: { staged: 800, sharded: 2_400 } })
  expect(each!.offeredPerSecond).toBe(800)
  expect(half!.placed).toBeUndefined()
  const offered = servers.played.map(({ arm, order }) => `${arm} ${order.offeredPerSecond}`)
  expect(new Set(offered)).toEqual(
    new Set(['staged 800', 'sharded 2400', 'staged 500', 'sharded 500']),
  )
  const { ratios, verdict, sure } = each!.comparisons[0]!
  expect([ratios!.p50, ratios!.p99, verdict!.ratio]).toEqual([null, null, null])
  expect(ratios!.achievedPerSecond).not.toBeNull()
  expect(sure).toEqual([])
  expect(verdict!.sentence).toBe(
    'At 80 %-of-each load each arm is offered its own share of what it sustains, staged 800/s and sharded 2.40k/s: latencies at different requests per second are not compared.',
  )
  expect(half!.comparisons[0]!.ratios!.p99).not.toBeNull()
})

test('of busiest: the busiest shard gets its share of what one sustains with even keys, by a search before all others', async () => {
  const plans: string[] = []
  const { report, servers, failure } = await measured(
    {
      capacity: (arm, _, plan) => {
        plans.push(`${arm}${plan.evenly === true ? ' evenly' : ''}`)
        return BRACKET(plan.evenly === true ? 4_000 : 1_000)
      },
    },
    { loadsText: '80%-of-busiest', rounds: 2 },
  )
  expect(failure).toBeUndefined()
  expect(plans[0]).toBe('sharded evenly')
  expect(plans.filter((plan) => plan.endsWith('evenly'))).toHaveLength(1)
  // Clients and keys of the scenario are alike: the busiest of two shards has half of the requests.
  const { placed, offeredPerSecond } = report.loads[0]!
  expect(placed).toEqual({ by: 'busiest', shardPerSecond: 2_000, share: 0.5 })
  expect(offeredPerSecond).toBe(3_200)
  expect(new Set(servers.played.map(({ order }) => order.offeredPerSecond))).toEqual(
    new Set([3_200]),
  )
  // What it sustains of its own keys stands in the report as ever.
  expect(report.rounds[0]!.deployments['sharded']!.sustained).toBe(1_000)
})

test('a multiple of a latency is fixed by the first load before any other is played', async () => {
  const histogram = encodeHistogram(
    histogramFromBuckets([
      [1_500, 400],
      [20_000, 600],
    ]),
  )
  const within = { kind: 'times', text: '10x', factor: 10 } as const
  for (const seed of [1, 2, 3]) {
    const { report, servers } = await measured(
      { play: () => ({ histogram }) },
      { loadsText: '100/s,200/s,300/s', rounds: 2, within, seed },
    )
    expect(servers.played.slice(0, 2).map(({ order }) => order.offeredPerSecond)).toEqual([
      100, 100,
    ])
    expect(report.run.within).toEqual({ asked: '10x', ns: 10_000 })
    for (const trial of trialsIn(report))
      expect(trial.useful).toEqual({ withinNs: 10_000, count: 400 })
  }
})

test('where no round has a p99 at the first load, goodput is not known, and that is told', async () => {
  const within = { kind: 'times', text: '10x', factor: 10 } as const
  const unanswered = { ns: 1, atLeast: true }
  const percentiles = sampleTrial().percentiles
  const { report, failure, codes } = await measured(
    { play: () => ({ percentiles: { ...percentiles, p99: unanswered } }) },
    { loadsText: '100/s,200/s', rounds: 2, within },
  )
  expect(failure).toBeUndefined()
  expect(report.run.within).toEqual({ asked: '10x', ns: null })
  expect(codes).toContain('within')
})
