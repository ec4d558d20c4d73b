import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ownChange, relativeChange } from '../../harness/compare/figures.ts'
import type { Trial, TrialSet } from '../../harness/results/schema.ts'
import { gateOf, sampleTrial } from '../experiment/sample-trial.ts'

const LEVEL = 0.95

/** Latencies of staged and sharded; a negative one: requests were left, and the longest answered took so long. */
function pairsOf(latencies: readonly (readonly [number, number])[]): TrialSet[] {
  return latencies.map(([staged, sharded], index) => ({
    round: index,
    seed: index,
    traceHash: {},
    order: ['staged', 'sharded'],
    trials: { staged: trialOf(staged), sharded: trialOf(sharded) },
    discarded: [],
  }))
}

function trialOf(ns: number): Trial {
  const trial = sampleTrial({}, Math.abs(ns))
  const { percentiles } = trial
  return ns < 0
    ? { ...trial, percentiles: { ...percentiles, p99: { ns: 1e9, atLeast: true } } }
    : trial
}

const own = (before: TrialSet[], after: TrialSet[], arm = 'sharded') =>
  ownChange(before, after, arm, 'p99', LEVEL)
const relative = (before: TrialSet[], after: TrialSet[]) =>
  relativeChange(before, after, 'sharded', 'staged', 'p99', LEVEL)
const pairs = (staged: number, sharded: number) =>
  pairsOf(Array.from({ length: 6 }, (_, index) => [staged * (1 + index), sharded * (1 + index)]))

test('an arm’s own change is its new figures over its old ones', () => {
  const change = own(pairs(100, 10), pairs(100, 20))
  expect(change?.value).toBeCloseTo(2, 12)
  expect(change?.level).toBeCloseTo(0.9589, 4)
  expect(own(pairs(100, 10), pairs(100, 20), 'staged')?.value).toBeCloseTo(1, 12)
})

test('what a machine does to both arms is in the own change and not in the relative one', () => {
  const latency = fc.integer({ min: 1, max: 1_000_000 })
  const runs = fc.array(fc.tuple(latency, latency), { minLength: 4, maxLength: 8 })
  fc.assert(
    fc.property(runs, runs, fc.integer({ min: 2, max: 9 }), (before, after, drift) => {
      const [old, now] = [pairsOf(before), pairsOf(after)]
      const drifted = pairsOf(after.map(([a, b]) => [a * drift, b * drift]))
      expect(own(old, drifted)!.value / own(old, now)!.value).toBeCloseTo(drift, 6)
      expect(relative(old, drifted)!.value / relative(old, now)!.value).toBeCloseTo(1, 6)
    }),
  )
})

test('the runs may have different numbers of trials', () => {
  const change = own(pairs(100, 10).slice(2), pairs(100, 20))
  expect(change?.level).toBeGreaterThan(0.95)
})

test.each<
  [string, number, number, number, number, 'above' | 'below' | null, 'above' | 'below' | null]
>([
  ['by the new arm', 100, 10, 100, -30, 'above', 'above'],
  ['by the old arm', 100, -10, 100, 30, 'below', 'below'],
  ['by the new control', 100, 10, -100, 30, null, 'below'],
  ['by the old control', -100, 10, 100, 30, null, 'above'],
])('requests left unanswered %s open the interval', (_name, a, b, c, d, ownOpen, relativeOpen) => {
  const [before, after] = [pairs(a, b), pairs(c, d)]
  for (const [change, open] of [
    [own(before, after), ownOpen],
    [relative(before, after), relativeOpen],
  ] as const) {
    expect(change?.upper === Number.POSITIVE_INFINITY).toBe(open === 'above')
    expect(change?.lower === 0).toBe(open === 'below')
  }
})

test('latencies of an arm that keeps up in neither run are not compared; one that no longer does has changed', () => {
  const saturated = (sets: TrialSet[]): TrialSet[] =>
    sets.map((set) => ({
      ...set,
      trials: {
        ...set.trials,
        sharded: { ...set.trials['sharded']!, gates: [gateOf('completed', false)] },
      },
    }))
  const [before, after] = [pairs(100, 10), pairs(100, 30)]
  expect(own(saturated(before), saturated(after))).toBeNull()
  expect(relative(saturated(before), saturated(after))).toBeNull()
  expect(own(before, saturated(after))?.value).toBeCloseTo(3)
  const throughput = ownChange(
    saturated(before),
    saturated(after),
    'sharded',
    'achievedPerSecond',
    LEVEL,
  )
  expect(throughput?.value).toBe(1)
})

test('what is open on both sides is no change at all', () => {
  expect(own(pairs(100, -10), pairs(100, -30))).toBeNull()
  expect(relative(pairs(100, 10), pairs(-100, -30))).toBeNull()
  expect(relative(pairs(-100, 10), pairs(-100, 30))).toBeNull()
})

test('a trial without a figure takes its metric away', () => {
  expect(ownChange(pairs(1, 1), pairs(1, 1), 'staged', 'cpuPerRequest', LEVEL)).toBeNull()
  expect(ownChange(pairs(1, 1), pairs(1, 1), 'staged', 'achievedPerSecond', LEVEL)?.value).toBe(1)
})

test('an arm that was not measured has no change', () => {
  expect(own(pairs(1, 1), pairs(1, 1), 'other')).toBeNull()
})
