import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Arm } from '../../harness/contract/architecture.ts'
import { parseArms } from '../../harness/experiment/parse-arms.ts'
import type { RunEvent } from '../../harness/experiment/run-request.ts'
import type { RunState } from '../../harness/experiment/run-state.ts'
import { searchObjective } from '../../harness/experiment/search-objective.ts'
import type { Objective, Trial } from '../../harness/results/schema.ts'
import { gateOf, sampleTrial } from './sample-trial.ts'

const LIMIT_NS = 1_000
const CAPACITY = 1_600
const PRECISION = 1.02
const [STAGED, SHARDED] = parseArms('staged,sharded')
const KEPT = sampleTrial({}, LIMIT_NS)
const MISSED = sampleTrial({}, LIMIT_NS + 1)

/** One trial as the fake server was asked for it. */
interface Asked {
  readonly arm: string
  readonly load: number
  /** The trace's. */
  readonly number: number
  /** Whether the search is over: a load that was probed before is confirmed. */
  readonly confirming: boolean
}

type Server = (asked: Asked) => Trial

/** A server that keeps the objective up to a load and misses it above. */
function upTo(knee: number): Server {
  return ({ load }) => (load <= knee ? KEPT : MISSED)
}

/** Searches with servers in place of trials. */
async function search(
  servers: Readonly<Record<'staged' | 'sharded', Server>>,
  { rounds = 2, secondsLeft = (): number => Number.POSITIVE_INFINITY } = {},
) {
  const asked: Asked[] = []
  const events: RunEvent[] = []
  const warnings: string[] = []
  const report: { capacity: object; objective: Objective | null } = {
    capacity: { saturated: { staged: { value: CAPACITY }, sharded: { value: CAPACITY } } },
    objective: null,
  }
  const run = {
    request: { arms: [STAGED, SHARDED], rounds, durationSeconds: 1 },
    report,
    pacing: { secondsLeft },
    tell: (event: RunEvent) => events.push(event),
    save: () => {},
    warn: (code: string) => warnings.push(code),
    trial: (arm: Arm, load: number, number: number) => {
      const { label } = arm
      const last = asked.at(-1)
      const confirming =
        last?.confirming === true || asked.some((one) => one.arm === label && one.load === load)
      const next = { arm: label, load, number, confirming }
      asked.push(next)
      return Promise.resolve({ trial: servers[label as 'staged' | 'sharded'](next), traceHash: '' })
    },
  }
  // As much of a run as the search looks at.
  await searchObjective(run as unknown as RunState, { percentile: 'p99', limitNs: LIMIT_NS })
  const objective = report.objective!
  const of = (arm: 'staged' | 'sharded') => objective.arms[arm]
  const loadsOf = (arm: string, confirming: boolean) =>
    asked.filter((one) => one.arm === arm && one.confirming === confirming).map(({ load }) => load)
  return { objective, asked, events, warnings, of, loadsOf }
}

test('the search doubles a low load until it is too high, then bisects', async () => {
  const { loadsOf } = await search({ staged: upTo(700), sharded: upTo(700) })
  const loads = loadsOf('staged', false)
  expect(loads.slice(0, 4)).toEqual([100, 200, 400, 800])
  const [next, afterwards] = [Math.sqrt(400 * 800), Math.sqrt(Math.sqrt(400 * 800) * 800)]
  expect(loads[4]).toBeCloseTo(next)
  expect(loads[5]).toBeCloseTo(afterwards)
})

test('a first load that is too high is halved', async () => {
  const { loadsOf } = await search({ staged: upTo(30), sharded: upTo(30) })
  expect(loadsOf('staged', false).slice(0, 3)).toEqual([100, 50, 25])
})

