import { expect, test } from 'vitest'
import { type CellCriterion, ratioOf } from '../../../harness/contract/claim.ts'
import {
  claimExpectations,
  planClaim,
  planClaims,
  untestableText,
} from '../../../harness/experiment/claims/plan.ts'
import { type Claims, claimsSchema } from '../../../harness/results/claims.ts'
import { encodeHistogram, histogramFromBuckets } from '../../../harness/results/histogram.ts'
import type { Played } from '../rounds/fake-servers.ts'
import { gateOf, sampleTrial } from '../sample-trial.ts'
import { caughtFailure } from '../caught-failure.ts'
import { CRITERION, sampleClaim, sampleRequest } from './sample-claim.ts'
import { fileOf, latency, measured, READS, UPDATES, updatesTake } from './measured-claim.ts'

const withFirst = (changes: object): CellCriterion => ({
  ...CRITERION,
  figures: [{ ...CRITERION.figures[0], ...changes }, CRITERION.figures[1]],
})

test.each([
  [1.6, 0.01, 'confirmed'],
  [1.02, 0.01, 'refuted'],
  [1.18, 0.01, 'between'],
  [1.27, 0.1, 'undecided'],
] as const)('updates that take %d times as long: %s', async (times, spread, outcome) => {
  const { claim } = await measured({ play: updatesTake(times, spread) })
  expect(claim).toMatchObject({ outcome, plannedRounds: 8 })
  const [first, beside] = claim.figures
  expect(first!.estimate!.value).toBeCloseTo(times, 1)
  expect(first!.estimate).toMatchObject({ n: 8, unit: '×' })
  expect(first!.outcome).toBe(outcome)
  expect(beside!.outcome).toBe('beside')
  expect(/about \d+ rounds would probably decide/.test(claim.reason)).toBe(outcome === 'undecided')
})

test('every round plays each cell once, those of one place on one trace, in an order whose reverse follows', async () => {
  const { claim, servers } = await measured({ play: updatesTake(1) })
  const byRound = Map.groupBy(claim.sets, ({ round }) => round)
  expect(byRound.size).toBe(8)
  for (const sets of byRound.values()) {
    expect(sets.flatMap(({ order }) => order).toSorted()).toEqual(
      Object.keys(CRITERION.cells).toSorted(),
    )
    expect(new Set(sets.map(({ seed }) => seed)).size).toBe(1)
  }
  const firsts = [...byRound.values()].map(([first]) => first!.place)
  expect(firsts.filter((place) => place === READS)).toHaveLength(4)
  const stagedFirst = claim.sets.filter(({ order }) => order[0]!.startsWith('staged'))
  expect(stagedFirst).toHaveLength(8)
  // Four servers are searched; then each round has fresh ones.
  expect(servers.all).toHaveLength(4 + 4 * 8)
  expect(servers.log.filter((line) => line.startsWith('capacity'))).toHaveLength(4)
})

test('all cells are offered a share of the least that any of them sustains', async () => {
  const capacities = [3_000, 1_000, 4_000, 2_000]
  let searched = 0
  const capacity = () => {
    const perSecond = capacities[searched++]!
    return { bracket: { kept: perSecond, failed: perSecond } }
  }
  const { claim } = await measured({ capacity, play: updatesTake(1) })
  expect(claim.sets.map(({ offeredPerSecond }) => Math.round(offeredPerSecond!))).toEqual(
    Array(16).fill(200),
  )
  expect(claim.cells.map(({ sustainedPerSecond }) => Math.round(sustainedPerSecond!))).toEqual(
    expect.arrayContaining(capacities),
  )
})

