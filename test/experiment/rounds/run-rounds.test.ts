import { expect, test } from 'vitest'
import { parseArms } from '../../../harness/asked/arms.ts'
import type { Report, Trial } from '../../../harness/results/schema.ts'
import { gateOf, sampleTrial } from '../sample-trial.ts'
import type { Behaviour } from './fake-servers.ts'
import { BRACKET, loaded, measured, trialsIn } from './measured.ts'

test('each round has a set of all arms at each load, on fresh servers', async () => {
  const { report, servers, failure } = await measured({}, { loadsText: '100/s,200/s', rounds: 3 })
  expect(failure).toBeUndefined()
  expect(servers.all).toHaveLength(6)
  expect(report.rounds.map(({ index }) => index)).toEqual([0, 1, 2])
  for (const { sets } of report.loads) {
    expect(sets.map(({ round }) => round)).toEqual([0, 1, 2])
    // An order and its reverse.
    expect(sets[1]!.order).toEqual(sets[0]!.order.toReversed())
    for (const { order, trials } of sets) expect(Object.keys(trials)).toEqual(order)
  }
  const seeds = report.loads.flatMap(({ sets }) => sets.map(({ seed }) => seed))
  expect(new Set(seeds).size).toBe(6)
})

test('in each round servers start and warm in another order, and loads come in another', async () => {
  const { report, servers } = await measured({}, { loadsText: '100/s,200/s,300/s', rounds: 8 })
  const orders = report.loads[0]!.sets.map(({ order }) => order)
  for (const step of ['start', 'warm-up']) {
    const steps = servers.log.filter((line) => line.startsWith(`${step} `))
    expect(steps).toEqual(orders.flatMap((order) => order.map((arm) => `${step} ${arm}`)))
  }
  const firstLoads = orders.map((_, round) => servers.played[6 * round]!.order.offeredPerSecond)
  expect(new Set(firstLoads)).toEqual(new Set([100, 200, 300]))
})

test('loads in percent are shares of the smallest arm’s capacity in the first round, from then on', async () => {
  const capacity = (arm: string, deployment: number) =>
    BRACKET((arm === 'staged' ? 1_000 : 3_000) * (deployment === 0 ? 1 : 1.5))
  const { report, servers, codes } = await measured({ capacity }, { loadsText: '50%', rounds: 3 })
  expect(new Set(servers.played.map(({ order }) => order.offeredPerSecond))).toEqual(new Set([500]))
  expect(report.loads[0]!.offeredPerSecond).toBe(500)
  // Of the median over all rounds it was a third, and that is said.
  expect(report.loads[0]!.fractionOfCapacity).toBeCloseTo(1 / 3)
  expect(codes).toContain('share-off')
  expect(report.capacity!.sustainedRatios[0]!.value).toBeCloseTo(3)
})

test('trials of the first round are in the time left before their loads are known', async () => {
  const asked = { loadsText: '20%,50%,80%', rounds: 1, durationSeconds: 10 }
  const { secondsLeft, servers } = await measured({}, asked)
  // Six trials of ten seconds: none of them is forgotten until then.
  expect(secondsLeft[0]).toBeGreaterThan(60)
  expect(secondsLeft[0]).toBeLessThan(servers.seconds + 15)
})

test('without a load that every arm sustained there is none to take a share of', async () => {
  const capacity = (arm: string) => (arm === 'staged' ? { bracket: null } : {})
  const { failure, servers } = await measured({ capacity }, { loadsText: '50%' })
  expect(failure).toMatchObject({ kind: 'run', code: 'no-capacity' })
  expect(servers.alive()).toEqual([])
})

test('a first search whose probes are all void is made once more, and told', async () => {
  let searches = 0
  const capacity = () => (searches++ === 0 ? { bracket: null, voids: ['lost update'] } : {})
  const { report, failure, codes } = await measured({ capacity }, { loadsText: '50%', rounds: 3 })
  expect(failure).toBeUndefined()
  expect(trialsIn(report)).toHaveLength(6)
  expect(codes.filter((code) => code === 'void-probe')).toHaveLength(1)
  expect(report.rounds[0]!.deployments['staged']).toMatchObject({ sustained: 1_000, probes: 10 })
})

