import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Clock } from '../../../harness/base/clock.ts'
import { NS_PER_SECOND } from '../../../harness/base/units.ts'
import { CrossoverError } from '../../../harness/base/errors.ts'
import { buildFind } from '../../../harness/cli/find.ts'
import { buildSweep } from '../../../harness/cli/sweep.ts'
import { parseChain } from '../../../harness/experiment/ablate/chain.ts'
import { type AblationRequest, planAblation } from '../../../harness/experiment/ablate/plan.ts'
import { claimExpectations } from '../../../harness/experiment/claims/plan.ts'
import { ClaimRounds } from '../../../harness/experiment/claims/rounds.ts'
import { AblationRounds } from '../../../harness/experiment/ablate/ablate.ts'
import { emptyAblation } from '../../../harness/experiment/ablate/ablate.ts'
import { emptySearch } from '../../../harness/experiment/find/find.ts'
import { emptySweep } from '../../../harness/experiment/sweep/sweep.ts'
import { FindRounds } from '../../../harness/experiment/find/find.ts'
import { loadScenario } from '../../../harness/scenario/load.ts'
import { parseSingleLoad } from '../../../harness/asked/loads.ts'
import type { Experiment, Measurement } from '../../../harness/experiment/rounds/experiment.ts'
import type { Expectations } from '../../../harness/experiment/rounds/pacing.ts'
import { measureByRounds } from '../../../harness/experiment/rounds/loop.ts'
import { type Advance, Pacing } from '../../../harness/experiment/rounds/pacing.ts'
import { RoundOrders } from '../../../harness/experiment/rounds/round-orders.ts'
import { SweepRounds } from '../../../harness/experiment/sweep/sweep.ts'
import { begunMeasurement, ONE_CLAIM, sampleClaim } from '../claims/sample-claim.ts'
import { gateOf, sampleTrial } from '../sample-trial.ts'
import { type Behaviour, FakeServers, type Played } from './fake-servers.ts'

/*
 * What holds for whoever measures by rounds, on servers that only pretend: `run` has tests of its own beside it.
 */
const CPUS = [0, 1]
const ORDERS = new RoundOrders(7, 'every command')
const COMMON = { level: '0.95', out: '', seed: 7, cpus: '0,1' }

/** A measurement of one command: its experiment, and what it kept so far. */
interface Begun {
  readonly experiment: Experiment
  readonly expectations: Expectations
  /** Trials in the result, and sets that were played again. */
  readonly kept: () => { readonly trials: number; readonly discarded: number }
}

type Begin = (pacing: Pacing, told: (advance: Advance) => void) => Promise<Begun>

interface KeptPair {
  readonly trials: readonly unknown[]
  readonly discarded: readonly unknown[]
}

function counted(pairs: readonly KeptPair[]) {
  const sum = (of: (pair: KeptPair) => number) => pairs.reduce((total, pair) => total + of(pair), 0)
  return {
    trials: sum(({ trials }) => trials.length),
    discarded: sum((pair) => pair.discarded.length),
  }
}

const { signal } = new AbortController()
/** Whether the measurements that are begun end where there is nothing but noise. */
let endsInNoise = false
const partsOf = (pacing: Pacing, told: (advance: Advance) => void) => ({
  orders: ORDERS,
  pacing,
  hooks: {
    onEvent: (_event: unknown, _result: unknown, advance: Advance) => told(advance),
    save: () => {},
    signal,
    endsInNoise,
  },
})

const sweepOver = (over: string, load?: string): Begin =>
  async function begin(pacing, told) {
    const flags = { ...COMMON, over, steps: 3, pairs: 6, ...(load !== undefined && { load }) }
    const request = await buildSweep('kv-update', flags, [])
    const sweep = emptySweep(request, false)
    const rounds = new SweepRounds(request, sweep, partsOf(pacing, told))
    const kept = () =>
      counted([...sweep.capacityPairs, ...sweep.values.flatMap(({ pairs }) => pairs)])
    return { experiment: rounds, expectations: request.plan.expectations, kept }
  }