test('wherever the objective is missed, the search finds it to 2 % on either arm', async () => {
  const knees = fc.double({ min: CAPACITY / 500, max: CAPACITY * 1.9, noNaN: true })
  await fc.assert(
    fc.asyncProperty(knees, knees, async (staged, sharded) => {
      const { objective, of, asked } = await search(
        { staged: upTo(staged), sharded: upTo(sharded) },
        { rounds: 1 },
      )
      for (const [arm, knee] of [
        ['staged', staged],
        ['sharded', sharded],
      ] as const) {
        const { perSecond, kept } = of(arm)!
        expect(perSecond.lower).toBeLessThanOrEqual(knee)
        expect(perSecond.upper).toBeGreaterThan(knee)
        expect(perSecond.upper / perSecond.lower).toBeLessThanOrEqual(PRECISION)
        expect(kept).toBe(1)
      }
      const ratio = objective.ratio!
      expect(ratio.lower).toBeLessThanOrEqual(sharded / staged)
      expect(ratio.upper).toBeGreaterThanOrEqual(sharded / staged)
      expect(objective.probes).toHaveLength(asked.length)
    }),
    { numRuns: 50 },
  )
})

test('what was found is confirmed by pairs, each arm at its own load and on the same trace', async () => {
  const { asked, objective, of } = await search(
    { staged: upTo(700), sharded: upTo(300) },
    { rounds: 3 },
  )
  const confirming = asked.filter((one) => one.confirming)
  expect(confirming.map(({ arm }) => arm).join(' ')).toBe(
    'staged sharded sharded staged staged sharded',
  )
  const numbers = confirming.map(({ number }) => number)
  expect(numbers).toEqual([0, 0, 1, 1, 2, 2].map((pair) => numbers[0]! - pair))
  for (const arm of ['staged', 'sharded'] as const) {
    const sustained = of(arm)!
    expect(sustained).toMatchObject({ kept: 3, of: 3, perSecond: { n: 3 } })
    expect(sustained.latencyNs).toMatchObject({ value: LIMIT_NS, n: 3 })
    const own = confirming.filter((one) => one.arm === arm)
    expect(new Set(own.map(({ load }) => load))).toEqual(new Set([sustained.perSecond.value]))
  }
  expect(objective.sentence).toContain('sharded sustains')
})

test('a load that is not confirmed is lowered in steps, and only on its arm', async () => {
  const lucky: Server = (asked) => upTo(asked.confirming ? 650 : 700)(asked)
  const { of, loadsOf } = await search({ staged: lucky, sharded: upTo(300) })
  const found = loadsOf('staged', true)[0]!
  expect(found).toBeGreaterThan(700 / PRECISION)
  const [once, twice] = [found * 0.95, found * 0.95 * 0.95]
  expect(loadsOf('staged', true)).toEqual([found, found, once, once, twice, twice])
  expect(of('staged')).toMatchObject({ kept: 2, of: 2, perSecond: { value: twice, lower: twice } })
  expect(of('staged')!.perSecond.upper).toBe(once)
  expect(loadsOf('sharded', true)).toHaveLength(2)
})

test('a load that is kept in half of the trials is confirmed', async () => {
  let trials = 0
  const wavering: Server = (asked) =>
    asked.confirming && trials++ % 2 === 0 ? MISSED : upTo(700)(asked)
  const { of, loadsOf } = await search({ staged: wavering, sharded: upTo(300) }, { rounds: 4 })
  expect(of('staged')).toMatchObject({ kept: 2, of: 4 })
  expect(new Set(loadsOf('staged', true)).size).toBe(1)
})

test('lowering ends after three steps', async () => {
  const never: Server = (asked) => (asked.confirming ? MISSED : upTo(700)(asked))
  const { of, loadsOf, objective, warnings } = await search({ staged: never, sharded: upTo(300) })
  const confirming = loadsOf('staged', true)
  expect(new Set(confirming).size).toBe(4)
  // Below it only doubling was kept.
  expect(of('staged')).toMatchObject({
    confirmed: false,
    kept: 0,
    of: 2,
    perSecond: { value: 565.685_424_949_238, upper: confirming.at(-1), n: 0 },
    latencyNs: { n: 1 },
  })
  expect(objective.ratio).toMatchObject({ n: 0 })
  expect(objective.sentence).toContain('not confirmed')
  expect(warnings).toEqual([])
})

