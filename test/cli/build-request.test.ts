import { expect, test } from 'vitest'
import { buildRequest } from '../../harness/cli/build-request.ts'
import type { RunFlags } from '../../harness/cli/run-flags.ts'
import { availableCpus } from '../../harness/experiment/parse-cpus.ts'
import type { RunRequest } from '../../harness/experiment/run-request.ts'

const request = (
  flags: Partial<RunFlags> = {},
  args: readonly string[] = ['run'],
): Promise<RunRequest> =>
  buildRequest('kv-update', { profile: 'default', out: 'reports', reference: true, ...flags }, args)

test('without flags the default profile runs on every processor, with the fused layout beside it', async () => {
  const built = await request()
  expect(built).toMatchObject({
    pairs: 6,
    durationSeconds: 1,
    budgetSeconds: 105,
    cpus: availableCpus(),
    profile: 'default',
    reference: { label: 'staged:layout=fused' },
  })
  expect(built.arms.map((arm) => arm.label)).toEqual(['staged', 'sharded'])
  expect(built.loads.map((load) => load.label)).toEqual(['20%', '50%', '80%'])
})

test('flags override their profile', async () => {
  const flags = { profile: 'smoke', pairs: 4, duration: 2.5, budget: 60, loads: 'max', seed: 7 }
  expect(await request(flags)).toMatchObject({
    profile: 'smoke',
    pairs: 4,
    durationSeconds: 2.5,
    budgetSeconds: 60,
    loads: [{ kind: 'max' }],
    seed: 7,
  })
})

test('parameters reach the scenario', async () => {
  expect((await request({ param: ['keys=10'] })).loaded.params).toMatchObject({ keys: 10 })
})

test('shorthands reach every arm and the reference', async () => {
  const { arms, reference } = await request({ idle: 'poll', permits: '8', stagedInline: 'on' })
  expect(arms.map((arm) => arm.options)).toMatchObject([
    { idle: 'poll', permits: 8, inline: 'on' },
    { idle: 'poll', permits: 8 },
  ])
  expect(reference?.options).toMatchObject({
    idle: 'poll',
    permits: 8,
    layout: 'fused',
    inline: 'auto',
  })
})

test.each([[{ reference: false }], [{ arms: 'staged,sharded' }], [{ stagedLayout: 'fused' }]])(
  '%j leaves the reference out',
  async (flags) => {
    expect((await request(flags)).reference).toBeNull()
  },
)

test('the command line repeats the run, with the seed that was drawn', async () => {
  const { command, seed } = await request({}, ['run', '--param', "odd='x y'"])
  expect(command).toBe(String.raw`crossover run --param 'odd='\''x y'\''' --seed ${seed}`)
})

test('a seed that was given is not repeated', async () => {
  expect((await request({ seed: 7 }, ['run', '--seed', '7'])).command).toBe(
    'crossover run --seed 7',
  )
})

test('two runs draw different seeds', async () => {
  expect((await request()).seed).not.toBe((await request()).seed)
})