test('a share may be one of a cell’s own capacity, or of another’s, and need not be one', async () => {
  const { cells } = CRITERION
  const criterion: CellCriterion = {
    ...CRITERION,
    cells: {
      'staged reads': { ...cells['staged reads'], load: '300%', loadOf: 'own' },
      'sharded reads': { ...cells['sharded reads'], load: '50%', loadOf: 'staged reads' },
      'staged updates': { ...cells['staged updates'], load: '70/s' },
      'sharded updates': { ...cells['sharded updates'], load: 'max' },
    },
    figures: [
      {
        name: 'throughput',
        unit: '×',
        of: {
          ratio: [
            { cell: 'sharded updates', metric: 'throughput' },
            { cell: 'staged reads', metric: 'throughput' },
          ],
        },
        confirmed: { above: 1 },
      },
      { name: 'p50', unit: 'µs', of: { cell: 'sharded reads', metric: 'p50' } },
      { name: 'p90', unit: 'ms', of: { cell: 'staged updates', metric: 'p90' } },
    ],
  }
  const { claim, servers } = await measured({ play: () => latency(2_500) }, { criterion })
  const offered = Object.fromEntries(claim.cells.map((cell) => [cell.name, cell.offeredPerSecond]))
  expect(offered).toEqual({
    'staged reads': 3_000,
    'sharded reads': 500,
    'staged updates': 70,
    'sharded updates': null,
  })
  expect(servers.log.filter((line) => line.startsWith('capacity'))).toEqual(['capacity staged'])
  expect(claim.figures.map(({ estimate }) => estimate!.value)).toEqual([1, 2.5, 0.0025])
})

test('goodput counts answers within one time, ten times the largest p99 of all that set it', async () => {
  const within = { times: 10, largest: [{ cell: 'staged reads', metric: 'p99' }] } as const
  const { 'staged reads': reads, 'staged updates': updates } = CRITERION.cells
  const criterion: CellCriterion = {
    ...CRITERION,
    cells: { 'staged reads': reads, 'staged updates': { ...updates, load: '300%', loadOf: 'own' } },
    usefulWithin: within,
    figures: [
      {
        name: 'goodput',
        unit: '×',
        of: ratioOf('goodput', 'staged updates', 'staged reads'),
        confirmed: { above: 0.9 },
        refuted: { below: 0.5 },
      },
    ],
  }
  // Reads take 1 µs; of updates one in four takes more than ten times as long.
  const buckets = (late: number) =>
    encodeHistogram(
      histogramFromBuckets([
        [1_000, 400 - late],
        [11_000, late],
      ]),
    )
  const play = ({ at }: Played) => ({
    ...latency(1_000),
    histogram: buckets(at === UPDATES ? 300 : 0),
  })
  const { claim } = await measured({ play }, { criterion })
  expect(claim).toMatchObject({ usefulWithinNs: 10_000, outcome: 'refuted' })
  expect(claim.figures[0]!.estimate!.value).toBeCloseTo(0.25)
  expect(claim.sets[0]!.trials[0]!.figures['goodput']).toBeDefined()
  const never = { ns: 1_000, atLeast: true }
  const { percentiles } = sampleTrial()
  const slow = (played: Played) => ({
    ...play(played),
    percentiles: { ...percentiles, p99: never },
  })
  const unknown = await measured({ play: slow }, { criterion })
  expect(unknown.claim.outcome).toBe('not-testable')
  expect(unknown.claim.reason).toContain('useful is not known: a latency that sets it was never')
})

test('a latency by class is that of its class', async () => {
  const of = { ...ratioOf('p99', 'staged updates', 'staged reads', 'short') }
  const play = ({ at }: Played) => ({
    ...latency(9_000),
    classes: [{ ...sampleTrial({}, at === UPDATES ? 2_000 : 1_000), name: 'short' }],
  })
  const { claim } = await measured({ play }, { criterion: withFirst({ of }) })
  expect(claim.figures[0]!.estimate!.value).toBeCloseTo(2)
  const none = await measured({ play: () => latency(1) }, { criterion: withFirst({ of }) })
  expect(none.claim.reason).toContain('there is no p99 of short of cell staged updates here')
})