const find: Begin = async (pacing, told) => {
  const flags = { ...COMMON, over: 'updatePercent=0..100', until: '10%', pairs: 24 }
  const request = await buildFind('kv-update', flags, [])
  const search = emptySearch(request, false)
  const rounds = new FindRounds(request, search, partsOf(pacing, told))
  const kept = () => counted(search.values.flatMap(({ pairs }) => pairs))
  return { experiment: rounds, expectations: request.plan.expectations, kept }
}

const ablate: Begin = async (pacing, told) => {
  const request: AblationRequest = {
    loaded: await loadScenario('kv-update', {}),
    chain: parseChain('staged,staged:layout=fused,sharded'),
    load: parseSingleLoad('50%'),
    rounds: 6,
    capacityRounds: 2,
    level: 0.95,
    durationSeconds: 0.4,
    budgetSeconds: null,
    cpus: CPUS,
    seed: 7,
    command: '',
  }
  const ablation = emptyAblation(request, false)
  const experiment = new AblationRounds(request, ablation, partsOf(pacing, told))
  const { capacity, latency } = ablation.measured
  const rounds = [capacity.rounds, capacity.ends, latency.rounds, latency.ends]
  return {
    experiment,
    expectations: planAblation(request).expectations,
    kept: () => counted(rounds.flat()),
  }
}

const claims: Begin = async (pacing, told) => {
  const { request, claim } = await sampleClaim()
  const measurement = begunMeasurement(request)
  const experiment = new ClaimRounds(request, claim, measurement, partsOf(pacing, told), ONE_CLAIM)
  return {
    experiment,
    expectations: claimExpectations(claim),
    kept: () => counted(measurement.claim.sets),
  }
}

const COMMANDS: readonly (readonly [string, Begin])[] = [
  ['sweep over a load', sweepOver('load=10%..90%')],
  ['sweep over a parameter', sweepOver('updatePercent=0..100', '50%')],
  ['sweep at an absolute load', sweepOver('updatePercent=0..100', '1000/s')],
  ['find', find],
  ['ablate', ablate],
  ['claims', claims],
]

async function measured(
  begin: Begin,
  behaviour: Behaviour,
  budgetSeconds = Number.POSITIVE_INFINITY,
) {
  const servers = new FakeServers(behaviour)
  const pacing = new Pacing(() => servers.seconds, budgetSeconds)
  const advances: Advance[] = []
  const begun = await begin(pacing, (advance) => advances.push(advance))
  const { experiment, expectations } = begun
  const failure: unknown = await measureByRounds(experiment, {
    expectations,
    servers: { cpuSeconds: () => 0 },
    makeServer: servers.make,
    pacing,
    cpus: CPUS,
    clock: { nowNs: () => servers.seconds * NS_PER_SECOND } as Clock,
  }).catch((error: unknown) => error)
  return { servers, failure, advances, result: experiment.result, kept: begun.kept() }
}

const noGates = () => ({ gates: [] })
const codes = ({ warnings }: Measurement) => warnings.map(({ code }) => code)

test.each(COMMANDS)(
  '%s keeps every trial, ends its servers, and always has time left',
  async (_, begin) => {
    const { servers, failure, advances, result, kept } = await measured(begin, { play: noGates })
    expect(failure).toBeUndefined()
    expect(result).toMatchObject({ complete: true, ending: null })
    expect(kept).toEqual({ trials: servers.played.length, discarded: 0 })
    expect(servers.all.every(({ isStopped }) => isStopped)).toBe(true)
    for (const { secondsLeft, fraction } of advances) {
      expect(secondsLeft).toBeGreaterThan(0)
      expect(fraction).toBeLessThan(1)
    }
  },
)

test.each(COMMANDS)('%s plays sets again for the machine’s sake alone', async (_, begin) => {
  const calm = await measured(begin, { play: noGates })
  const saturated = await measured(begin, {
    // With both arms saturated a search has nothing to go by, and ends.
    play: ({ arm }) => ({
      gates: [gateOf('completed', arm !== 'staged'), gateOf('halves', false)],
    }),
  })
  expect(saturated.servers.played).toHaveLength(calm.servers.played.length)
  const noisy = await measured(begin, {
    play: ({ number }) => ({ gates: [gateOf('clock', number !== 2)] }),
  })
  expect(noisy.kept).toEqual({ trials: calm.kept.trials, discarded: 1 })
  expect(noisy.servers.played.length).toBeGreaterThan(calm.servers.played.length)
})