test('when all that was kept lies above the last load, the lowest of it stands', async () => {
  const never: Server = (asked) => (asked.confirming ? MISSED : upTo(101)(asked))
  const { of } = await search({ staged: never, sharded: upTo(300) })
  expect(of('staged')).toMatchObject({
    confirmed: false,
    perSecond: { value: 100, lower: 100, upper: 100 },
  })
})

test('an arm that was only ever kept is no lower bound once it is not confirmed', async () => {
  const never: Server = (asked) => (asked.confirming ? MISSED : KEPT)
  const { of } = await search({ staged: never, sharded: upTo(300) })
  expect(of('staged')).toMatchObject({ atLeast: false, confirmed: false })
})

test('an arm that keeps the objective nowhere sustains nothing, and the search gives it up', async () => {
  const { objective, of, loadsOf } = await search({ staged: () => MISSED, sharded: upTo(300) })
  expect(of('staged')).toBeNull()
  expect(of('sharded')).toMatchObject({ kept: 2, of: 2 })
  expect(objective.ratio).toBeNull()
  expect(objective.sentence).toContain('staged sustains none of the loads that were tried')
  expect(loadsOf('staged', false).at(-1)).toBeLessThanOrEqual(CAPACITY / 1_024)
  expect(loadsOf('staged', true)).toEqual([])
})

test('when no arm keeps it, that is the result', async () => {
  const { objective } = await search({ staged: () => MISSED, sharded: () => MISSED })
  expect(objective.arms).toEqual({ staged: null, sharded: null })
  expect(objective.sentence).toContain('neither arm')
})

test.each([
  ['did not keep up', { ...KEPT, gates: [gateOf('completed', false)] }],
  [
    'left requests unanswered',
    { ...KEPT, percentiles: { ...KEPT.percentiles, p99: { ns: 1, atLeast: true } } },
  ],
])('a trial that %s does not keep the objective, however short its latencies', async (_, trial) => {
  const { of } = await search({ staged: () => trial, sharded: upTo(300) })
  expect(of('staged')).toBeNull()
})

test('a trial that was void ends the search', async () => {
  const wrong = search({ staged: () => ({ ...KEPT, void: 'wrong' }), sharded: upTo(300) })
  await expect(wrong).rejects.toThrow('void: arm=staged load=100/s: wrong')
})

test.each(['halves', 'clock'])('a trial that failed %s keeps it all the same', async (gate) => {
  const marked: Server = (asked) => ({ ...upTo(700)(asked), gates: [gateOf(gate, false)] })
  const { of, objective } = await search({ staged: marked, sharded: upTo(300) })
  expect(of('staged')!.perSecond.upper).toBeGreaterThan(700)
  expect(of('staged')).toMatchObject({ markedTrials: 2 })
  expect(objective.probes[0]!.failedGates).toEqual([gate])
  expect(objective.sentence).toContain("2 of staged's 2 confirming trials failed a validity gate")
})

test('a probe that others disturbed is repeated once, on another trace', async () => {
  const noisy = { ...MISSED, gates: [gateOf('noise', false)] }
  let left = 1
  const disturbed: Server = (asked) => (asked.load === 200 && left-- > 0 ? noisy : upTo(700)(asked))
  const { asked, of } = await search({ staged: disturbed, sharded: upTo(300) }, { rounds: 1 })
  const probes = asked.filter((one) => one.arm === 'staged' && one.load === 200)
  expect(probes).toHaveLength(2)
  expect(probes[0]!.number).not.toBe(probes[1]!.number)
  // The second chance was kept: the search went on to higher loads.
  expect(of('staged')!.perSecond.value).toBeGreaterThan(700 / PRECISION)
})

