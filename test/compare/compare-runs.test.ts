import { expect, test } from 'vitest'
import { type Limit, limitState } from '../../harness/compare/limits.ts'
import { compareRuns } from '../../harness/compare/runs.ts'
import type { Report } from '../../harness/results/schema.ts'
import { asLoaded, earlier, scaledReport } from '../results/scaled-report.ts'

const LIMIT: Limit = { text: 'p99 > 10%', arm: null, metric: 'p99', ratio: 1.1, side: 'above' }

function named(name: string, scales = {}, params: Report['scenario']['params'] = {}): Report {
  const report = scaledReport(scales)
  report.scenario = { ...report.scenario, name, params }
  return report
}

function compare(
  before: readonly Report[],
  after: readonly Report[],
  limits: readonly Limit[] = [],
  control = 'other',
) {
  return compareRuns(
    { path: 'old', runs: before.map((report) => asLoaded(earlier(report))) },
    { path: 'new', runs: after.map((report) => asLoaded(report)) },
    { level: 0.95, control },
    limits,
  )
}

test('of several, runs of the same scenario and parameters belong together', () => {
  const { scenarios, withoutPartner } = compare(
    [named('a', {}, { x: 1 }), named('a', {}, { x: 2 }), named('gone')],
    [named('new'), named('a', {}, { x: 2 }), named('a', {}, { x: 1 })],
  )
  expect(scenarios.map(({ scenario, params }) => [scenario, params])).toEqual([
    ['a', { x: 1 }],
    ['a', { x: 2 }],
  ])
  expect(withoutPartner).toEqual(['gone of the old', 'new of the new'])
})

test('one whose parameters changed is refused, the others are compared', () => {
  const { scenarios, refused } = compare(
    [named('a', {}, { x: 1 }), named('b')],
    [named('a', {}, { x: 5 }), named('b')],
  )
  expect(scenarios.map(({ scenario }) => scenario)).toEqual(['b'])
  expect(refused).toMatchObject([{ scenario: 'a', failure: { code: 'compare-parameter' } }])
})

test('nothing in common is refused', () => {
  expect(() => compare([named('a')], [named('b')])).toThrow(
    expect.objectContaining({ kind: 'usage', code: 'compare-scenario' }),
  )
  expect(() => compare([named('a'), named('b')], [named('c')])).toThrow(
    expect.objectContaining({
      code: 'compare-nothing',
      message: 'no scenario is in both: old has a, b; new has c',
    }),
  )
  const absolute = named('a')
  for (const [index, load] of absolute.loads.entries()) {
    load.label = `${index + 5}M/s`
    load.offeredPerSecond = (index + 5) * 1e6
  }
  expect(() => compare([named('a')], [absolute])).toThrow(
    expect.objectContaining({
      code: 'compare-nothing',
      message: expect.stringContaining('a: no arm at any load is in both: load 20% of the old'),
      cure: expect.stringContaining('--baseline'),
    }),
  )
})

test('a limit is held against every arm at every load', () => {
  const slower = [named('a', { sharded: 1.3, seed: 2 })]
  const [result] = compare([named('a')], slower, [LIMIT]).limits
  expect(result?.exceeded.map(({ load, arm }) => `${arm} ${load}`)).toEqual([
    'sharded 20%',
    'sharded 50%',
    'sharded 80%',
  ])
  expect(result).toMatchObject({ kept: 3, open: [] })
  expect(result?.exceeded[0]?.ratio.lower).toBeGreaterThan(1.1)
})

test('an interval that holds the limit is neither kept nor exceeded, and says what was in sight', () => {
  const noisy = [named('a', { noise: 0.5, seed: 2 })]
  const [result] = compare([named('a')], noisy, [LIMIT]).limits
  expect(result).toMatchObject({ exceeded: [], kept: 0, open: [] })
  expect(limitState(result!)).toBe('cannot-tell')
  const ratios = result!.undecided.map(({ ratio }) => ratio)
  expect(ratios).toHaveLength(6)
  expect(result!.sight!.limit).toBe(Math.max(...ratios.map(({ upper }) => upper)))
  expect(result!.sight!.change).toBeGreaterThan(1.1)
})

