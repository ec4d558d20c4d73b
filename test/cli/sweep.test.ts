import { expect, test } from 'vitest'
import { buildSweep, type SweepFlags } from '../../harness/cli/sweep.ts'
import { availableCpus } from '../../harness/asked/cpus.ts'

const build = (flags: Partial<SweepFlags> = {}, scenario = 'stage-handoff') =>
  buildSweep(scenario, { level: '0.95', out: 'reports', ...flags }, ['sweep'])

test('without flags the scenario’s first sweep is measured in eight pairs at half the smallest capacity', async () => {
  const { seed, loaded, arms, ...rest } = await build()
  expect(loaded.scenario.name).toBe('stage-handoff')
  expect(arms.map((arm) => arm.label)).toEqual(['staged', 'sharded'])
  expect(rest).toEqual({
    scenario: 'stage-handoff',
    fixed: {},
    range: {
      subject: 'parameter',
      name: 'stages',
      unit: 'stages',
      integer: true,
      from: 1,
      to: 8,
      values: [1, 2, 3, 4, 5, 6, 7, 8],
    },
    load: { kind: 'percent', label: '50%', percent: 50 },
    pairs: 8,
    metric: 'p99',
    level: 0.95,
    requestClass: null,
    throughput: false,
    capacityPairs: 3,
    durationSeconds: 0.5,
    budgetSeconds: 240,
    cpus: availableCpus(),
    virtualCores: null,
    command: `npx crossover sweep --seed ${seed}`,
    plan: expect.anything(),
  })
})

test('every flag is taken', async () => {
  const request = await build({
    over: 'workMicros=0..10',
    steps: 3,
    load: '2000/s',
    pairs: 8,
    duration: 1,
    metric: 'p50',
    level: '99%',
    throughput: true,
    arms: 'staged:layout=fused,sharded',
    budget: 60,
    cpus: '0',
    seed: 7,
    param: ['stages=2'],
  })
  expect(request).toMatchObject({
    range: { name: 'workMicros', values: [0, 5, 10] },
    load: { kind: 'absolute', perSecond: 2_000 },
    pairs: 8,
    durationSeconds: 1,
    metric: 'p50',
    level: 0.99,
    throughput: true,
    budgetSeconds: 60,
    cpus: [0],
    seed: 7,
    fixed: { stages: '2' },
    loaded: { params: { stages: 2 } },
  })
  expect(request.arms[0].label).toBe('staged:layout=fused')
})

test('a scenario’s defaults apply where the user does not say', async () => {
  const request = await build({ over: 'load=10%..95%' }, 'queue-discipline')
  expect(request.virtualCores).toBe(8)
  expect((await build({ over: 'cores=1..8' }, 'queue-discipline')).range.to).toBe(8)
})

test('of a scenario’s own three arms a sweep takes the two that its report is about', async () => {
  const { arms } = await build({}, 'io-overlap')
  expect(arms.map(({ label }) => label)).toEqual(['staged', 'sharded'])
})

test('outcomes on throughput have as many capacity pairs as any other', async () => {
  expect(await build({ metric: 'throughput' })).toMatchObject({
    throughput: true,
    capacityPairs: 8,
    metric: 'achievedPerSecond',
  })
})

test('cores are always measured at capacity, too', async () => {
  const cpus = availableCpus()
  if (cpus.length < 2) return
  expect((await build({ over: 'cores=1..2' })).throughput).toBe(true)
})

test('who says how much to measure gets it, however long it takes', async () => {
  for (const flags of [{ pairs: 12 }, { duration: 1 }, { steps: 3 }]) {
    expect((await build(flags)).budgetSeconds).toBeNull()
  }
  expect((await build({ load: '1000/s' })).budgetSeconds).toBe(240)
})

test.each<[string, Partial<SweepFlags>, string]>([
  ['an unknown parameter', { over: 'stage=1..8' }, 'unknown-parameter'],
  ['a range that is none', { over: 'stages=1' }, 'range'],
  ['a range beyond the parameter’s', { over: 'stages=1..9' }, 'range'],
  ['a parameter that is also set', { over: 'stages=1..8', param: ['stages=2'] }, 'conflict'],
  ['a load that is also set', { over: 'load', load: '50%' }, 'conflict'],
  ['throughput over the load', { over: 'load', throughput: true }, 'conflict'],
  ['outcomes on throughput over the load', { over: 'load', metric: 'throughput' }, 'conflict'],
  ['saturation as a load', { load: 'max' }, 'load'],
  ['an unknown metric', { metric: 'p98' }, 'metric'],
  ['pairs too few for the level', { pairs: 6, level: '0.99' }, 'pairs'],
  ['one arm', { arms: 'staged' }, 'arms'],
  ['virtual cores without waits', { virtualCores: 4 }, 'virtual-cores'],
  ['more cores than there are', { over: 'cores=1..2', cpus: '0' }, 'range'],
])('%s is refused with a cure', async (_, flags, code) => {
  await expect(build(flags)).rejects.toMatchObject({
    kind: 'usage',
    code,
    cure: expect.stringMatching(/./),
  })
})

test('without a range, and without one in the scenario, it asks for one', async () => {
  await expect(build({}, 'kv-update')).rejects.toMatchObject({ kind: 'usage', code: 'over' })
})