test('a probe that is disturbed twice is taken as it is', async () => {
  const noisy: Server = (asked) =>
    asked.load <= 100 ? KEPT : { ...MISSED, gates: [gateOf('noise', false)] }
  const { asked, of } = await search({ staged: noisy, sharded: upTo(300) }, { rounds: 1 })
  expect(asked.filter(({ arm, load }) => arm === 'staged' && load === 200)).toHaveLength(2)
  expect(of('staged')!.perSecond.upper).toBeLessThanOrEqual(100 * PRECISION)
})

test('a probe that others disturbed is repeated whatever it said, and then judged by the second', async () => {
  const noisy: Server = (asked) => ({ ...upTo(700)(asked), gates: [gateOf('noise', false)] })
  const { asked } = await search({ staged: noisy, sharded: upTo(300) }, { rounds: 1 })
  expect(asked.filter(({ arm, load }) => arm === 'staged' && load === 200)).toHaveLength(2)
})

test('every probe is told before and after it, and stored', async () => {
  const { events, objective } = await search({ staged: upTo(700), sharded: upTo(300) })
  expect(events).toHaveLength(2 * objective.probes.length)
  for (const [index, { failedGates, ...probe }] of objective.probes.entries()) {
    expect(failedGates).toEqual([])
    expect(events[2 * index]).toEqual({ ...probe, kind: 'probe', latency: null, kept: null })
    expect(events[2 * index + 1]).toEqual({ ...probe, kind: 'probe' })
  }
})

test('without budget for the confirmation, what was found stands unconfirmed', async () => {
  let trials = 0
  const counted =
    (server: Server): Server =>
    (asked) => {
      trials++
      return server(asked)
    }
  // The budget ends when both searches have: 4 loads by doubling or halving, then 6 by bisection, each.
  const { of, warnings } = await search(
    { staged: counted(upTo(700)), sharded: counted(upTo(300)) },
    { secondsLeft: () => 19 - trials },
  )
  expect(of('staged')!.perSecond.value).toBeGreaterThan(600)
  expect(of('sharded')).toMatchObject({
    confirmed: false,
    kept: 0,
    of: 0,
    perSecond: { n: 0 },
    latencyNs: { value: LIMIT_NS, n: 1 },
  })
  expect(warnings).toEqual(['budget-used'])
})

test('an arm that the budget does not reach is not searched', async () => {
  let left = 3
  const { objective, warnings } = await search(
    { staged: upTo(700), sharded: upTo(300) },
    { secondsLeft: () => left-- },
  )
  expect(Object.keys(objective.arms)).toEqual(['staged'])
  expect(objective.sentence).toContain('sharded was not searched')
  expect(warnings).toEqual(['budget-used'])
})

test('without budget after a step down, a lower load that was kept stands, unconfirmed', async () => {
  let confirmed = 0
  const never: Server = (asked) => {
    if (!asked.confirming) return upTo(700)(asked)
    confirmed++
    return MISSED
  }
  const { of, loadsOf } = await search(
    { staged: never, sharded: upTo(300) },
    { secondsLeft: () => 2 - confirmed },
  )
  const [found] = loadsOf('staged', true)
  const { perSecond, kept, of: trials } = of('staged')!
  expect(perSecond).toMatchObject({ upper: found, n: 0 })
  expect(perSecond.value).toBeLessThan(found!)
  expect([kept, trials]).toEqual([0, 2])
})

test('an arm that keeps the objective at every load has a lower bound only', async () => {
  const { of } = await search({ staged: upTo(Number.POSITIVE_INFINITY), sharded: upTo(300) })
  const { perSecond, atLeast } = of('staged')!
  expect(atLeast).toBe(true)
  expect(perSecond.upper).toBe(perSecond.value)
  expect(of('sharded')!.atLeast).toBe(false)
})
