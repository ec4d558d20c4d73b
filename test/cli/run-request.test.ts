import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildRequest } from '../../harness/cli/run-request.ts'
import type { RunFlags } from '../../harness/cli/run-flags.ts'
import { availableCpus } from '../../harness/asked/cpus.ts'
import type { RunRequest } from '../../harness/experiment/run/request.ts'

const DEFAULTS: RunFlags = {
  profile: 'default',
  metric: 'p99',
  level: '0.95',
  transport: 'replay',
  out: 'reports',
  reference: true,
}

const request = (
  flags: Partial<RunFlags> = {},
  args: readonly string[] = ['run'],
  scenario = 'kv-update',
): Promise<RunRequest> => buildRequest(scenario, { ...DEFAULTS, ...flags }, args)

test('without flags the default profile runs on every processor, with the fused layout beside it', async () => {
  const built = await request()
  expect(built).toMatchObject({
    rounds: 8,
    durationSeconds: 0.5,
    budgetSeconds: 170,
    cpus: availableCpus(),
    profile: 'default',
    metric: 'p99',
    level: 0.95,
    precision: null,
    objective: null,
    virtualCores: null,
    machineFolder: 'reports',
    comparisons: [
      { first: 'staged', second: 'sharded' },
      { first: 'staged:layout=fused', second: 'sharded' },
    ],
  })
  expect(built.arms.map((arm) => arm.label)).toEqual(['staged', 'staged:layout=fused', 'sharded'])
  expect(built.loads.map((load) => load.label)).toEqual(['20%', '50%', '80%'])
})

test('flags override their profile', async () => {
  const flags = { profile: 'smoke', pairs: 7, duration: 2.5, budget: 60, loads: 'max', seed: 7 }
  expect(await request(flags)).toMatchObject({
    profile: 'smoke',
    answersOnly: false,
    rounds: 7,
    durationSeconds: 2.5,
    budgetSeconds: 60,
    loads: [{ kind: 'max' }],
    seed: 7,
  })
})

test('smoke is about right answers at a load that any server bears, and measures no capacity', async () => {
  expect(await request({ profile: 'smoke' })).toMatchObject({
    answersOnly: true,
    loads: [{ kind: 'absolute', label: '2000/s' }],
    durationSeconds: 0.2,
    arms: [{ label: 'staged' }, { label: 'sharded' }],
    comparisons: [{ first: 'staged', second: 'sharded' }],
  })
  const slow = await request({ profile: 'smoke', virtualCores: 2 }, ['run'], 'queue-discipline')
  expect(slow).toMatchObject({ loads: [{ label: '120/s' }], durationSeconds: 0.2 })
  const param = ['serviceMicros=100000']
  // So few that 0.2 s would hardly see one.
  expect(
    await request({ profile: 'smoke', virtualCores: 2, param }, ['run'], 'queue-discipline'),
  ).toMatchObject({ loads: [{ label: '20/s' }], durationSeconds: 1 })
})

test('smoke has its own load whatever the scenario says, unless the user says another', async () => {
  const { loads } = await request({ profile: 'smoke' }, ['run'], 'wake-up')
  expect(loads).toMatchObject([{ label: '2000/s' }])
  const asked = await request({ profile: 'smoke', loads: 'max' }, ['run'], 'wake-up')
  expect(asked).toMatchObject({ loads: [{ kind: 'max' }], answersOnly: false })
})

test('the scenario decides where flags do not, and the request says what', async () => {
  const { virtualCores, fromScenario } = await request({}, ['run'], 'queue-discipline')
  expect({ virtualCores, fromScenario }).toEqual({
    virtualCores: 8,
    fromScenario: ['8 virtual cores'],
  })
  const { loads } = await request({}, ['run'], 'wake-up')
  expect(loads.map((load) => load.label)).toEqual(['1%', '20%', '90%'])
})

test('metric, level, virtual cores and folder reach the request', async () => {
  const flags = { metric: 'p99.9', level: '99%', pairs: 8, virtualCores: 16, out: 'elsewhere' }
  expect(await request(flags, ['run'], 'queue-discipline')).toMatchObject({
    metric: 'p99_9',
    level: 0.99,
    rounds: 8,
    virtualCores: 16,
    machineFolder: 'elsewhere',
  })
})

test('a precision may take as many pairs as an exact interval can, and no budget ends it', async () => {
  const built = await request({ untilPrecise: '10%' })
  expect(built).toMatchObject({ precision: 0.1, rounds: 64, budgetSeconds: null })
  expect(await request({ untilPrecise: '10%', budget: 60 })).toMatchObject({ budgetSeconds: 60 })
})

test('a search takes the profile’s rounds and two arms, and has no budget', async () => {
  expect(await request({ slo: 'p99=1ms' })).toMatchObject({
    objective: { percentile: 'p99', limitNs: 1_000_000 },
    rounds: 8,
    budgetSeconds: null,
    arms: [{ label: 'staged' }, { label: 'sharded' }],
    comparisons: [{ first: 'staged', second: 'sharded' }],
  })
})

