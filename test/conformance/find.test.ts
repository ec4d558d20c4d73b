import { expect, test } from 'vitest'
import { buildFind } from '../../harness/cli/find.ts'
import { runFind } from '../../harness/experiment/find/find.ts'
import { type FindEvent, type FindRequest, planFind } from '../../harness/experiment/find/plan.ts'
import { type CrossingSearch, crossingSchema } from '../../harness/results/find.ts'
import { CPUS } from './bench.ts'

const TIME_LIMIT_MS = 120_000

async function requestOf(changes: Partial<FindRequest> = {}): Promise<FindRequest> {
  const flags = {
    // Two integers: two values.
    over: 'keys=1000..1001',
    load: '5000/s',
    level: '0.95',
    until: '10%',
    pairs: 4,
    duration: 0.1,
    seed: 7,
    out: '',
  }
  const request = await buildFind('kv-update', flags, ['find'])
  return { ...request, answersOnly: true, cpus: CPUS, ...changes }
}

/** What a search returned or threw, every state that it saved, and what it told. */
async function observe(
  request: FindRequest,
  onEvent: (event: FindEvent, abort: () => void) => void,
) {
  const interruption = new AbortController()
  const saved: CrossingSearch[] = []
  const events: FindEvent[] = []
  const fractions: number[] = []
  const outcome: unknown = await runFind(
    { ...request, plan: planFind(request) },
    {
      onEvent: (event, _, { fraction }) => {
        events.push(event)
        fractions.push(fraction)
        onEvent(event, () => interruption.abort())
      },
      save: (search) => saved.push(crossingSchema.parse(JSON.parse(JSON.stringify(search)))),
      signal: interruption.signal,
    },
  ).catch((error: unknown) => error)
  return { outcome, saved, last: saved.at(-1)!, events, fractions }
}

test('a tiny one measures two pairs of each value', { timeout: TIME_LIMIT_MS }, async () => {
  const { outcome, saved, last, events, fractions } = await observe(await requestOf(), () => {})
  expect(outcome).not.toBeInstanceOf(Error)
  expect(last).toMatchObject({ complete: true, ending: null, end: 'pairs', capacityPairs: [] })
  expect(saved.slice(0, -1).every((state) => !state.complete)).toBe(true)
  expect(last.values.map(({ value, pairs }) => [value, pairs.length])).toEqual([
    [1_000, 2],
    [1_001, 2],
  ])
  const pairs = last.values.flatMap((value) => value.pairs)
  expect(pairs.every(({ offeredPerSecond }) => offeredPerSecond === 5_000)).toBe(true)
  expect(pairs.every(({ trials }) => trials.every((trial) => trial.void === null))).toBe(true)
  expect(new Set(pairs.map(({ seed }) => seed)).size).toBe(4)
  expect(last.crossing).not.toBeNull()
  expect(last.markedTrials.of).toBe(8)
  expect(events.filter(({ trial }) => trial !== null)).toHaveLength(8)
  expect(Math.max(...fractions)).toBeLessThan(1)
})

test(
  'a share of capacity is measured first, throughput is its own pair',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const request = await requestOf({
      load: { kind: 'percent', label: '1%', percent: 1 },
      mostPairs: 1,
    })
    const { last } = await observe(request, () => {})
    expect(last.load.sustained.map(({ value }) => value)).toEqual([1_000, 1_000, 1_001, 1_001])
    const [value] = last.values
    expect(value?.offeredPerSecond).toBeCloseTo(last.load.referencePerSecond! / 100)
    const closed = await observe(
      await requestOf({ metric: 'achievedPerSecond', mostPairs: 1 }),
      () => {},
    )
    expect(closed.last.load).toMatchObject({ label: 'max', reference: null })
    expect(closed.last.values[0]).toMatchObject({ offeredPerSecond: null, ratio: { n: 1 } })
  },
)

test(
  'an interrupted one keeps what it has measured and says why it ended',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { outcome, last } = await observe(await requestOf(), ({ trial, pair }, abort) => {
      if (trial !== null && pair === 2) abort()
    })
    expect(outcome).toMatchObject({ kind: 'run', code: 'interrupted' })
    expect(last).toMatchObject({ complete: false, end: null, ending: 'the run was interrupted' })
    const pairs = last.values.flatMap((value) => value.pairs)
    expect(pairs.map(({ trials }) => trials.length).toSorted((a, b) => a - b)).toEqual([1, 2])
  },
)

test(
  'one whose budget is used up before the first trial is not done and says so',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const { outcome, last } = await observe(await requestOf({ budgetSeconds: 0.001 }), () => {})
    expect(outcome).toMatchObject({ kind: 'run', code: 'nothing-measured' })
    expect(last).toMatchObject({ complete: false, end: 'budget', crossing: null })
  },
)

test(
  'values whose waits are shorter than a timer is late are left out, and named',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const flags = {
      over: 'deviceMicros=10..11',
      load: '1000/s',
      // Who spins would see when a wait is over.
      arms: 'staged:idle=park:blockingThreads=1,sharded:idle=park',
      level: '0.95',
      until: '10%',
      pairs: 10,
      duration: 0.1,
      seed: 7,
      out: '',
    }
    const built = await buildFind('io-overlap', flags, ['find'])
    const range = { ...built.range, values: [10, 11] }
    const request = { ...built, answersOnly: true, cpus: CPUS, range }
    const { outcome, last } = await observe(request, () => {})
    expect(outcome).toMatchObject({ kind: 'run', code: 'timer-bound' })
    expect(last).toMatchObject({ complete: false, crossing: null })
    expect(last.values.every(({ timerBound }) => timerBound !== null)).toBe(true)
    expect(last.warnings.map(({ code }) => code)).toContain('timer-bound')
    const few = await observe({ ...request, mostPairs: 1 }, () => {})
    expect(few.outcome).not.toBeInstanceOf(Error)
    expect(few.last.warnings.find(({ code }) => code === 'timer-bound')?.message).toContain(
      'these values are left out of the fit',
    )
  },
)