test.each(COMMANDS)(
  '%s that fails while a set is played again keeps the set',
  async (name, begin) => {
    const arms = name === 'ablate' ? 3 : 2
    const { kept } = await measured(begin, {
      play: ({ number }) => {
        if (number === 2 * arms - 1) throw new Error('the run was interrupted')
        return { gates: [gateOf('clock', number !== 0)] }
      },
    })
    expect(kept).toEqual({ trials: arms, discarded: 1 })
  },
)

test.each(COMMANDS)(
  '%s that fails at any instant keeps what was measured, and leaves no server',
  async (_, begin) => {
    const whole = await measured(begin, { play: noGates })
    const instants = fc.integer({ min: 0, max: whole.servers.played.length - 1 })
    await fc.assert(
      fc.asyncProperty(instants, async (instant) => {
        const { servers, failure, result, kept } = await measured(begin, {
          play: ({ number }) => {
            if (number === instant) throw new Error('the run was interrupted')
            return { gates: [] }
          },
        })
        expect(failure).toMatchObject({ message: 'the run was interrupted' })
        expect(result).toMatchObject({ complete: false, ending: 'the run was interrupted' })
        expect(kept.trials).toBe(instant)
        expect(servers.alive()).toEqual([])
      }),
      { numRuns: 12 },
    )
  },
)

test.each(COMMANDS)('%s ends on a wrong answer, which it keeps', async (_, begin) => {
  const { failure, result, kept } = await measured(begin, {
    play: ({ number }) => ({ gates: [], void: number === 3 ? 'lost update' : null }),
  })
  expect(failure).toMatchObject({ kind: 'run', code: 'void' })
  expect(result.ending).toContain('lost update')
  expect(kept.trials).toBe(4)
})

test.each(COMMANDS)('%s cut by its budget keeps within it and says so', async (name, begin) => {
  const whole = await measured(begin, { play: noGates })
  const budgets = fc.double({ min: 0.05, max: 0.95, noNaN: true })
  await fc.assert(
    fc.asyncProperty(budgets, async (share) => {
      const budget = share * whole.servers.seconds
      const { servers, failure, result, kept } = await measured(begin, { play: noGates }, budget)
      const isEmpty = kept.trials === 0
      expect(failure instanceof CrossoverError && failure.code).toBe(isEmpty && 'nothing-measured')
      expect(result.complete).toBe(!isEmpty)
      // A step may take longer than those of its kind before it.
      expect(servers.seconds).toBeLessThan(budget + 6)
      // A search says in its sentence how much is known.
      expect(codes(result).includes('budget-used')).toBe(name !== 'find')
    }),
    { numRuns: 12 },
  )
})

test.each(COMMANDS)('%s survives answers that never came', async (_, begin) => {
  const { failure, kept, servers } = await measured(begin, {
    play: ({ arm }) =>
      arm === 'staged'
        ? { gates: [], counts: { due: 10, completed: 1, refused: 0, unanswered: 9 } }
        : { gates: [] },
  })
  expect(failure).toBeUndefined()
  expect(kept.trials).toBe(servers.played.length)
})

test.each(COMMANDS)(
  '%s survives a search that finds nothing but void probes, once',
  async (_, begin) => {
    let searches = 0
    const { failure, result } = await measured(begin, {
      play: noGates,
      capacity: () => (searches++ === 0 ? { bracket: null, voids: ['lost update'] } : {}),
    })
    expect(failure).toBeUndefined()
    expect(result.complete).toBe(true)
  },
)

const noiseOf = (passes: (played: Played) => boolean) => ({
  play: (played: Played) => ({ gates: [gateOf('noise', passes(played))] }),
})