test('a pair that was never answered costs that pair’s ratio, and ends nothing', async () => {
  const unanswered = { due: 1_000, completed: 0, refused: 0, unanswered: 1_000 }
  const play = ({ arm, number }: { arm: string; number: number }): Partial<Trial> =>
    arm === 'staged' && number < 2 ? { counts: unanswered, achievedPerSecond: 0 } : {}
  const { report, failure } = await measured({ play }, { rounds: 6 })
  expect(failure).toBeUndefined()
  expect(trialsIn(report)).toHaveLength(12)
})

test('a void probe costs that probe, and no trial', async () => {
  const capacity = (arm: string, deployment: number) =>
    arm === 'staged' && deployment === 1 ? { voids: ['lost update'], bracket: null } : {}
  const { report, failure, codes } = await measured({ capacity }, { loadsText: '50%', rounds: 3 })
  expect(failure).toBeUndefined()
  expect(trialsIn(report)).toHaveLength(6)
  expect(codes.filter((code) => code === 'void-probe')).toHaveLength(1)
  expect(report.rounds.map(({ deployments }) => deployments['staged']!.sustained)).toEqual([
    1_000,
    null,
    1_000,
  ])
})

test('an arm whose every trial at a load is void ends the run, which keeps them', async () => {
  const play = ({ arm }: { arm: string }) => ({ void: arm === 'sharded' ? 'lost update' : null })
  const { report, failure, servers } = await measured({ play })
  expect(failure).toMatchObject({ kind: 'run', code: 'void' })
  expect(failure).toMatchObject({ message: 'void: arm=sharded load=500/s: lost update' })
  expect(trialsIn(report)).toHaveLength(2)
  expect(servers.alive()).toEqual([])
})

test('a void trial among sound ones does not end the run', async () => {
  const play = ({ arm, deployment }: { arm: string; deployment: number }) => ({
    void: arm === 'sharded' && deployment === 1 ? 'lost update' : null,
  })
  const { report, failure } = await measured({ play }, { rounds: 3 })
  expect(failure).toBeUndefined()
  expect(trialsIn(report).filter((trial) => trial.void !== null)).toHaveLength(1)
  expect(report.loads[0]!.comparisons[0]!.ratios!.p99!.n).toBe(2)
})

test('a set that is played again for the runtime keeps what is discarded, its trace and its order', async () => {
  const play = ({ number }: { number: number }) => ({
    gates: [gateOf('runtime', number !== 1), gateOf('halves', false)],
  })
  const { report, servers, events } = await measured({ play })
  const [first, second] = report.loads[0]!.sets
  const labels = servers.played.map(({ arm }) => arm)
  expect(labels.slice(0, 4)).toEqual([...first!.order, ...first!.order])
  expect(new Set(servers.played.slice(0, 4).map(({ order }) => order.traceSeed)).size).toBe(1)
  expect(first!.discarded).toMatchObject([{ cause: 'runtime', arm: first!.order[1] }])
  expect(Object.keys(first!.discarded[0]!.trials)).toEqual(first!.order)
  expect(Object.values(first!.trials).map(({ attempt }) => attempt)).toEqual([2, 2])
  // Trials that failed `halves` stay.
  expect(second!.discarded).toEqual([])
  expect(events.filter((kind) => kind === 'repeated')).toHaveLength(1)
  expect(report.loads[0]!.comparisons[0]!.ratios!.p99!.n).toBe(2)
})

test('nothing is played again where right answers are all that it is about, nor is anything warmed', async () => {
  const play = () => ({ gates: [gateOf('noise', false)] })
  const { servers } = await measured({ play }, { answersOnly: true })
  expect(servers.played).toHaveLength(4)
  expect(servers.log.some((line) => line.startsWith('warm-up'))).toBe(false)
})

test('repeating does not take the time of what is planned', async () => {
  const play = () => ({ gates: [gateOf('clock', false)] })
  const free = await measured({ play })
  const bound = await measured({ play }, { budgetSeconds: 14 })
  expect(free.servers.played).toHaveLength(12)
  expect(bound.report.loads[0]!.sets).toHaveLength(2)
  expect(bound.servers.played.length).toBeLessThan(12)
})

/** p99 of sharded is half of staged’s, spread by this factor. */
function spreadBy(factor: number) {
  return ({ arm, deployment }: { arm: string; deployment: number }) => {
    const ns = arm === 'staged' ? 1_000 : 500 * factor ** ((deployment % 8) / 3.5 - 1)
    return { percentiles: sampleTrial({}, ns).percentiles }
  }
}

