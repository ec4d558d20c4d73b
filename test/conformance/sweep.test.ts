import { expect, test } from 'vitest'
import { buildSweep, type SweepFlags } from '../../harness/cli/sweep.ts'
import { runSweep } from '../../harness/experiment/sweep/sweep.ts'
import {
  planSweep,
  type SweepEvent,
  type SweepRequest,
} from '../../harness/experiment/sweep/plan.ts'
import { type Sweep, sweepSchema } from '../../harness/results/sweep.ts'
import { CPUS } from './bench.ts'

const TIME_LIMIT_MS = 120_000

/** Two values, a short pair of each kind at each, whatever the confidence. */
async function requestOf(
  flags: Partial<SweepFlags>,
  changes: Partial<SweepRequest>,
  scenario: string,
): Promise<SweepRequest> {
  const request = await buildSweep(
    scenario,
    {
      over: 'keys=1000..2000',
      steps: 2,
      load: '5000/s',
      level: '0.95',
      duration: 0.1,
      cpus: CPUS.join(','),
      seed: 7,
      out: 'reports',
      ...flags,
    },
    ['sweep'],
  )
  const few = { answersOnly: true, level: 0.5, pairs: 1, capacityPairs: 1 }
  return { ...request, ...few, ...changes }
}

/** What a sweep returned or threw, every state that it saved, and what it told. */
async function observe(
  flags: Partial<SweepFlags>,
  changes: Partial<SweepRequest> = {},
  onEvent: (event: SweepEvent, abort: () => void) => void = () => {},
  scenario = 'kv-update',
) {
  const interruption = new AbortController()
  const saved: Sweep[] = []
  const events: SweepEvent[] = []
  const fractions: number[] = []
  const request = await requestOf(flags, changes, scenario)
  const outcome: unknown = await runSweep(
    { ...request, plan: planSweep(request) },
    {
      onEvent: (event, _, { fraction }) => {
        events.push(event)
        fractions.push(fraction)
        onEvent(event, () => interruption.abort())
      },
      save: (sweep) => saved.push(sweepSchema.parse(JSON.parse(JSON.stringify(sweep)))),
      signal: interruption.signal,
    },
  ).catch((error: unknown) => error)
  return { outcome, saved, last: saved.at(-1)!, events, fractions }
}

test(
  'a tiny one measures pairs at every value, round by round, and saves every trial',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { outcome, saved, last, events, fractions } = await observe({}, { pairs: 2 })
    expect(outcome).not.toBeInstanceOf(Error)
    expect(last).toMatchObject({ complete: true, ending: null, capacityPairs: [] })
    expect(saved.length).toBeGreaterThan(8)
    expect(saved.slice(0, -1).every((state) => !state.complete)).toBe(true)
    for (const { pairs, offeredPerSecond, figures, ratios } of last.values) {
      expect(offeredPerSecond).toBe(5_000)
      expect(pairs).toHaveLength(2)
      // Balanced: each arm goes first once.
      expect(new Set(pairs.map(({ order }) => order[0])).size).toBe(2)
      for (const { order, trials } of pairs) {
        expect(trials.map(({ arm }) => arm)).toEqual(order)
        expect(trials.every((trial) => trial.void === null)).toBe(true)
      }
      expect(figures['staged']?.p50).toMatchObject({ n: 2 })
      expect(ratios.p50).toMatchObject({ n: 2 })
    }
    const [one, other] = last.values
    // No two have the same arrivals.
    const seeds = [...one!.pairs, ...other!.pairs].map(({ seed }) => seed)
    expect(new Set(seeds).size).toBe(4)
    const ended = events.filter(({ trial }) => trial !== null)
    expect(ended.map(({ round }) => round)).toEqual([1, 1, 1, 1, 2, 2, 2, 2])
    expect(Math.max(...fractions)).toBeLessThan(1)
  },
)

test(
  'a share of capacity is the same load at every value',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { outcome, last } = await observe({ load: '1%', throughput: true })
    expect(outcome).not.toBeInstanceOf(Error)
    expect(last.capacityPairs).toHaveLength(2)
    const [one, other] = last.values
    expect(one!.offeredPerSecond).toBe(other!.offeredPerSecond)
    expect(one!.offeredPerSecond! / last.load.referencePerSecond!).toBeCloseTo(0.01)
    const sustained = last.load.sustained.map(({ perSecond }) => perSecond)
    expect(sustained).toHaveLength(4)
    expect(last.load.referencePerSecond).toBe(Math.min(...sustained))
    expect(one!.capacity!.ratio).toMatchObject({ n: 1 })
  },
)

test(
  'over cores each number of them has its own servers, and the load is per core',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { outcome, last } = await observe({ over: 'cores=1..2', load: '2000/s' })
    expect(outcome).not.toBeInstanceOf(Error)
    expect(last.values.map(({ offeredPerSecond }) => offeredPerSecond)).toEqual([2_000, 4_000])
    expect(last.scaling!['sharded']!.speedUps.map(({ cores }) => cores)).toEqual([1, 2])
    expect(last.scaling!['sharded']).toMatchObject({ coherency: null })
  },
)

test(
  'an interrupted one keeps what it has measured and says why it ended',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { outcome, last } = await observe({}, {}, ({ trial }, abort) => {
      if (trial !== null) abort()
    })
    expect(outcome).toMatchObject({ kind: 'run', code: 'interrupted' })
    expect(last).toMatchObject({ complete: false, ending: 'the run was interrupted' })
    expect(last.values.flatMap(({ pairs }) => pairs).map(({ trials }) => trials.length)).toEqual([
      1,
    ])
  },
)

test(
  'one whose budget is used up before the first trial is not done and says so',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { outcome, last } = await observe({ load: '50%', budget: 0.001 })
    expect(outcome).toMatchObject({ kind: 'run', code: 'nothing-measured' })
    expect(last.values.every(({ pairs }) => pairs.length === 0)).toBe(true)
    expect(last.warnings.map((warning) => warning.code)).toContain('budget-used')
  },
)

test(
  'waits that are shorter than a timer is late name no winner, and the points are named',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { last } = await observe(
      {
        over: 'deviceMicros=10..11',
        load: '1000/s',
        // Who spins would see when a wait is over.
        arms: 'staged:idle=park:blockingThreads=1,sharded:idle=park',
      },
      {},
      () => {},
      'io-overlap',
    )
    expect(last.values.map(({ outcome }) => outcome)).toEqual(['timer-bound', 'timer-bound'])
    expect(last.values[0]?.timerBound?.askedNs).toBeCloseTo(10_000)
    expect(last.warnings.filter(({ code }) => code === 'timer-bound')).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/^timer-bound at deviceMicros 10, 11: waits of 1[01]/),
      }),
    ])
    expect(last.predictionOutcome).toEqual({ confirmed: [], refuted: [], undecided: [10, 11] })
  },
)