test.each(COMMANDS)('%s of nothing but noise ends behind its first round', async (_, begin) => {
  endsInNoise = true
  try {
    const whole = await measured(begin, { play: noGates })
    const noisy = await measured(
      begin,
      noiseOf(() => false),
    )
    expect(noisy.failure).toMatchObject({ kind: 'run', code: 'noisy' })
    expect(noisy.result).toMatchObject({ complete: false })
    expect(noisy.result.ending).toMatch(/^all \d+ trials so far failed the gate noise/)
    expect(noisy.servers.played.length).toBeGreaterThanOrEqual(6)
    expect(noisy.servers.seconds).toBeLessThan(whole.servers.seconds)
    expect(noisy.servers.alive()).toEqual([])
    // What the figures are plays no part in it, and one quiet trial is enough.
    const mixed = await measured(
      begin,
      noiseOf(({ number }) => number === 2),
    )
    expect(mixed.failure).toBeUndefined()
  } finally {
    endsInNoise = false
  }
  const asked = await measured(
    begin,
    noiseOf(() => false),
  )
  expect(asked.failure).toBeUndefined()
})

/** Values that a search puts more sets at: each may have one without its reverse. */
const MOST_FOUND_VALUES = 7

/** Arms of each set in the order in which they ran: a set gives all of its arms one order to play. */
function setsOf({ played }: FakeServers): string[][] {
  const sets = Map.groupBy(played, ({ order }) => order)
  return [...sets.values()].map((set) => set.map(({ arm }) => arm))
}

/** How often the first arm ran before the second one, less how often behind it. */
function lead(sets: readonly (readonly string[])[], first: string, second: string): number {
  const both = sets.filter((set) => set.includes(first) && set.includes(second))
  const before = both.filter((set) => set.indexOf(first) < set.indexOf(second)).length
  return 2 * before - both.length
}

test.each(COMMANDS)(
  '%s plays each arm before each other one as often as behind it',
  async (name, begin) => {
    const { servers } = await measured(begin, { play: noGates })
    const sets = setsOf(servers)
    expect(sets.length).toBeGreaterThan(6)
    const arms = [...new Set(sets.flat())]
    // A search gives a value an odd number of pairs, too: of each of those one set has no other.
    const mostOff = name === 'find' ? MOST_FOUND_VALUES : 0
    for (const [place, first] of arms.entries()) {
      for (const second of arms.slice(place + 1))
        expect(Math.abs(lead(sets, first, second))).toBeLessThanOrEqual(mostOff)
    }
  },
)

test.each(COMMANDS)('%s starts and warms now one arm first, now another', async (_, begin) => {
  const { servers } = await measured(begin, { play: noGates })
  for (const step of ['start', 'warm-up']) {
    const steps = servers.log.filter((line) => line.startsWith(`${step} `))
    const arms = new Set(steps).size
    const firsts = new Set(steps.filter((_, place) => place % arms === 0))
    expect([step, firsts.size]).toEqual([step, arms])
  }
})

test('a sweep keeps the latencies of the class that it is about', async () => {
  const kept: number[] = []
  const play = () => {
    const { counts, histogram, minNs, maxNs, percentiles } = sampleTrial({}, 5_000)
    return { gates: [], classes: [{ name: 'light', counts, histogram, minNs, maxNs, percentiles }] }
  }
  await measured(
    async (pacing, told) => {
      const flags = { ...COMMON, over: 'load=10%..90%', steps: 3, pairs: 6, class: 'light' }
      const request = await buildSweep('heavy-clients', flags, [])
      const sweep = emptySweep(request, false)
      const experiment = new SweepRounds(request, sweep, partsOf(pacing, told))
      expect(sweep.run.requestClass).toBe('light')
      const pairs = () => sweep.values.flatMap((value) => value.pairs)
      return {
        experiment,
        expectations: request.plan.expectations,
        kept: () => {
          kept.push(...pairs().flatMap(({ trials }) => trials.map((one) => one.percentiles.p99.ns)))
          return counted(pairs())
        },
      }
    },
    { play },
  )
  expect(kept.length).toBeGreaterThan(0)
  expect(new Set(kept)).toEqual(new Set([5_000]))
})