test('what is measured already is not measured again: an interrupted claim goes on where it ended', async () => {
  const interrupted = await measured({
    play: (played) => {
      if (played.number === 9) throw new Error('the run was interrupted')
      return updatesTake(1.6)(played)
    },
  })
  expect(interrupted.failure).toBeDefined()
  expect(interrupted.claim).toMatchObject({
    complete: false,
    outcome: 'undecided',
    reason: expect.stringContaining('it ended early: the run was interrupted'),
  })
  expect(interrupted.claim.sets.at(-1)!.trials).toHaveLength(1)
  // As its file has it.
  const saved = JSON.parse(JSON.stringify(fileOf(interrupted.claim))) as Claims
  const resumed = await measured({ play: updatesTake(1.6) }, { earlier: saved })
  expect(resumed.servers.played).toHaveLength(32 - 8)
  expect(resumed.servers.log.filter((line) => line.startsWith('capacity'))).toEqual([])
  expect(resumed.claim).toMatchObject({ outcome: 'confirmed' })
  const places = resumed.claim.sets.map(({ round, place }) => `${round} ${place}`)
  expect(new Set(places).size).toBe(16)
})

test('what was measured for another criterion is measured anew', async () => {
  const { claim } = await measured({ play: updatesTake(1.6) })
  const changed = withFirst({ confirmed: { above: 2 } })
  const earlier = fileOf(claim)
  const again = await measured({ play: updatesTake(1.6) }, { criterion: changed, earlier })
  expect(again.servers.played).toHaveLength(32)
})

test.each([
  [
    'a cell that does not keep up',
    ({ at }: Played) => ({ gates: [gateOf('completed', at !== UPDATES)] }),
    /cell staged updates does not keep up with its load of 20%/,
  ],
  [
    'noise',
    () => ({ gates: [gateOf('noise', false)] }),
    /other programs used the processors in 100 % of its trials/,
  ],
])('%s decides nothing', async (_, play, reason) => {
  const { claim } = await measured({ play })
  expect(claim.outcome).toBe('not-testable')
  expect(claim.reason).toMatch(reason)
})

test('a figure that this machine does not have is told', async () => {
  const of = { cell: 'staged reads', metric: 'switches' } as const
  const criterion = withFirst({ of, unit: '', confirmed: { above: 1 }, refuted: undefined })
  const used = { ...criterion, figures: [...criterion.figures, CRITERION.figures[0]] }
  const { claim } = await measured({ play: updatesTake(1) }, { criterion: used })
  expect(claim).toMatchObject({ outcome: 'not-testable' })
  expect(claim.reason).toContain('no switches per request of cell staged reads here')
})

test.each([
  [{ below: 3 }, 'confirmed', ''],
  [{ above: 3 }, 'not-testable', 'the gap is 1.60× (1.60–1.60), and must surely be above 3×'],
] as const)('where %j does not hold, figures say nothing', async (holds, outcome, reason) => {
  const condition = { name: 'the gap', unit: '×', of: CRITERION.figures[0].of, holds } as const
  const criterion: CellCriterion = { ...CRITERION, onlyIf: [condition] }
  const { claim } = await measured({ play: updatesTake(1.6, 0) }, { criterion })
  expect(claim).toMatchObject({ outcome, reason })
})

test('refuted by any of several figures, or by all', async () => {
  const second = {
    ...CRITERION.figures[1],
    confirmed: { above: 2 },
    refuted: { below: 2 },
  } as const
  const criterion: CellCriterion = { ...CRITERION, figures: [CRITERION.figures[0], second] }
  const play = updatesTake(1.6)
  expect((await measured({ play }, { criterion })).claim.outcome).toBe('refuted')
  const all: CellCriterion = { ...criterion, refutedBy: 'all' }
  expect((await measured({ play }, { criterion: all })).claim.outcome).toBe('between')
})

test('several figures any of which refutes share the error', async () => {
  // Three rounds stray: at 95 % three averages of two rounds are left out at either end, at 97.5 % two.
  const times = [1.3, 1.1, 1.08, 1, 1, 1, 1, 1]
  const rounds: number[] = []
  const play = ({ at, order: { traceSeed } }: Played) => {
    if (!rounds.includes(traceSeed)) rounds.push(traceSeed)
    return latency(1_000 * (at === UPDATES ? times[rounds.indexOf(traceSeed)]! : 1))
  }
  const first = {
    ...CRITERION.figures[0],
    confirmed: { above: 2 },
    refuted: { below: 1.16 },
  } as const
  const alone = await measured({ play }, { criterion: withFirst(first) })
  expect(alone.claim.outcome).toBe('refuted')
  const far = { ...first, name: 'far from it', refuted: { below: 0.1 } } as const
  const criterion: CellCriterion = { ...CRITERION, figures: [first, far, CRITERION.figures[1]] }
  expect((await measured({ play }, { criterion })).claim.outcome).toBe('undecided')
})

