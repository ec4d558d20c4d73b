import { expect, test } from 'vitest'
import { buildFind, type FindFlags } from '../../harness/cli/find.ts'
import { planFind } from '../../harness/experiment/find/plan.ts'
import { availableCpus } from '../../harness/asked/cpus.ts'

const build = (flags: Partial<FindFlags> = {}, scenario = 'kv-update') =>
  buildFind(
    scenario,
    { over: 'updatePercent', level: '0.95', until: '10%', out: 'reports', ...flags },
    ['find'],
  )

test('without more than what varies, its whole range is searched for four minutes', async () => {
  const { seed, loaded, arms, ...rest } = await build()
  expect(loaded.scenario.name).toBe('kv-update')
  expect(arms.map((arm) => arm.label)).toEqual(['staged', 'sharded'])
  expect(rest).toEqual({
    scenario: 'kv-update',
    fixed: {},
    range: {
      subject: 'parameter',
      name: 'updatePercent',
      unit: '%',
      integer: false,
      from: 0,
      to: 100,
      values: [0, 25, 50, 75, 100],
    },
    load: { kind: 'percent', label: '50%', percent: 50 },
    metric: 'p99',
    level: 0.95,
    requestClass: null,
    until: 0.1,
    mostPairs: null,
    durationSeconds: 0.5,
    budgetSeconds: 240,
    cpus: availableCpus(),
    virtualCores: null,
    command: `npx crossover find --seed ${seed}`,
    plan: expect.anything(),
  })
})

test('every flag is taken', async () => {
  const request = await build({
    over: 'updatePercent=10..50',
    load: '2000/s',
    metric: 'p50',
    until: '5%',
    pairs: 40,
    budget: 60,
    duration: 1,
    level: '99%',
    arms: 'staged:layout=fused,sharded',
    cpus: '0',
    seed: 7,
    param: ['keys=1000'],
  })
  expect(request).toMatchObject({
    range: { from: 10, to: 50, values: [10, 20, 30, 40, 50] },
    load: { kind: 'absolute', perSecond: 2_000 },
    metric: 'p50',
    until: 0.05,
    mostPairs: 40,
    budgetSeconds: 60,
    durationSeconds: 1,
    level: 0.99,
    cpus: [0],
    seed: 7,
    fixed: { keys: '1000' },
  })
  expect(request.arms[0].label).toBe('staged:layout=fused')
})

test('the load can vary, and cores can', async () => {
  const load = await build({ over: 'load=10%..90%' })
  expect(load.range).toMatchObject({ subject: 'load', unit: '%', values: [10, 30, 50, 70, 90] })
  const cores = await build({ over: 'cores', virtualCores: 3, load: '100/s' }, 'queue-discipline')
  expect(cores.range.values).toEqual([1, 2, 3])
})

test('who says how many pairs gets them, however long it takes', async () => {
  expect((await build({ pairs: 40 })).budgetSeconds).toBeNull()
  expect((await build({ pairs: 40, budget: 9 })).budgetSeconds).toBe(9)
  expect((await build({ duration: 1 })).budgetSeconds).toBe(240)
})

test('the plan says what will happen and how long it will take at most', async () => {
  const { lines, seconds } = planFind(await build({ seed: 9, cpus: '0' }))
  expect(seconds).toBe(240)
  expect(lines).toEqual([
    'compares  kv-update over updatePercent from 0% to 100%: where sharded’s p99 crosses staged’s',
    'measures  first what each arm sustains at updatePercent 0%, 50%, 100%; offered: 50% of the smallest capacity of either arm at updatePercent 0%, 50% and 100%; round 1: 2 pairs of 0.5 s at updatePercent 0%, 25%, 50%, 75%, 100%, then rounds of 5 pairs where they tell most, each on fresh servers',
    'on        processors 0; seed 9',
    'takes     at most about 4 min; ends when the interval (95 %) is no wider than 10 % of the range, when 12 pairs at each end agree that nothing crosses, or after 240 s',
  ])
})

test('with pairs as the limit, the plan is as long as they take; throughput needs no load', async () => {
  const plan = planFind(await build({ metric: 'throughput', pairs: 20, cpus: '0' }))
  expect(plan.seconds).toBe(98)
  expect(plan.lines.join('\n')).toContain('round 1: 2 pairs of 0.25 s, closed window at')
  expect(plan.lines.join('\n')).not.toContain('offered')
})

test.each<[string, Partial<FindFlags>, string]>([
  ['an unknown parameter', { over: 'teta=0..1' }, 'unknown-parameter'],
  ['a range outside of its bounds', { over: 'updatePercent=0..101' }, 'range'],
  ['a range that ends where it begins', { over: 'updatePercent=50..50' }, 'range'],
  ['a range the wrong way round', { over: 'updatePercent=50..10' }, 'range'],
  ['a range that is none', { over: 'updatePercent=low..high' }, 'range'],
  ['saturation as a load', { load: 'max' }, 'load'],
  ['a load that varies and is set', { over: 'load', load: '50%' }, 'conflict'],
  ['a parameter that varies and is set', { param: ['updatePercent=5'] }, 'conflict'],
  ['a metric that does not exist', { metric: 'p95' }, 'metric'],
  ['throughput at a load', { metric: 'throughput', load: '50%' }, 'conflict'],
  ['throughput over the load', { metric: 'throughput', over: 'load' }, 'conflict'],
  ['an interval as wide as the range', { until: '100%' }, 'until'],
  ['fewer pairs than the first round has', { pairs: 9 }, 'pairs'],
  ['an unknown arm', { arms: 'staged,nonsense' }, 'architecture'],
  ['a level that is none', { level: '2' }, 'level'],
  ['virtual cores where work is not a wait', { virtualCores: 4 }, 'virtual-cores'],
])('%s is refused with a cure', async (_, flags, code) => {
  await expect(build(flags)).rejects.toMatchObject({
    kind: 'usage',
    code,
    cure: expect.stringMatching(/./),
  })
})

test('a choice cannot vary', async () => {
  await expect(build({ over: 'distribution' }, 'queue-discipline')).rejects.toMatchObject({
    kind: 'usage',
    code: 'choice',
  })
})
