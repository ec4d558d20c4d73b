import { expect, test } from 'vitest'
import { parseArms } from '../../../harness/asked/arms.ts'
import type { Experiment, Outcome, Step } from '../../../harness/experiment/rounds/experiment.ts'
import { Loop } from '../../../harness/experiment/rounds/loop.ts'
import { Pacing } from '../../../harness/experiment/rounds/pacing.ts'
import { sampleReport } from '../../render/sample-report.ts'
import { type Behaviour, FakeServers } from './fake-servers.ts'

const ARMS = parseArms('staged,staged:layout=fused,sharded')
const LABELS = ARMS.map(({ label }) => label)
const ORDER = {
  offeredPerSecond: 1_000,
  traceSeed: 1,
  settleSeconds: 0,
  steadySeconds: 1,
  longestDrainSeconds: 0,
}
const SET: Step = { kind: 'set', arms: ARMS.toReversed(), order: ORDER, attempt: 1 }
const DEPLOY: Step = { kind: 'deploy', arms: ARMS }
const WARM_UPS: Step[] = ARMS.map((arm) => ({
  kind: 'warm-up',
  arm,
  plan: { loads: [], shares: [], longestSeconds: 1 },
}))
const ROUND = [DEPLOY, ...WARM_UPS, SET]

/** Makes these steps with fake servers. */
async function looped(
  steps: readonly Step[],
  {
    behaviour = {},
    budgetSeconds = Number.POSITIVE_INFINITY,
  }: { behaviour?: Behaviour; budgetSeconds?: number } = {},
) {
  const servers = new FakeServers(behaviour)
  const seen = {
    begun: [] as string[],
    outcomes: [] as Outcome[],
    saves: [] as number[],
    cuts: 0,
    used: [] as string[],
  }
  let played = 0
  const left = [...steps]
  const experiment: Experiment = {
    result: sampleReport(),
    endsInNoise: false,
    next: () => left[0] ?? null,
    begins: (step, arm) => seen.begun.push(arm === null ? step.kind : `${step.kind} ${arm.label}`),
    hasPlayed: () => played++,
    keep: (_step, outcome) => {
      left.shift()
      seen.outcomes.push(outcome)
    },
    left: () => ({}),
    cut: () => seen.cuts++,
    hasUsed: (arm) => seen.used.push(arm),
    save: () => seen.saves.push(played),
    conclude: () => {},
  }
  const loop = new Loop(experiment, {
    makeServer: servers.make,
    pacing: new Pacing(() => servers.seconds, budgetSeconds),
    expectations: { deploy: 1, 'warm-up': 1, search: 2, capacity: 2, set: 3, aside: 1 },
  })
  const failure = await loop.run().catch((error: unknown) => error)
  return { servers, seen, failure, left }
}

test('all arms of a round are alive at once, and exactly one is awake while it is measured', async () => {
  const { servers } = await looped(ROUND)
  expect(servers.aliveWhilePlayed).toEqual(ARMS.map(() => LABELS))
  expect(servers.awakeWhilePlayed).toEqual(LABELS.toReversed().map((label) => [label]))
})

test('steps are made in their order, and the trials of a set in its own', async () => {
  const { servers, seen } = await looped(ROUND)
  const warmUps = LABELS.map((label) => `warm-up ${label}`)
  const trials = LABELS.toReversed().map((label) => `play ${label}`)
  const inner = servers.log.filter((line) => !/^(?:start|stop) /.test(line))
  expect(inner).toEqual([...warmUps, ...trials])
  const begun = LABELS.toReversed().map((label) => `set ${label}`)
  expect(seen.begun).toEqual(['deploy', 'warm-up', 'warm-up', 'warm-up', 'set', ...begun])
})

test('those that are parked are told so again before each trial', async () => {
  const { servers } = await looped([DEPLOY, SET, SET])
  // Once at the start, before each of four trials of others, and behind each of two of its own.
  expect(servers.all.map(({ parks }) => parks)).toEqual([7, 7, 7])
})

test('a deployment ends the one before it, and tells what that used', async () => {
  const { servers, seen } = await looped([...ROUND, ...ROUND])
  expect(servers.all).toHaveLength(6)
  expect(servers.all.every(({ isStopped }) => isStopped)).toBe(true)
  expect(servers.aliveWhilePlayed.at(-1)).toEqual(LABELS)
  expect(seen.used).toEqual([...LABELS, ...LABELS])
})

const broken = () => {
  throw new Error('broken')
}
test.each([
  ['its start', { start: (arm) => arm === 'staged' && broken() }],
  ['its warm-up', { warmUp: broken }],
  ['a trial', { play: broken }],
] satisfies [string, Behaviour][])(
  'a server that fails in %s ends the run, and none is left behind',
  async (_where, behaviour) => {
    const { servers, failure } = await looped(ROUND, { behaviour })
    expect(failure).toMatchObject({ message: 'broken' })
    expect(servers.all).toHaveLength(3)
    expect(servers.all.every(({ isStopped }) => isStopped)).toBe(true)
  },
)

test('a step that needs no server may fail, too', async () => {
  const { servers, failure } = await looped([
    DEPLOY,
    { kind: 'aside', run: () => Promise.reject(new Error('broken')) },
  ])
  expect(failure).toMatchObject({ message: 'broken' })
  expect(servers.all.every(({ isStopped }) => isStopped)).toBe(true)
})

test('a step that would end after the budget is not begun', async () => {
  // Three starts of 1 s, then a set that is expected to take 3 s, and takes them.
  const { servers, seen, failure } = await looped([DEPLOY, SET, SET], { budgetSeconds: 8.9 })
  expect(failure).toBeUndefined()
  expect({ cuts: seen.cuts, trials: servers.played.length }).toEqual({ cuts: 1, trials: 3 })
  expect(servers.alive()).toEqual([])
  const fits = await looped([DEPLOY, SET, SET], { budgetSeconds: 9 })
  expect({ cuts: fits.seen.cuts, trials: fits.servers.played.length }).toEqual({
    cuts: 0,
    trials: 6,
  })
})

test('everything that was measured is saved after each trial and each step', async () => {
  const { seen } = await looped([DEPLOY, SET])
  expect(seen.saves).toEqual([0, 1, 2, 3, 3])
})

test('what the others use while one is measured is told by arm', async () => {
  const { seen } = await looped([DEPLOY, SET, SET], { behaviour: { parkedSecondsPerTrial: 0.25 } })
  const sets = seen.outcomes.filter((outcome) => outcome.kind === 'set')
  // Two trials of others in each set.
  for (const { parkedSeconds } of sets)
    expect(parkedSeconds).toEqual(Object.fromEntries(LABELS.map((label) => [label, 0.5])))
  expect(sets.map(({ traced }) => Object.keys(traced).toSorted())).toEqual([
    LABELS.toSorted(),
    LABELS.toSorted(),
  ])
})
