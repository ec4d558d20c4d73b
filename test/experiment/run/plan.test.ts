import { expect, test } from 'vitest'
import { loadScenario } from '../../../harness/scenario/load.ts'
import { parseArms } from '../../../harness/asked/arms.ts'
import { parseLoads } from '../../../harness/asked/loads.ts'
import { needsCapacity, planRun } from '../../../harness/experiment/run/plan.ts'
import type { RunRequest } from '../../../harness/experiment/run/request.ts'

const loaded = await loadScenario('kv-update', {})

function requestOf(loads: string, changes: Partial<RunRequest> = {}): RunRequest {
  return {
    loaded,
    arms: parseArms('staged,sharded'),
    comparisons: [{ first: 'staged', second: 'sharded' }],
    loads: parseLoads(loads),
    rounds: 6,
    metric: 'p99',
    level: 0.95,
    precision: null,
    objective: null,
    virtualCores: null,
    transport: { kind: 'replay' },
    machineFolder: '',
    durationSeconds: 1,
    budgetSeconds: null,
    cpus: [0, 1],
    seed: 9,
    profile: 'test',
    command: '',
    ...changes,
  }
}

test.each([
  ['50%', true],
  ['max', true],
  ['1000/s', false],
  ['1000/s,20%', true],
])('whether loads %s need the capacity: %s', (loads, expected) => {
  expect(needsCapacity({ loads: parseLoads(loads), objective: null })).toBe(expected)
})

test('a search begins at the capacity, whatever the loads', () => {
  const objective = { percentile: 'p99', limitNs: 1e6 } as const
  expect(needsCapacity({ loads: parseLoads('1000/s'), objective })).toBe(true)
})

test('the plan says what will run, on which processors, and from which seed', () => {
  expect(planRun(requestOf('20%,50%')).lines).toEqual([
    'compares  kv-update: staged against sharded; verdict on p99 at 95 %',
    'measures  6 rounds of fresh servers, each for 1 s at 20%, 50%',
    'on        processors 0, 1; seed 9',
    'takes     75–100 s; the first round about 17 s, each other about 12 s',
  ])
})

test('absolute loads need no search of the capacity: every round is as long as the first', () => {
  const { lines, seconds } = planRun(requestOf('1000/s'))
  expect(lines[3]).toMatch(/; the first round about (\d+) s, each other about \1 s$/)
  expect(seconds).toBeLessThan(planRun(requestOf('50%')).seconds)
})

test.each([
  [{ metric: 'p99_9', level: 0.999, rounds: 12 }, '50%', 'verdict on p99.9 at 99.9 %'],
  [{ metric: 'cpuPerRequest' }, '50%,max', 'verdict on cpu at 95 %'],
  [{ metric: 'p99' }, '50%,max', 'verdict on p99 (throughput at max) at 95 %'],
  [{ rounds: 1 }, '50%', 'no verdict: 1 pair of the 6 that 95 % needs'],
] satisfies [Partial<RunRequest>, string, string][])(
  'the plan of %j at %s announces: %s',
  (changes, loads, line) => {
    expect(planRun(requestOf(loads, changes)).lines[0]).toBe(
      `compares  kv-update: staged against sharded; ${line}`,
    )
  },
)

test('with a precision the plan is the longest that the run can take', () => {
  const { lines, seconds } = planRun(requestOf('50%', { precision: 0.1, rounds: 64 }))
  expect(lines[1]).toBe(
    'measures  8 to 64 rounds of fresh servers, each for 1 s at 50%, until ±10 %',
  )
  expect(lines[3]).toMatch(new RegExp(`^takes     at most ${Math.round(seconds / 60)} min; `))
  expect(seconds).toBeGreaterThan(275)
})

test('a search has rounds of its own, whatever the loads', () => {
  const objective = { percentile: 'p99', limitNs: 1e6 } as const
  const { lines, seconds } = planRun(requestOf('20%,50%,80%', { objective }))
  expect(lines[0]).toMatch(/; search within the objective: a ratio with its interval, no verdict$/)
  expect(lines[1]).toBe(
    'measures  6 rounds of fresh servers, each searched for the highest load with p99 ≤ 1 ms by trials of 1 s',
  )
  expect(planRun(requestOf('50%', { objective })).seconds).toBe(seconds)
  expect(planRun(requestOf('50%', { objective, rounds: 1 })).lines[3]).not.toContain('each other')
})

test('virtual cores are told beside the processors that carry them', () => {
  expect(planRun(requestOf('50%', { virtualCores: 8 })).lines[2]).toBe(
    'on        8 virtual cores on processors 0, 1; seed 9',
  )
})

test('what the scenario decided is told, and that flags can change it', () => {
  const fromScenario = ['loads 1%,90%', '1 processor']
  expect(planRun(requestOf('1%,90%', { fromScenario })).lines[1]).toMatch(
    /; by the scenario, unless flags say otherwise: loads 1%,90%, 1 processor$/,
  )
})

test('a run about right answers alone promises no verdict, and is shorter', () => {
  const { lines, seconds } = planRun(requestOf('2000/s', { answersOnly: true }))
  expect(lines[0]).toMatch(/; right answers are all that it is about: no verdict$/)
  expect(seconds).toBeLessThan(planRun(requestOf('2000/s')).seconds)
})

test('loads, rounds, duration and a third arm make a run longer', () => {
  const base = planRun(requestOf('20%,50%')).seconds
  const longer = [
    requestOf('20%,50%,80%'),
    requestOf('20%,50%', { rounds: 12 }),
    requestOf('20%,50%', { durationSeconds: 2 }),
    requestOf('20%,50%', { arms: parseArms('staged,staged:layout=fused,sharded') }),
  ].map((request) => planRun(request).seconds)
  expect(longer.every((seconds) => seconds > base)).toBe(true)
  // The trials alone.
  expect(base).toBeGreaterThan(2 * 2 * 6)
})

test('a plan is never longer than its budget', () => {
  expect(planRun(requestOf('20%,50%', { budgetSeconds: 10 })).seconds).toBe(10)
})

test('a plan has four lines at most, whatever is asked for, and says first how long a long one takes', () => {
  const fromScenario = ['loads 1%,90%', '1 processor']
  const long = planRun(requestOf('20%,50%,80%', { fromScenario, rounds: 8, durationSeconds: 10 }))
  expect(long.lines).toHaveLength(4)
  expect(long.lines[3]).toMatch(/^takes {5}9–12 min; .*; --budget 180s takes no longer$/)
})

test('what the budget cannot hold is told with the time that all of it would take', () => {
  const { lines } = planRun(requestOf('20%,50%', { budgetSeconds: 10 }))
  expect(lines[3]).toMatch(
    /^takes {5}10 s, its budget: all of it would take about 75 s, what does not fit is left out; /,
  )
  // A budget that holds it bounds what may be played again.
  expect(planRun(requestOf('20%,50%', { budgetSeconds: 80 })).lines[3]).toMatch(
    /^takes {5}75–80 s;/,
  )
})
