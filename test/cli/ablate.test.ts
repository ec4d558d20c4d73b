import { expect, test } from 'vitest'
import { type AblateFlags, buildAblation } from '../../harness/cli/ablate.ts'
import { defaultChain } from '../../harness/experiment/ablate/chain.ts'
import { availableCpus } from '../../harness/asked/cpus.ts'

const build = (flags: Partial<AblateFlags> = {}) =>
  buildAblation('kv-update', { load: '50%', level: '0.95', out: 'reports', ...flags }, ['ablate'])

test('without flags the default chain is measured in eight rounds at half the smallest capacity', async () => {
  const { seed, loaded, ...rest } = await build()
  expect(loaded.scenario.name).toBe('kv-update')
  expect(rest).toEqual({
    chain: defaultChain(),
    load: { kind: 'percent', label: '50%', percent: 50 },
    rounds: 8,
    capacityRounds: 3,
    level: 0.95,
    requestClass: null,
    durationSeconds: 0.4,
    budgetSeconds: 240,
    cpus: availableCpus(),
    command: `npx crossover ablate --seed ${seed}`,
    plan: expect.anything(),
  })
})

test('every flag is taken', async () => {
  const request = await build({
    chain: 'staged,sharded',
    load: '200000/s',
    rounds: 8,
    level: '99%',
    duration: 1,
    budget: 60,
    cpus: '0',
    seed: 7,
    param: ['keys=1000'],
  })
  expect(request).toMatchObject({
    load: { kind: 'absolute', perSecond: 200_000 },
    rounds: 8,
    level: 0.99,
    durationSeconds: 1,
    budgetSeconds: 60,
    cpus: [0],
    seed: 7,
    loaded: { params: { keys: 1_000 } },
  })
  expect(request.chain.arms.map((arm) => arm.label)).toEqual(['staged', 'sharded'])
})

test('who says how much to measure gets it, however long it takes', async () => {
  for (const flags of [{ rounds: 12 }, { duration: 1 }, { chain: 'staged,sharded' }]) {
    expect((await build(flags)).budgetSeconds).toBeNull()
  }
  expect((await build({ load: '1000/s' })).budgetSeconds).toBe(240)
})

test.each<[string, Partial<AblateFlags>, string]>([
  ['an unknown arm', { chain: 'staged,nonsense' }, 'architecture'],
  ['one arm', { chain: 'staged' }, 'chain'],
  ['equal neighbours', { chain: 'staged,staged' }, 'chain'],
  ['an option that does not exist', { chain: 'staged:colour=red,sharded' }, 'unknown-parameter'],
  ['saturation as a load', { load: 'max' }, 'load'],
  ['several loads', { load: '20%,50%' }, 'load'],
  ['rounds too few for the level', { rounds: 6, level: '0.99' }, 'rounds'],
  ['a level too high for the rounds', { level: '0.999' }, 'rounds'],
  ['a level that is none', { level: '2' }, 'level'],
])('%s is refused with a cure', async (_, flags, code) => {
  await expect(build(flags)).rejects.toMatchObject({
    kind: 'usage',
    code,
    cure: expect.stringMatching(/./),
  })
})