test('both arms grew alike: that is told, and no limit passed', () => {
  const [result] = compare(
    [named('a')],
    [named('a', { staged: 2, sharded: 2, seed: 2 })],
    [LIMIT],
  ).limits
  expect(limitState(result!)).toBe('cannot-tell')
  expect(result!.open.map(({ why }) => why)).toContainEqual(
    expect.stringContaining('code that both use'),
  )
})

test('one comparison that says nothing is enough not to pass', () => {
  const after = named('a', { seed: 2 })
  after.loads[0]!.sets = after.loads[0]!.sets.slice(0, 2)
  const [result] = compare([named('a')], [after], [LIMIT]).limits
  expect(result).toMatchObject({ kept: 4, undecided: [] })
  expect(limitState(result!)).toBe('cannot-tell')
})

test('a limit of one arm is about no other', () => {
  const slower = [named('a', { sharded: 1.3, seed: 2 })]
  const limits = [
    { ...LIMIT, arm: 'staged' },
    { ...LIMIT, arm: 'sharded' },
  ]
  const results = compare([named('a')], slower, limits).limits
  expect(results.map(({ exceeded, kept }) => [exceeded.length, kept])).toEqual([
    [0, 3],
    [3, 0],
  ])
})

test('an arm’s label goes before its architecture', () => {
  const two = (report: Report): Report => {
    report.arms = report.arms.map((arm) => ({ ...arm, architecture: 'sharded' }))
    return report
  }
  const slower = two(named('a', { staged: 1.3, sharded: 1.3, seed: 2 }))
  const limits = [{ ...LIMIT, arm: 'sharded' }]
  const [result] = compare([two(named('a'))], [slower], limits, 'none').limits
  expect(result?.exceeded.map(({ arm }) => arm)).toEqual(['sharded', 'sharded', 'sharded'])
})

test('what says nothing is left open, with the reason', () => {
  const apart = compare([named('a')], [named('a', { load: 1.05, sharded: 2 })], [LIMIT]).limits[0]
  expect(apart).toMatchObject({ exceeded: [], kept: 0 })
  expect(apart?.open[0]).toEqual({
    scenario: 'a',
    load: '20%',
    arm: 'staged',
    why: 'its loads are 5.0 % apart',
  })
  const few = named('a', { sharded: 2 })
  for (const load of few.loads) load.sets = load.sets.slice(0, 2)
  expect(compare([named('a')], [few], [LIMIT]).limits[0]?.open[0]?.why).toBe(
    '6 and 2 trials are too few',
  )
})

test('a limit or a control that names no arm is refused', () => {
  expect(() => compare([named('a')], [named('a')], [{ ...LIMIT, arm: 'shraded' }])).toThrow(
    expect.objectContaining({ code: 'fail-if', cure: expect.stringContaining('staged, sharded') }),
  )
  expect(() => compare([named('a')], [named('a')], [], 'shraded')).toThrow(
    expect.objectContaining({ message: '--control shraded: there is no such arm' }),
  )
  const both = (report: Report): Report => {
    report.arms = report.arms.map((arm, index) => ({
      ...arm,
      label: `sharded#${index + 1}`,
      architecture: 'sharded',
    }))
    return report
  }
  expect(() => compare([both(named('a'))], [both(named('a'))], [], 'sharded')).toThrow(
    expect.objectContaining({
      message: '--control sharded: both arms are of this architecture',
    }),
  )
  expect(() =>
    compare([named('a')], [named('a')], [{ ...LIMIT, arm: 'staged' }], 'staged'),
  ).toThrow(expect.objectContaining({ code: 'fail-if' }))
})