test.each([
  [1.005, 8, false],
  // Precise after 15 already: there is no look.
  [1.01, 16, false],
  [1.3, 64, true],
])(
  'with a precision, a spread of %f ends at the look after %i rounds',
  async (factor, rounds, isImprecise) => {
    const asked = { precision: 0.01, rounds: 64 }
    const { report, codes, events } = await measured({ play: spreadBy(factor) }, asked)
    expect(report.loads[0]!.sets).toHaveLength(rounds)
    expect(codes.includes('not-precise')).toBe(isImprecise)
    expect(events.filter((kind) => kind === 'verdict').length).toBeGreaterThan(0)
  },
)

test.each([
  'staged,sharded',
  'staged,staged:layout=fused,sharded',
  'sharded,staged,staged,sharded',
])(
  'of %s every comparison is filled in, in the order in which they were asked for',
  async (armsText) => {
    const { report } = await measured({ play: spreadBy(1.01) }, { armsText, rounds: 8 })
    const arms = parseArms(armsText)
    const { comparisons } = report.loads[0]!
    expect(comparisons).toHaveLength(arms.length - 1)
    expect(comparisons.map(({ first, second }) => ({ first, second }))).toEqual(report.comparisons)
    for (const { ratios, verdict } of comparisons) {
      expect(ratios!.p99!.n).toBe(8)
      expect(verdict).not.toBeNull()
    }
  },
)

test('an interrupted run keeps what it has measured', async () => {
  const play = ({ number }: { number: number }) => {
    if (number === 3) throw new Error('the run was interrupted')
    return {}
  }
  const { report, servers, failure } = await measured({ play })
  expect(failure).toMatchObject({ message: 'the run was interrupted' })
  expect(trialsIn(report)).toHaveLength(3)
  expect(report.loads[0]!.comparisons[0]!.ratios!.p99!.n).toBe(1)
  expect(servers.alive()).toEqual([])
})

test('a budget cuts whole rounds off and says so', async () => {
  const { report, failure, codes } = await measured({}, { rounds: 8, budgetSeconds: 20 })
  expect(failure).toBeUndefined()
  expect(codes).toContain('budget-used')
  expect(report.loads[0]!.sets.length).toBeGreaterThan(0)
  expect(report.loads[0]!.sets.length).toBeLessThan(8)
})

test('an arm that works while others are measured is told of', async () => {
  const { report, codes } = await measured({ parkedSecondsPerTrial: 0.1 })
  expect(report.rounds.map(({ deployments }) => deployments['staged']!.parkedSeconds)).toEqual([
    0.1, 0.1,
  ])
  expect(codes).toContain('parked')
})

test('a set that is played again in a scenario that wants fresh servers has fresh ones, too', async () => {
  const fresh = { ...loaded, scenario: { ...loaded.scenario, fresh: true } }
  const play = ({ number }: { number: number }) => ({ gates: [gateOf('clock', number !== 0)] })
  const { servers } = await measured({ play }, { loaded: fresh, loadsText: '500/s,900/s' })
  // Two rounds of two loads, and one set once more.
  expect(servers.played).toHaveLength(10)
  expect(servers.all).toHaveLength(10)
})

test('a round with several deployments keeps what its first ones showed', async () => {
  const fresh = { ...loaded, scenario: { ...loaded.scenario, fresh: true } }
  const { report } = await measured({}, { loaded: fresh, loadsText: '50%,900/s' })
  for (const { deployments } of report.rounds) {
    expect(deployments['staged']).toMatchObject({ sustained: 1_000, startSeconds: 4 })
  }
})

test('every round tells what memory its own servers took', async () => {
  const { report } = await measured({}, { rounds: 3 })
  const bytes = report.rounds.flatMap(({ deployments }) =>
    Object.values(deployments).map(({ residentBytes }) => residentBytes),
  )
  expect(bytes).toEqual([1, 1, 1, 1, 1, 1])
})

test('a precision is asked for of every comparison', async () => {
  const play = (played: { arm: string; deployment: number }) =>
    played.arm === 'sharded'
      ? { percentiles: sampleTrial({}, 1_000).percentiles }
      : spreadBy(played.arm === 'staged' ? 1 : 1.3)({ ...played, arm: 'sharded' })
  const armsText = 'staged,staged:layout=fused,sharded'
  const { report, codes } = await measured({ play }, { armsText, precision: 0.01, rounds: 64 })
  expect(report.loads[0]!.sets).toHaveLength(64)
  expect(codes).toContain('not-precise')
})