test('of a scenario’s own three arms sharded is compared with both staged ones, and a search takes the first pair', async () => {
  const of = (flags: Partial<RunFlags>) => request(flags, ['run'], 'io-overlap')
  expect(await of({})).toMatchObject({
    arms: [{ label: 'staged' }, { label: 'staged:waits=async' }, { label: 'sharded' }],
    comparisons: [
      { first: 'staged', second: 'sharded' },
      { first: 'staged:waits=async', second: 'sharded' },
    ],
  })
  expect(await of({ slo: 'p99=5ms' })).toMatchObject({
    arms: [{ label: 'staged' }, { label: 'sharded' }],
  })
})

test.each([
  [
    { untilPrecise: '10%', pairs: 6 },
    '--until-precise 10% and --pairs 6 exclude each other',
    /leave out one/,
  ],
  [
    { slo: 'p99=1ms', loads: '50%' },
    '--slo p99=1ms and --loads 50% exclude each other',
    /leave out one/,
  ],
  [
    { slo: 'p99=1ms', untilPrecise: '10%' },
    '--slo p99=1ms and --until-precise 10% exclude each other',
    /leave out one/,
  ],
  [{ pairs: 1 }, '--pairs 1: an interval of 95 % needs at least 6 pairs', /^--pairs 6 or more/],
  [
    { level: '0.99', pairs: 6 },
    '--pairs 6: an interval of 99 % needs at least 8 pairs',
    /^--pairs 8 or more/,
  ],
  [
    { level: '0.99', profile: 'short' },
    'at least 8 pairs, and profile short has 6 rounds',
    /^--pairs 8$/,
  ],
  [
    { slo: 'p99=1ms', arms: 'staged,sharded,sharded' },
    '--slo searches with two arms, not 3: staged,sharded,sharded',
    /^give two/,
  ],
  [
    { against: 'fused' },
    '--against: no arm has this label or place: fused',
    /^name one of 1 staged, 2 staged:layout=fused, 3 sharded$/,
  ],
])('%j is refused', async (flags, message, cure) => {
  await expect(request(flags)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(message),
    cure: expect.stringMatching(cure),
  })
})

test('a profile without a verdict may have fewer pairs than the level needs', async () => {
  expect(await request({ profile: 'smoke', level: '0.99' })).toMatchObject({ rounds: 1 })
})

test('parameters reach the scenario', async () => {
  expect((await request({ param: ['keys=10'] })).loaded.params).toMatchObject({ keys: 10 })
})

test('shorthands reach every arm', async () => {
  const { arms } = await request({ idle: 'poll', permits: '8', stagedInline: 'on' })
  expect(arms.map((arm) => arm.options)).toMatchObject([
    { idle: 'poll', permits: 8, inline: 'on', layout: 'classic' },
    { idle: 'poll', permits: 8, inline: 'on', layout: 'fused' },
    { idle: 'poll', permits: 8 },
  ])
})

test.each([[{ reference: false }], [{ arms: 'staged,sharded' }], [{ stagedLayout: 'fused' }]])(
  '%j leaves the fused layout out',
  async (flags) => {
    const { arms, comparisons } = await request(flags)
    expect(arms.map(({ label }) => label)).toEqual(['staged', 'sharded'])
    expect(comparisons).toEqual([{ first: 'staged', second: 'sharded' }])
  },
)

test('arms of the scenario’s can be named to compare with', async () => {
  const { comparisons } = await request({ against: 'sharded' }, ['run'], 'hot-key')
  expect(comparisons).toEqual([{ first: 'sharded', second: 'staged:locks=reader-writer' }])
})

test('the command line repeats the run, with the seed that was drawn', async () => {
  const { command, seed } = await request({}, ['run', '--param', "odd='x y'"])
  expect(command).toBe(String.raw`npx crossover run --param 'odd='\''x y'\''' --seed ${seed}`)
})

test('a seed that was given is not repeated', async () => {
  expect((await request({ seed: 7 }, ['run', '--seed', '7'])).command).toBe(
    'npx crossover run --seed 7',
  )
})

test('two runs draw different seeds', async () => {
  expect((await request()).seed).not.toBe((await request()).seed)
})

test('virtual cores are refused before anything is planned where work is no wait', async () => {
  await expect(request({ virtualCores: 8 })).rejects.toThrow('no stage of kv-update is a blocking')
})

test('a log is played at its own pace unless loads are named; records are its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  try {
    const trace = join(folder, 'log.csv')
    writeFileSync(trace, 'instant,operation,key,bytes\n0,get,a,8\n0.5,put,b,12\n1,get,a,\n')
    const own = { kind: 'absolute', label: 'log', perSecond: 2 }
    const built = await request({ trace })
    expect(built.loads).toEqual([own])
    expect(built.loaded.log?.keyCount).toBe(2)
    expect(built.loaded.scenario.workload(built.loaded.params).recordCount).toBe(2)
    const named = await request({ trace, loads: 'log,50%', profile: 'smoke' })
    expect(named.loads).toEqual([own, { kind: 'percent', label: '50%', percent: 50 }])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