test('too few rounds for a grid are refused, with the number that is needed; unasked there are enough', async () => {
  const { cells } = CRITERION
  const grid = Object.keys(cells).map((cell) => ({ cell, metric: 'p99' }) as const)
  const criterion = withFirst({ of: { largest: [...grid, ...grid, ...grid] }, unit: 'ns' })
  expect((await sampleClaim(criterion)).claim.rounds).toBe(10)
  const request = { ...(await sampleRequest(criterion)), roundsAreAsked: true }
  const failure = caughtFailure(() => planClaim(request, request.claims[0]!))
  expect(failure).toMatchObject({
    kind: 'usage',
    code: 'rounds',
    cure: expect.stringContaining('--rounds 9'),
  })
})

test('a criterion may have rounds of its own, which other numbers and profiles go before', async () => {
  const criterion: CellCriterion = { ...CRITERION, rounds: 12 }
  const request = await sampleRequest(criterion)
  const roundsOf = (changes: object) =>
    planClaim({ ...request, ...changes }, request.claims[0]!).rounds
  expect(roundsOf({})).toBe(12)
  expect(roundsOf({ roundsAreAsked: true })).toBe(8)
  expect(roundsOf({ rounds: 6 })).toBe(6)
  expect(roundsOf({ rounds: 1, answersOnly: true })).toBe(1)
  // Six rounds reach 95 %, and not 99.
  expect((await sampleClaim({ ...CRITERION, rounds: 6 })).claim.rounds).toBe(6)
  const strict = { ...(await sampleRequest({ ...CRITERION, rounds: 6 })), level: 0.99 }
  expect(planClaim(strict, strict.claims[0]!).rounds).toBe(8)
  expect(planClaims(request, 1).plan.lines.join('\n')).toContain('4 cells, 12 rounds of 0.4 s')
})

test('a criterion may have steady states that are longer than others', async () => {
  const criterion: CellCriterion = { ...CRITERION, durationTimes: 2 }
  const { servers, claim } = await measured({ play: updatesTake(1.6) }, { criterion })
  const lengths = new Set(servers.played.map(({ order }) => order.steadySeconds))
  expect(lengths).toEqual(new Set([0.8]))
  expect(claim.outcome).toBe('confirmed')
  const { request, claim: longer } = await sampleClaim(criterion)
  const plain = planClaim(request, (await sampleRequest()).claims[0]!)
  expect(claimExpectations(longer).set - claimExpectations(plain).set).toBeCloseTo(2 * 0.4)
})

test('a single round decides nothing, and says so', async () => {
  const { claim } = await measured({ play: updatesTake(1.6) }, { rounds: 1, answersOnly: true })
  expect(claim).toMatchObject({
    outcome: 'undecided',
    reason: 'a single round has no interval',
  })
})

test('a claim says what this machine lacks for it', () => {
  const criterion = { id: 'M2', claim: 'More is more.', untestable: 'nothing here decides' }
  expect(untestableText(criterion, 2, 1)).toBe('nothing here decides')
  expect(untestableText({ ...criterion, needs: { processors: 4 } }, 2, 1)).toBe(
    'it needs 4 processors, and there are 2',
  )
  expect(untestableText({ ...criterion, needs: { memoryNodes: 2 } }, 2, 1)).toMatch(
    /^it needs 2 nodes/,
  )
  const cells = { many: { arm: 'staged', load: 'max', cores: 8 } }
  expect(untestableText({ ...CRITERION, cells }, 2, 1)).toMatch(/^it needs 8 processors/)
  expect(untestableText(CRITERION, 1, 1)).toBeNull()
})

test('a claim comes back from its file as it was', async () => {
  const { claim } = await measured({ play: updatesTake(1.6) })
  const { claims } = claimsSchema
    .pick({ claims: true })
    .parse(JSON.parse(JSON.stringify({ claims: [claim] })))
  expect(claims).toEqual([claim])
})