test('a run whose time is up before the first trial is not complete', async () => {
  const { report, failure } = await measured({}, { budgetSeconds: 2 })
  expect(failure).toMatchObject({ kind: 'run', code: 'nothing-measured' })
  expect(report).toMatchObject({ complete: false, ending: expect.stringContaining('budget') })
})

test('where every probe of an arm had wrong answers, that is what is said', async () => {
  const capacity = (arm: string) =>
    arm === 'staged' ? { voids: ['lost update'], bracket: null } : {}
  const { failure } = await measured({ capacity }, { loadsText: '50%' })
  expect(failure).toMatchObject({
    code: 'void',
    message: 'void: arm=staged, searching its capacity: lost update',
  })
})

/** Staged parks, sharded spins, and parks so many times a request by its own policy; its latencies are longer where it parks. */
function spinning(parksPerRequest: number): Behaviour {
  return {
    play: ({ arm, order }) => {
      const isParked = arm === 'staged' || order.idle === 'park'
      const trial = sampleTrial({ arm })
      const parks = (isParked ? 1 : parksPerRequest) * trial.counts.completed
      const ns = arm === 'staged' ? 1_000 : isParked ? 500 : 100
      const percentiles = { ...trial.percentiles, p99: { ns, atLeast: false } }
      const idle = isParked ? 'park' : 'spin-park'
      return { idle, percentiles, counters: { ...trial.counters, parks } }
    },
  }
}

test('where one arm parks ten times as often as another, who spins plays once more with parking', async () => {
  const { report, servers } = await measured(spinning(0.05), { rounds: 8 })
  const { sets, comparisons } = report.loads[0]!
  // What to play is known when the first set is.
  expect(sets.map(({ atEqualPolicy }) => Object.keys(atEqualPolicy ?? {}))).toEqual([
    [],
    ...Array.from({ length: 7 }, () => ['sharded']),
  ])
  const again = servers.played.filter(({ order }) => order.idle !== undefined)
  expect(again.map(({ arm, order }) => `${arm} ${order.idle}`)).toEqual(
    Array.from({ length: 7 }, () => 'sharded park'),
  )
  const [compared] = comparisons
  expect(compared!.ratios!.p99).toMatchObject({ value: expect.closeTo(0.1), n: 8 })
  expect(compared!.atEqualPolicy!.p99).toMatchObject({ value: expect.closeTo(0.5), n: 7 })
  // Its own trials are what is judged.
  expect(sets.every(({ trials }) => trials['sharded']!.idle === 'spin-park')).toBe(true)
})

test('arms that park about as often are compared by their own policies alone', async () => {
  const { report, servers } = await measured(spinning(0.11), { rounds: 3 })
  expect(servers.played.every(({ order }) => order.idle === undefined)).toBe(true)
  expect(report.loads[0]!.comparisons[0]!.atEqualPolicy).toBeUndefined()
})

/** All requests are alike in both arms; the light ones of sharded take three times as long. */
const withLight: Behaviour = {
  play({ arm }) {
    const { counts, histogram, minNs, maxNs, percentiles } = sampleTrial(
      {},
      arm === 'staged' ? 1_000 : 3_000,
    )
    return { classes: [{ name: 'light', counts, histogram, minNs, maxNs, percentiles }] }
  },
}

test('a run about a class of requests judges their latencies, and keeps those of all', async () => {
  const all = await measured(withLight, { rounds: 8 })
  expect(all.report.loads[0]!.comparisons[0]!.verdict!.winner).toBe('none')
  const { report } = await measured(withLight, { rounds: 8, requestClass: 'light' })
  const [{ verdict, ratios }] = report.loads[0]!.comparisons as [
    Report['loads'][number]['comparisons'][number],
  ]
  expect(verdict!.winner).toBe('staged')
  expect(verdict!.sentence).toContain("sharded's p99 of light requests is 3.00× staged's")
  expect([ratios!.p50!.value, ratios!.achievedPerSecond!.value].map(Math.round)).toEqual([3, 1])
  expect(report.run.requestClass).toBe('light')
  expect(new Set(trialsIn(report).map(({ percentiles }) => percentiles.p99.ns))).toEqual(
    new Set([1_000]),
  )
})
